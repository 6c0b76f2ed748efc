"""Entered figures from a CSV file: the whole file is checked first, dry unless committed."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.numbers import AmbiguousNumber, NotANumber, parse_number
from facilities.permissions import Permission, require
from plans.actions.entered import problems_of
from plans.models import EnteredFigure, Plan, PlanIndicator

COLUMNS = ("plan", "line", "year", "kind", "value", "numerator", "denominator", "source")
VERDICTS = {"đạt": Decimal(1), "met": Decimal(1), "không đạt": Decimal(0), "not_met": Decimal(0)}

Key = tuple[int, int, str]


class UnreadableFile(Exception):
    """The file is no CSV of the agreed columns; nothing of it was read."""


@dataclass
class Outcome:
    """rows = stored + rejected. `rejected`: one entry a row; the header is row 1."""

    rows: int = 0
    stored: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return {"rows": self.rows, "stored": self.stored, "rejected": self.rejected}


@transaction.atomic
def import_entered(*, path: Path, commit: bool, by: User | None = None) -> Outcome:
    """Add the good rows of the file; without `commit` only count them.

    A row equal to what the line already says is stored without a second entry, so a file may be imported
    again. Raises UnreadableFile, PermissionDenied.
    """
    rows = _read(path)
    outcome = Outcome(rows=len(rows))
    lines = _lines(rows)
    newest = _newest(lines.values())
    seen: set[Key] = set()
    accepted: list[EnteredFigure] = []
    now = timezone.now()
    for number, row in rows:
        figure, problems = _figure(row, lines)
        if figure:
            key = (figure.line_id, figure.year, figure.kind)
            if key in seen:
                problems["line"] = _("Dòng, năm và loại này đã có ở hàng trước trong tệp.")
            seen.add(key)
        if problems or figure is None:
            outcome.rejected.append(_rejected(number, problems))
            continue
        figure.at, figure.by = now, by
        outcome.stored += 1
        if not _same(figure, newest.get(key)):
            accepted.append(figure)
    if commit:
        _store(accepted, by)
    return outcome


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = [(name or "").strip() for name in reader.fieldnames or ()]
            if sorted(header) != sorted(COLUMNS):
                raise UnreadableFile(_("Dòng đầu của tệp phải là: %s") % ",".join(COLUMNS))
            reader.fieldnames = header
            return [(number, row) for number, row in enumerate(reader, start=2)]
    except OSError as error:
        raise UnreadableFile(_("Không đọc được tệp %s.") % path) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("Tệp không phải UTF-8.")) from error
    except csv.Error as error:
        raise UnreadableFile(_("Tệp không phải CSV: %s") % error) from error


def _lines(rows: Iterable[tuple[int, dict[str, str]]]) -> dict[tuple[str, str], PlanIndicator]:
    slugs = {(row.get("plan") or "").strip() for _number, row in rows}
    lines = PlanIndicator.objects.filter(plan__slug__in=slugs).select_related("plan__area")
    return {(line.plan.slug, line.key): line for line in lines.prefetch_related("targets")}


def _newest(lines: Iterable[PlanIndicator]) -> dict[Key, EnteredFigure]:
    figures = EnteredFigure.objects.filter(line__plan__in={line.plan for line in lines})
    return {(figure.line_id, figure.year, figure.kind): figure for figure in figures.order_by("at", "id")}


def _figure(
    row: dict[str, str], lines: dict[tuple[str, str], PlanIndicator]
) -> tuple[EnteredFigure | None, dict[str, str]]:
    """One row as an unsaved figure, with what is wrong by column."""
    text = {name: (row.get(name) or "").strip() for name in COLUMNS}
    problems: dict[str, str] = {}
    if None in row or None in row.values():
        problems["plan"] = _("Hàng không đủ hoặc thừa cột.")
    line = lines.get((text["plan"], text["line"]))
    if line is None:
        known = any(slug == text["plan"] for slug, _key in lines)
        problems["line" if known else "plan"] = (
            _("Không có dòng này.") if known else _("Không có kế hoạch này.")
        )
    if text["kind"] not in EnteredFigure.Kind.values:
        problems["kind"] = _("Loại là actual, estimate hoặc verdict.")
    if not (text["year"].isascii() and text["year"].isdigit() and len(text["year"]) == 4):
        problems["year"] = _("Năm gồm bốn chữ số.")
    numbers = {name: _number(text, name, problems) for name in ("value", "numerator", "denominator")}
    if problems:
        return None, problems
    figure = EnteredFigure(
        line=line, year=int(text["year"]), kind=text["kind"], source=text["source"], **numbers
    )
    return figure, problems_of(figure)


def _number(text: dict[str, str], name: str, problems: dict[str, str]) -> Decimal | None:
    typed = text[name]
    if name == "value" and text["kind"] == EnteredFigure.Kind.VERDICT and typed.lower() in VERDICTS:
        return VERDICTS[typed.lower()]
    if not typed:
        return None
    try:
        return parse_number(typed)
    except AmbiguousNumber as error:
        readings = {"text": typed, "one": error.thousands, "other": error.decimal}
        problems[name] = _("“%(text)s” có thể là %(one)s hoặc %(other)s; hãy viết rõ.") % readings
    except NotANumber:
        problems[name] = _("“%s” không phải là số.") % typed
    return None


def _rejected(number: int, problems: dict[str, str]) -> dict[str, Any]:
    """The first bad column; the reason names the others too."""
    columns = [name for name in COLUMNS if name in problems]
    reasons = [problems[columns[0]], *(f"{name}: {problems[name]}" for name in columns[1:])]
    return {"row": number, "column": columns[0], "reason": " ".join(reasons)}


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
