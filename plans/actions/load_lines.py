"""Lines and targets of a plan file into the database, keeping what was entered for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plans.actions.references import References
from plans.files import LineEntry, TargetEntry
from plans.models import Objective, Plan, PlanIndicator, Target


def store_lines(
    plan: Plan, entries: Sequence[LineEntry], *, objectives: dict[str, Objective], found: References
) -> list[str]:
    """Create or update the lines in the order of the file; return why a line may not be dropped."""
    existing = {line.key: line for line in plan.lines.prefetch_related("targets")}
    stored: dict[str, PlanIndicator] = {}
    for order, entry in enumerate(entries, start=1):
        fields = _fields(entry, order, found)
        fields |= {"objective": objectives[entry.objective], "parent": stored.get(entry.parent)}
        line = existing.get(entry.key)
        if line is None:
            line = PlanIndicator.objects.create(plan=plan, key=entry.key, **fields)
            before: list[tuple] = []
        else:
            before = [_values(target) for target in line.targets.all()]
            _update(line, fields)
        targets = [target for year in entry.targets for target in targets_of(line, year)]
        if before != [_values(target) for target in targets]:
            line.targets.all().delete()
            Target.objects.bulk_create(targets)
        stored[entry.key] = line
    return _drop([line for key, line in existing.items() if key not in stored])


def targets_of(line: PlanIndicator, entry: TargetEntry) -> list[Target]:
    """One row a meaning, the level before the change, as the database orders them."""
    meanings = sorted(entry.meanings, key=lambda meaning: meaning.kind, reverse=True)
    return [
        Target(
            line=line,
            year=entry.year,
            text=entry.text,
            kind=meaning.kind,
            operator=meaning.operator or "",
            value=meaning.value,
            upper=meaning.upper,
            is_signed=meaning.signed,
            is_ambiguous=meaning.ambiguous,
        )
        for meaning in meanings
    ]


def _values(target: Target) -> tuple:
    return (
        target.year,
        target.text,
        target.kind,
        target.operator,
        target.value,
        target.upper,
        target.is_signed,
        target.is_ambiguous,
    )


def _fields(entry: LineEntry, order: int, found: References) -> dict[str, Any]:
    meaning = entry.baseline.meaning if entry.baseline else None
    return {
        "order": order,
        "label": entry.label,
        "name": entry.name,
        "original_text": entry.original,
        "indicator": found.indicators.get(entry.indicator),
        "group": found.groups.get(entry.group),
        "group_text": entry.group,
        "unit": entry.unit,
        "direction": entry.direction,
        "decimals": entry.decimals,
        "tolerance": entry.tolerance,
        "origin": entry.origin,
        "is_further": entry.is_further,
        "body_text": entry.body_text,
        "has_baseline": entry.baseline is not None,
        "baseline_text": entry.baseline.text if entry.baseline else "",
        "baseline_operator": (meaning.operator or "") if meaning else "",
        "baseline_value": meaning.value if meaning else None,
        "baseline_kind": meaning.kind if meaning else "",
    }


def _update(line: PlanIndicator, fields: dict[str, Any]) -> None:
    changed = [name for name, value in fields.items() if getattr(line, name) != value]
    if changed:
        for name in changed:
            setattr(line, name, fields[name])
        line.save(update_fields=changed)


def _drop(lines: Sequence[PlanIndicator]) -> list[str]:
    refused = [
        f"dòng “{line.key}” đã có số liệu nhập nên không thể bỏ khỏi kế hoạch"
        for line in lines
        if line.entered_figures.exists()
    ]
    refused += [
        f"chỉ tiêu của dòng “{line.key}” đã được phân bổ nên không thể bỏ khỏi kế hoạch"
        for line in lines
        if line.allocation_versions.exists()
    ]
    if not refused:
        PlanIndicator.objects.filter(pk__in=[line.pk for line in lines]).delete()
    return refused
