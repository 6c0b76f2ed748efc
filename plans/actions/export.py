"""A plan as other programs read it (`export_plan`)."""

from __future__ import annotations

from typing import Any

from plans.exchange import iso, month_text, plain
from plans.models import Plan, PlanIndicator, Target, Task, TaskAgency


def export_plan(plan: Plan) -> dict[str, Any]:
    """The whole plan as plain data, in a fixed number of queries.

    `indicators` are the quantitative lines; `further_indicators` what stands only in the body, and
    qualitative outputs, in the same shape.
    """
    lines = list(plan.lines.select_related("objective", "parent", "indicator").prefetch_related("targets"))
    return {
        "slug": plan.slug,
        "number": plan.number,
        "title": plan.title,
        "issuer": plan.issuer.name,
        "area": plan.area.key,
        "issued_on": iso(plan.issued_on),
        "start_year": plan.start_year,
        "end_year": plan.end_year,
        "baseline_year": plan.baseline_year,
        "legal_bases": plan.legal_bases,
        "objectives": [{"label": o.label, "title": o.title} for o in plan.objectives.all()],
        "indicators": [_line(line, plan) for line in lines if not line.is_further],
        "further_indicators": [_line(line, plan) for line in lines if line.is_further],
        "tasks": [_task(task) for task in plan.tasks.prefetch_related("parts__agency")],
        "budget": [
            {
                "year": line.year,
                "amount": plain(line.amount),
                "currency": line.currency,
                "source": line.source,
            }
            for line in plan.budget_lines.all()
        ],
    }


def _line(line: PlanIndicator, plan: Plan) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "direction": line.direction,
        "objective": line.objective.label,
        "parent": line.parent.key if line.parent else None,
        "name": line.name,
        "indicator": line.indicator.code if line.indicator else None,
        "group": line.group_text or None,
        "unit": line.unit,
        "origin": line.origin,
        "baseline": _baseline(line, plan) if line.has_baseline else None,
        "targets": [_target(target) for target in line.targets.all()],
    }


def _baseline(line: PlanIndicator, plan: Plan) -> dict[str, Any]:
    return {
        "year": plan.baseline_year,
        "text": line.baseline_text,
        "operator": line.baseline_operator or None,
        "value": plain(line.baseline_value),
        "kind": line.baseline_kind or None,
    }


def _target(target: Target) -> dict[str, Any]:
    """A target nobody has decided yet says so; its meaning is then only the likelier reading."""
    exported = {
        "year": target.year,
        "text": target.text,
        "operator": target.operator or None,
        "value": plain(target.value),
        "upper": plain(target.upper),
        "kind": target.kind,
    }
    return exported | {"ambiguous": True} if target.is_ambiguous else exported


def _task(task: Task) -> dict[str, Any]:
    parts = list(task.parts.all())
    return {
        "label": task.label,
        "section": task.section,
        "content": task.content,
        "lead": [part.agency.name for part in parts if part.part == TaskAgency.Part.LEAD],
        "partners": [part.agency.name for part in parts if part.part == TaskAgency.Part.PARTNER],
        "due": month_text(task.due_month),
        "output": task.output,
        "note": task.note,
    }
