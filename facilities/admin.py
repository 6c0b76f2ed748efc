"""Administration of places and people. Facilities are registered in `indicators.admin`, which knows duties."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import hold_places, refresh_coverage
from facilities.administration import LoggedAdmin, ReadOnlyAdmin
from facilities.decided_days import forget
from facilities.log_words import VERBS
from facilities.models import (
    Agency,
    Area,
    Assignment,
    AuditEvent,
    DecidedDay,
    Notice,
    Succession,
    User,
)
from facilities.presenters.log_details import kind_words

admin.site.site_header = admin.site.site_title = _("Quản trị cổng chỉ tiêu y tế")
admin.site.index_title = _("Quản trị")


class AreaForm(ModelForm):
    traits = forms.MultipleChoiceField(
        label=_("Đặc điểm"), choices=Area.Trait.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class BoundaryAdmin(LoggedAdmin):
    """Areas and successions: changed by one at a time, like reforms; what lies where is derived again."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        hold_places()
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        hold_places()
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        hold_places()
        super().delete_queryset(request, queryset)

    def after_change(self, objects: Iterable[models.Model]) -> None:
        refresh_coverage()
        refresh_contributions()


@admin.register(Area)
class AreaAdmin(BoundaryAdmin):
    form = AreaForm
    list_display = ["code", "name", "level", "parent", "valid_from", "valid_to"]
    list_filter = ["level", "is_urban", ("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["code", "name", "folded_name"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["is_urban"]


@admin.register(Succession)
class SuccessionAdmin(BoundaryAdmin):
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


@admin.register(Agency)
class AgencyAdmin(LoggedAdmin):
    list_display = ["name", "short_name", "area", "superior", "valid_from", "valid_to", "successor"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["area", "successor"]
    search_fields = ["name", "short_name", "area__folded_name"]
    autocomplete_fields = ["area", "successor"]


@admin.register(DecidedDay)
class DecidedDayAdmin(LoggedAdmin):
    list_display = ["date", "is_off", "legal_basis"]
    list_filter = ["is_off"]
    search_fields = ["legal_basis"]
    date_hierarchy = "date"

    def after_change(self, objects: Iterable[models.Model]) -> None:
        transaction.on_commit(forget)


class AssignmentForm(ModelForm):
    def clean_area(self) -> Area | None:
        """The area stays until the role is stored: who undoes the reform that began it waits, and finds the role."""
        area = self.cleaned_data["area"]
        if area is not None and not Area.objects.select_for_update(no_key=True).filter(pk=area.pk):
            raise ValidationError(_("Địa bàn này không còn: lần sắp xếp lập ra nó vừa được hoàn tác."))
        return area


class AssignmentInline(admin.TabularInline):
    model = Assignment
    form = AssignmentForm
    extra = 0
    autocomplete_fields = ["area", "facility", "agency"]


@admin.register(User)
class PersonAdmin(LoggedAdmin, UserAdmin):
    list_display = ["username", "full_name", "job_title", "roles", "is_active", "last_login"]
    list_filter = ["assignments__role", "is_active", "is_staff"]
    search_fields = ["username", "last_name", "first_name", "job_title"]
    fieldsets = [
        *UserAdmin.fieldsets,
        (_("Công việc"), {"fields": ["job_title"]}),
        (_("Thông báo và thư"), {"fields": ["language", "wants_reminders", "wants_digest"]}),
    ]
    inlines = [AssignmentInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return super().get_queryset(request).prefetch_related("assignments")

    @admin.display(description=_("họ tên"))
    def full_name(self, person: User) -> str:
        return person.display_name

    @admin.display(description=_("vai trò"))
    def roles(self, person: User) -> str:
        return ", ".join(str(held.get_role_display()) for held in person.assignments.all())


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The rows as they are stored; the page of the log tells them in words, with filters."""

    list_display = ["at", "who", "deed", "subject", "kind"]
    search_fields = ["actor", "subject"]
    date_hierarchy = "at"

    @admin.display(description=_("người thực hiện"), ordering="actor")
    def who(self, event: AuditEvent) -> str:
        return event.actor_name

    @admin.display(description=_("việc"), ordering="verb")
    def deed(self, event: AuditEvent) -> str:
        return str(VERBS.get(event.verb, event.verb))

    @admin.display(description=_("loại đối tượng"), ordering="subject_type")
    def kind(self, event: AuditEvent) -> str:
        return kind_words(event.subject_type)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What was told to whom, and which mails could not be sent."""

    list_display = ["at", "user", "title", "mail", "mail_attempts", "mail_at", "read_at"]
    list_filter = ["mail", "kind"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "title"]
    date_hierarchy = "at"
