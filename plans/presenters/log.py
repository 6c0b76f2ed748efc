"""What the log says of plans and what stands in them: links, and which plan a thing is part of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import F, Model, Value
from django.urls import reverse

from facilities.log_hooks import Change, Tellings, Told, ids_of
from facilities.models import Area, AuditEvent, User
from facilities.permissions import Permission, areas_for
from indicators.small_numbers import sensitive_indicators
from plans.models import BudgetLine, HistoricTotal, Objective, Plan, PlanIndicator, Task

HISTORIC = "plans.historictotal"
FIGURES = frozenset({"value", "numerator", "denominator"})
# By type: the rows, the way to their plan, and what else names them in an address.
KINDS: dict[str, tuple[type[Model], str, str]] = {
    "plans.plan": (Plan, "", "slug"),
    "plans.planindicator": (PlanIndicator, "plan__", "key"),
    "plans.task": (Task, "plan__", "label"),
    "plans.objective": (Objective, "plan__", "label"),
    "plans.budgetline": (BudgetLine, "plan__", "plan__slug"),
}


def tell_plans(reader: User, events: Sequence[AuditEvent], leaves: bool) -> Tellings:
    """Pages of plans the reader may open. One query; two more each where a file tells old totals, entered figures."""
    found: Tellings = {}
    wanted = {kind: ids for kind in KINDS if (ids := ids_of(events, kind))}
    pages = _pages(reader, wanted) if wanted else {}
    for event in events:
        if page := pages.get((event.subject_type, event.subject_id)):
            found[event.pk] = page
    if leaves:
        for pk, told in (_historic(events) | _entered(events)).items():
            found[pk] = replace(found.get(pk, Told()), changes=told.changes, details=told.details)
    return found


def _pages(reader: User, wanted: dict[str, set[int]]) -> dict[tuple[str, str], Told]:
    """By type and id; things that are gone, and those of plans this reader may not open, are not among them."""
    covered = Area.objects.covered_by(areas_for(reader, Permission.VIEW_PLAN)).values("pk")
    parts = []
    for kind, ids in wanted.items():
        model, plan, key = KINDS[kind]
        mine = model.objects.filter(**{"pk__in": ids, f"{plan}area__in": covered}).order_by()
        parts.append(
            mine.annotate(
                of_kind=Value(kind), of_plan=F(f"{plan}slug"), of_key=F(key), of_name=F(f"{plan}short_title")
            ).values_list("of_kind", "pk", "of_plan", "of_key", "of_name")
        )
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {
        (kind, str(pk)): Told(_address(kind, slug, key, pk), within="" if kind == "plans.plan" else name)
        for kind, pk, slug, key, name in rows
    }


def _historic(events: Sequence[AuditEvent]) -> Tellings:
    """Historic totals in a file: without figures where their indicator counts what is sensitive, or is not known."""
    ids = ids_of(events, HISTORIC)
    if not ids:
        return {}
    sensitive = sensitive_indicators()
    plain = {
        str(pk)
        for pk, indicator in HistoricTotal.objects.filter(pk__in=ids).values_list("pk", "indicator")
        if indicator not in sensitive
    }
    return {
        event.pk: _without_figures(event)
        for event in events
        if event.subject_type == HISTORIC and event.subject_id not in plain
    }


def _entered(events: Sequence[AuditEvent]) -> Tellings:
    """Figures entered for a line, in a file: not of a line that counts what is sensitive, nor of one that is gone."""
    entered = [event for event in events if event.verb == "enter_figure"]
    ids = ids_of(entered, "plans.planindicator")
    if not ids:
        return {}
    sensitive = sensitive_indicators()
    lines = PlanIndicator.objects.filter(pk__in=ids).values_list("pk", "indicator")
    plain = {str(pk) for pk, indicator in lines if indicator not in sensitive}
    return {event.pk: _without_figures(event) for event in entered if event.subject_id not in plain}


def _without_figures(event: AuditEvent) -> Told:
    details = {key: value for key, value in event.details.items() if key not in FIGURES | {"changes"}}
    names = {field.name: str(field.verbose_name) for field in HistoricTotal._meta.fields}
    changes = event.details.get("changes", {})
    return Told(
        changes=tuple(Change(names.get(name, name), is_hidden=True) for name in changes), details=details
    )


def _address(kind: str, slug: str, key: str, pk: int) -> str:
    if kind == "plans.planindicator":
        return reverse("plans:line", args=[slug, key])
    if kind == "plans.task":
        return reverse("plans:task", args=[slug, pk])
    return reverse("plans:budget" if kind == "plans.budgetline" else "plans:scorecard", args=[slug])
