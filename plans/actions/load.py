"""Plan files into the database: everything or nothing, as often as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction

from facilities.actions.audit import record
from facilities.models import User
from plans.actions.load_lines import store_lines
from plans.actions.load_tasks import store_tasks
from plans.actions.references import References, resolve
from plans.files import InvalidFile, PlanFile, Problem, read_plan
from plans.models import BudgetLine, Objective, Plan, ReportDuty, Task

DUTY_FIELDS = ("recipient", "through", "period", "text")
DAY_FIELDS = ("due", "month", "day", "years_after")


@transaction.atomic
def load_plans(*, paths: Sequence[Path], by: User | None = None) -> list[Plan]:
    """Create or update one plan a file, all of them or none. Raises InvalidFile with every problem.

    What people entered afterwards stays: figures, task updates, money spent. A line or task that has
    such entries can not be dropped from a file.
    """
    files = _read(paths)
    problems: list[Problem] = []
    plans = []
    for path, file in zip(paths, files, strict=True):
        found = resolve(file)
        refused = found.missing
        if not refused:
            plan, refused = _store(file, found)
            plans.append(plan)
            record(by=by, verb="load", subject=plan, area=plan.area, file=path.name)
        problems += [Problem(path.name, 0, "", message) for message in refused]
    if problems:
        raise InvalidFile(problems)
    for file in files:
        _link_tasks(file)
    return plans


def _read(paths: Sequence[Path]) -> list[PlanFile]:
    files, problems = [], []
    for path in paths:
        try:
            files.append(read_plan(path))
        except InvalidFile as error:
            problems += error.problems
    slugs = [file.slug for file in files]
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        problems.append(Problem(slug, 0, "slug", "hai tệp cùng định danh"))
    if problems:
        raise InvalidFile(problems)
    return files


def _store(file: PlanFile, found: References) -> tuple[Plan, list[str]]:
    """Store one plan; the second value names what the file may not drop."""
    plan, _created = Plan.objects.update_or_create(slug=file.slug, defaults=_plan_fields(file, found))
    objectives = _store_objectives(plan, file)
    refused = store_lines(plan, file.lines, objectives=objectives, found=found)
    refused += store_tasks(plan, file.tasks, found.agencies)
    plan.objectives.exclude(label__in=objectives).delete()
    _store_budget(plan, file)
    _store_duties(plan, file)
    return plan, refused


def _plan_fields(file: PlanFile, found: References) -> dict[str, Any]:
    return {
        "number": file.number,
        "title": file.title,
        "short_title": file.short_title,
        "issuer": found.agencies[file.issuer],
        "area": found.area,
        "issued_on": file.issued_on,
        "start_year": file.start_year,
        "end_year": file.end_year,
        "baseline_year": file.baseline_year,
        "legal_bases": list(file.legal_bases),
        "report_due": file.report_due,
        "report_text": file.report_text,
        "sections": [{"heading": heading, "text": text} for heading, text in file.sections],
        "warnings": list(file.warnings),
    }


def update_changed(row: models.Model, fields: dict[str, Any]) -> None:
    """Save the fields that differ, and nothing where none does."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, fields[name])
        row.save(update_fields=changed)


def _store_objectives(plan: Plan, file: PlanFile) -> dict[str, Objective]:
    return {
        entry.label: Objective.objects.update_or_create(
            plan=plan, label=entry.label, defaults={"order": order, "title": entry.title}
        )[0]
        for order, entry in enumerate(file.objectives, start=1)
    }


def _store_budget(plan: Plan, file: PlanFile) -> None:
    """Keep what was spent of a line that stays, and a line the file dropped but money was spent of."""
    for entry in file.budget:
        BudgetLine.objects.update_or_create(
            plan=plan,
            year=entry.year,
            source=entry.source,
            defaults={"amount": entry.amount, "currency": entry.currency, "words": entry.words},
        )
    kept = {(entry.year, entry.source) for entry in file.budget}
    for line in plan.budget_lines.filter(spent__isnull=True):
        if (line.year, line.source) not in kept:
            line.delete()


def _store_duties(plan: Plan, file: PlanFile) -> None:
    """The yearly day a planner set stays, whatever the file names; one the file named before and no longer does goes.

    A duty the file drops goes with what it made due, unless somebody ticked a report of it off: that is kept.
    """
    for entry in file.duties:
        known = ReportDuty.objects.filter(plan=plan, key=entry.key).first()
        fields = {name: getattr(entry, name) for name in DUTY_FIELDS} | {"reporters": list(entry.reporters)}
        if known is None or known.set_at is None:
            fields |= {name: getattr(entry, name) for name in DAY_FIELDS}
        if known:
            update_changed(known, fields)
        else:
            ReportDuty.objects.create(plan=plan, key=entry.key, **fields)
    dropped = plan.report_duties.exclude(key__in=[entry.key for entry in file.duties])
    dropped.exclude(pk__in=dropped.filter(expected__received_on__isnull=False).values("pk")).delete()


def _link_tasks(file: PlanFile) -> None:
    """A task may *be* another plan; link it once that plan is there, whichever was loaded first."""
    wanted = {(task.section, task.label): task.refers_to for task in file.tasks if task.refers_to}
    plans = {plan.slug: plan for plan in Plan.objects.filter(slug__in=wanted.values())}
    for task in Task.objects.filter(plan__slug=file.slug):
        update_changed(task, {"refers_to": plans.get(wanted.get((task.section, task.label), ""))})
