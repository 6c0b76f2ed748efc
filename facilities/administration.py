"""What the administration pages of every app have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest

from facilities.actions.audit import place_of, record


class LoggedAdmin(admin.ModelAdmin):
    """Every act also stands in the portal's own log; `after_change` derives what follows from it."""

    def after_change(self, objects: Iterable[models.Model]) -> None:
        """Called in the transaction of the change, with its related rows written; the base does nothing."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseInlineFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            self.after_change([form.instance])

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)
        self.after_change([])

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)
        self.after_change([])

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        record(by=request.user, verb="admin_add", subject=obj, area=place_of(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        record(by=request.user, verb="admin_change", subject=obj, area=place_of(obj), changes=message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        for obj in queryset:
            record(by=request.user, verb="admin_delete", subject=obj, area=place_of(obj))
        return super().log_deletions(request, queryset)


class ReadOnly:
    """What came in, was derived or was logged is looked at here, never changed."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    show_full_result_count = False
