"""Administration of plans. What people entered or reported is read only: later entries replace, none is lost."""

from __future__ import annotations

from django.contrib import admin

from facilities.administration import LoggedAdmin, ReadOnlyAdmin
from plans.models import (
    BudgetLine,
    EnteredFigure,
    HistoricTotal,
    Objective,
    Plan,
    PlanIndicator,
    Target,
    Task,
    TaskAgency,
    TaskUpdate,
)


class ObjectiveInline(admin.TabularInline):
    model = Objective
    extra = 0


class BudgetLineInline(admin.TabularInline):
    model = BudgetLine
    extra = 0


@admin.register(Plan)
class PlanAdmin(LoggedAdmin):
    list_display = ["number", "short_title", "area", "issuer", "start_year", "end_year", "issued_on"]
    list_filter = ["start_year", "end_year"]
    list_select_related = ["area", "issuer"]
    search_fields = ["slug", "number", "title", "short_title"]
    autocomplete_fields = ["area", "issuer"]
    inlines = [ObjectiveInline, BudgetLineInline]


class TargetInline(admin.TabularInline):
    model = Target
    extra = 0


@admin.register(PlanIndicator)
class PlanIndicatorAdmin(LoggedAdmin):
    list_display = ["plan", "key", "label", "name", "indicator", "group", "unit", "direction"]
    list_display_links = ["key", "name"]
    list_filter = ["plan", "origin", "is_further", ("indicator", admin.EmptyFieldListFilter)]
    list_select_related = ["plan", "indicator", "group"]
    search_fields = ["key", "name", "indicator__code"]
    autocomplete_fields = ["plan", "parent", "indicator", "group"]
    inlines = [TargetInline]


class TaskAgencyInline(admin.TabularInline):
    model = TaskAgency
    extra = 0
    autocomplete_fields = ["agency"]


@admin.register(Task)
class TaskAdmin(LoggedAdmin):
    list_display = ["plan", "label", "content", "due_month", "status", "completed_on"]
    list_display_links = ["label", "content"]
    list_filter = ["plan", "status", "section"]
    list_select_related = ["plan"]
    search_fields = ["label", "content"]
    autocomplete_fields = ["plan", "refers_to"]
    inlines = [TaskAgencyInline]


@admin.register(EnteredFigure)
class EnteredFigureAdmin(ReadOnlyAdmin):
    list_display = ["line", "year", "kind", "value", "numerator", "denominator", "source", "at", "by"]
    list_filter = ["kind", "year", "line__plan"]
    list_select_related = ["line", "by"]
    search_fields = ["line__key", "line__name", "source"]


@admin.register(HistoricTotal)
class HistoricTotalAdmin(ReadOnlyAdmin):
    list_display = ["area", "indicator", "group", "year", "value", "numerator", "denominator", "source", "at"]
    list_filter = ["year", "indicator"]
    list_select_related = ["area", "indicator", "group"]
    search_fields = ["area__name", "indicator__code", "source"]


@admin.register(TaskUpdate)
class TaskUpdateAdmin(ReadOnlyAdmin):
    list_display = ["task", "status", "note", "at", "by"]
    list_filter = ["status", "task__plan"]
    list_select_related = ["task", "by"]
    search_fields = ["task__content", "note"]
