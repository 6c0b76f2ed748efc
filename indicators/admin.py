"""Administration of definitions, in place of editing files; figures and results are read only."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import hold_places
from facilities.administration import LoggedAdmin, ReadOnly, ReadOnlyAdmin
from facilities.models import Facility, Placement
from indicators.actions.duties import mark_computed_months, refresh_duties
from indicators.models import (
    ComputedMonth,
    DataElement,
    DataValue,
    DataValueChange,
    Form,
    FormItem,
    FormSection,
    Group,
    Indicator,
    MonthlyResult,
    Rule,
    Submission,
    Term,
)


class PlacementInline(admin.TabularInline):
    model = Placement
    fk_name = "facility"
    extra = 0
    autocomplete_fields = ["area", "main_station"]


@admin.register(Facility)
class FacilityAdmin(LoggedAdmin):
    """Stands here and not beside the places: a change of life or place changes what is owed."""

    list_display = ["code", "name", "type", "ownership", "opened", "closed", "consolidated_from"]
    list_filter = ["type", "ownership", ("closed", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name", "folded_name"]
    inlines = [PlacementInline]

    def save_model(self, request: HttpRequest, obj: Facility, form: ModelForm, change: bool) -> None:
        # Before the facility's row is locked: a reform holds the places first, then the facilities.
        hold_places()
        super().save_model(request, obj, form, change)

    def after_change(self, objects: Iterable[models.Model]) -> None:
        facilities = list(objects)
        refresh_contributions(facilities)
        # A main station left behind owes again: derive them all.
        refresh_duties()

    def has_delete_permission(self, request: HttpRequest, obj: Facility | None = None) -> bool:
        """A facility closes; deleting it would take its months out of every result."""
        return False


@admin.register(DataElement)
class DataElementAdmin(LoggedAdmin):
    list_display = ["code", "name", "is_yearly", "is_sensitive", "source"]
    list_filter = ["is_yearly", "is_sensitive"]
    search_fields = ["code", "name", "name_en"]


@admin.register(Group)
class GroupAdmin(LoggedAdmin):
    list_display = ["code", "name", "kind", "trait"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]


class KeepsFigures(BaseInlineFormSet):
    """A cell that holds figures is neither removed from its form nor turned into another cell."""

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            gone = form in self.deleted_forms
            if (gone or {"element", "group"} & set(form.changed_data)) and self._holds_figures(form.initial):
                raise ValidationError(
                    _("Ô %(cell)s đã có số liệu nên không bỏ, không đổi được. Hãy lập phiên bản biểu mới."),
                    params={"cell": form.instance.column},
                )

    def _holds_figures(self, cell: dict[str, int]) -> bool:
        return DataValue.objects.filter(
            submission__form=self.instance, element=cell["element"], group=cell["group"]
        ).exists()


class KeepsItems(BaseInlineFormSet):
    """A section goes only when its cells went before it: they would silently go with it."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.items.exists():
                raise ValidationError(
                    _("Phần “%(title)s” còn ô; chuyển hoặc bỏ các ô trước."),
                    params={"title": form.instance.title},
                )


class SectionInline(admin.TabularInline):
    model = FormSection
    formset = KeepsItems
    extra = 0


class ItemInline(admin.TabularInline):
    model = FormItem
    formset = KeepsFigures
    extra = 0
    autocomplete_fields = ["element", "group"]
    fields = ["section", "order", "column", "element", "group", "name", "name_en"]


@admin.register(Form)
class FormAdmin(LoggedAdmin):
    list_display = ["code", "name", "valid_from", "valid_to", "periodicity", "basis", "legal_basis"]
    list_filter = ["periodicity", "basis", ("valid_to", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name", "legal_basis"]
    inlines = [SectionInline, ItemInline]

    def after_change(self, objects: Iterable[models.Model]) -> None:
        refresh_duties()
        mark_computed_months()


@admin.register(Rule)
class RuleAdmin(LoggedAdmin):
    list_display = ["code", "form_code", "expression", "scope", "valid_from", "valid_to"]
    list_filter = ["form_code", "scope"]
    search_fields = ["code", "expression", "message"]


class TermInline(admin.TabularInline):
    model = Term
    extra = 0
    autocomplete_fields = ["element", "group"]


@admin.register(Indicator)
class IndicatorAdmin(LoggedAdmin):
    list_display = ["code", "name", "unit", "direction", "timing", "basis", "interval"]
    list_filter = ["timing", "basis", "direction"]
    search_fields = ["code", "official_code", "name", "name_en"]
    inlines = [TermInline]

    def after_change(self, objects: Iterable[models.Model]) -> None:
        mark_computed_months()


class ValueInline(ReadOnly, admin.TabularInline):
    model = DataValue
    extra = 0
    fields = ["element", "group", "value", "no_data", "version"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[DataValue]:
        return super().get_queryset(request).select_related("element", "group")


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["period", "facility", "form", "status", "version", "submitted_at", "decided_at"]
    list_filter = ["status", "form"]
    list_select_related = ["facility", "form"]
    search_fields = ["facility__code", "facility__folded_name"]
    date_hierarchy = "period"
    inlines = [ValueInline]


@admin.register(DataValueChange)
class DataValueChangeAdmin(ReadOnlyAdmin):
    list_display = [
        "at",
        "submission",
        "element",
        "group",
        "old_value",
        "new_value",
        "by",
        "source",
        "reason",
    ]
    list_filter = ["source", "at"]
    list_select_related = ["submission__facility", "submission__form", "element", "group", "by"]
    search_fields = ["submission__facility__code", "element__code"]


@admin.register(MonthlyResult)
class MonthlyResultAdmin(ReadOnlyAdmin):
    """No date hierarchy: it would read every row of the largest table (2 s at a million)."""

    list_display = [
        "month", "area", "indicator", "group", "numerator", "denominator", "reported", "expected", "exactness",
    ]  # fmt: skip
    list_filter = ["area__level", "month"]
    list_select_related = ["area", "indicator", "group"]
    search_fields = ["area__code", "area__folded_name", "indicator__code"]


@admin.register(ComputedMonth)
class ComputedMonthAdmin(ReadOnlyAdmin):
    list_display = ["month", "computed_at"]
