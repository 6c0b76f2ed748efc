"""Administration of places and people. Facilities are registered in `indicators.admin`, which knows duties."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import refresh_coverage
from facilities.administration import LoggedAdmin, ReadOnlyAdmin
from facilities.models import (
    Agency,
    Area,
    Assignment,
    AuditEvent,
    Succession,
    User,
)


class AreaForm(ModelForm):
    traits = forms.MultipleChoiceField(
        label=_("Đặc điểm"), choices=Area.Trait.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


@admin.register(Area)
class AreaAdmin(LoggedAdmin):
    form = AreaForm
    list_display = ["code", "name", "level", "parent", "valid_from", "valid_to"]
    list_filter = ["level", "is_urban", ("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["code", "name", "folded_name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["is_urban"]

    def after_change(self, objects: Iterable[models.Model]) -> None:
        refresh_coverage()
        refresh_contributions()


@admin.register(Succession)
class SuccessionAdmin(LoggedAdmin):
    list_display = ["date", "predecessor", "successor", "share", "is_main", "share_source"]
    list_filter = ["date", "is_main", ("share", admin.EmptyFieldListFilter)]
    list_select_related = ["predecessor", "successor"]
    search_fields = [
        "predecessor__folded_name",
        "successor__folded_name",
        "predecessor__code",
        "successor__code",
    ]
    autocomplete_fields = ["predecessor", "successor"]

    def after_change(self, objects: Iterable[models.Model]) -> None:
        refresh_coverage()
        refresh_contributions()


@admin.register(Agency)
class AgencyAdmin(LoggedAdmin):
    list_display = ["name", "short_name", "area", "superior", "valid_from", "valid_to", "successor"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["area", "successor"]
    search_fields = ["name", "short_name", "area__folded_name"]
    autocomplete_fields = ["area", "successor"]


class AssignmentInline(admin.TabularInline):
    model = Assignment
    extra = 0
    autocomplete_fields = ["area", "facility", "agency"]


@admin.register(User)
class PersonAdmin(LoggedAdmin, UserAdmin):
    list_display = ["username", "display_name", "job_title", "roles", "is_active", "last_login"]
    list_filter = ["assignments__role", "is_active", "is_staff"]
    search_fields = ["username", "last_name", "first_name", "job_title"]
    fieldsets = [*UserAdmin.fieldsets, (_("Công việc"), {"fields": ["job_title"]})]
    inlines = [AssignmentInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return super().get_queryset(request).prefetch_related("assignments")

    @admin.display(description=_("vai trò"))
    def roles(self, person: User) -> str:
        return ", ".join(str(held.get_role_display()) for held in person.assignments.all())


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "verb", "subject", "subject_type"]
    list_filter = ["verb", "subject_type"]
    search_fields = ["actor", "subject"]
    date_hierarchy = "at"
