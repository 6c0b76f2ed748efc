"""Entered figures from a CSV file: the whole file is checked first, dry unless committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from indicators.figure_file import Rejected, Report, Row, read_rows
from plans.actions.entered import problems_of
from plans.actions.import_rows import read_number, read_year
from plans.actions.import_rows import rejected as rejected_row
from plans.models import EnteredFigure, Plan, PlanIndicator

COLUMNS = ("plan", "line", "year", "kind", "value", "numerator", "denominator", "source")
VERDICTS = {"đạt": Decimal(1), "met": Decimal(1), "không đạt": Decimal(0), "not_met": Decimal(0)}

Key = tuple[int, int, str]


@transaction.atomic
def import_entered(*, content: bytes, commit: bool, by: User | None = None) -> Report:
    """Add the good rows of a CSV; without `commit` only count them.

    A row equal to what the line already says is stored without a second entry, so a file may be imported
    again. Raises UnreadableFile, PermissionDenied.
    """
    rows = read_rows(content, COLUMNS)
    lines = _lines(rows)
    newest = _newest(lines.values())
    seen: set[Key] = set()
    accepted: list[EnteredFigure] = []
    rejected: list[Rejected] = []
    now = timezone.now()
    for row in rows:
        figure, problems = _figure(row, lines)
        key = (figure.line_id, figure.year, figure.kind) if figure else None
        if key in seen:
            problems["line"] = _("Dòng, năm và loại này đã có ở hàng trước trong tệp.")
        if problems or figure is None or key is None:
            rejected.append(rejected_row(row.number, problems, COLUMNS))
            continue
        seen.add(key)
        if not _same(figure, newest.get(key)):
            figure.at, figure.by = now, by
            accepted.append(figure)
    if commit:
        _store(accepted, by)
    return Report(len(rows), len(rows) - len(rejected), tuple(rejected))


def _lines(rows: Iterable[Row]) -> dict[tuple[str, str], PlanIndicator]:
    slugs = {row.texts["plan"] for row in rows if row.texts}
    lines = PlanIndicator.objects.filter(plan__slug__in=slugs).select_related("plan__area", "indicator")
    return {(line.plan.slug, line.key): line for line in lines.prefetch_related("targets")}


def _newest(lines: Iterable[PlanIndicator]) -> dict[Key, EnteredFigure]:
    figures = EnteredFigure.objects.filter(line__plan__in={line.plan for line in lines})
    return {(figure.line_id, figure.year, figure.kind): figure for figure in figures.order_by("at", "id")}


def _figure(
    row: Row, lines: dict[tuple[str, str], PlanIndicator]
) -> tuple[EnteredFigure | None, dict[str, str]]:
    """One row as an unsaved figure, with what is wrong by column."""
    text = row.texts
    if text is None:
        return None, {"": _("Hàng không đủ hoặc thừa cột.")}
    problems: dict[str, str] = {}
    line = lines.get((text["plan"], text["line"]))
    if line is None:
        known = any(slug == text["plan"] for slug, _key in lines)
        problems["line" if known else "plan"] = (
            _("Không có dòng này.") if known else _("Không có kế hoạch này.")
        )
    if text["kind"] not in EnteredFigure.Kind.values:
        problems["kind"] = _("Loại là actual, estimate hoặc verdict.")
    year = read_year(text, problems)
    numbers = {name: _number(text, name, problems) for name in ("value", "numerator", "denominator")}
    if problems:
        return None, problems
    figure = EnteredFigure(line=line, year=year, kind=text["kind"], source=text["source"], **numbers)
    return figure, problems_of(figure)


def _number(text: dict[str, str], name: str, problems: dict[str, str]) -> Decimal | None:
    typed = text[name].lower()
    if name == "value" and text["kind"] == EnteredFigure.Kind.VERDICT and typed in VERDICTS:
        return VERDICTS[typed]
    return read_number(text, name, problems)


def _same(figure: EnteredFigure, other: EnteredFigure | None) -> bool:
    fields = ("value", "numerator", "denominator", "source")
    return other is not None and all(getattr(figure, name) == getattr(other, name) for name in fields)


def _store(figures: list[EnteredFigure], by: User | None) -> None:
    per_plan: dict[Plan, list[EnteredFigure]] = defaultdict(list)
    for figure in figures:
        per_plan[figure.line.plan].append(figure)
    for plan, own in per_plan.items():
        if by:
            require(by, Permission.ENTER_FIGURE, plan.area)
        EnteredFigure.objects.bulk_create(own)
        record(by=by, verb="import_entered", subject=plan, area=plan.area, figures=len(own))
