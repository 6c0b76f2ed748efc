"""The page "Số này từ đâu": the number, the places that make it, and the proof that they sum to it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from facilities.models import Facility, Succession
from facilities.numbers import format_number, format_percent
from indicators.timing import LATEST, MONTHS_OF_A_YEAR, YEARLY_RATE
from indicators.tracing import Amount
from plans.models import EnteredFigure, PlanIndicator, Target
from plans.presenters.figures import completeness, printed, reports_unit, whole
from plans.presenters.origin.asked import LAST, Asked, Number, read_number
from plans.presenters.origin.cells import CellsTable, read_cells
from plans.presenters.origin.parts import Child, Split, split_number

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PartRow:
    """A commune or facility of the number. `weight` is its share of the numerator."""

    key: str
    name: str
    is_area: bool
    numerator: str
    denominator: str
    weight: str
    reports: str
    note: str


@dataclass(frozen=True)
class OriginPage:
    """`total` sums the parts; `matches` says that they equal the number, both its numerator and its denominator.

    other_month: what the denominators of the places differ by, added up, from what they add to the number; "" for
    nothing. counts_twice: a report that several places share is counted at each of them, in the total once.
    """

    number: Number
    value: str
    numerator: str
    denominator: str
    formula: str
    how: list[str]
    rows: list[PartRow]
    other_month: str
    counts_twice: bool
    total: PartRow
    reports_unit: str
    matches: bool
    part: Child | None
    part_row: PartRow | None
    cells: CellsTable | None
    unknown: list[Facility]
    shares: list[Succession] = field(default_factory=list)
    entered: list[EnteredFigure] = field(default_factory=list)
    change: str = ""


class PartNotFound(LookupError):
    """No commune and no facility of the number is named so."""


def present_origin(asked: Asked, part: str = "") -> OriginPage:
    """The page, of the whole number or of one part of it (the key of a commune, the code of a facility).

    A number that has no communes inside is shown with its cells at once. Raises PartNotFound.
    """
    number = read_number(asked)
    split = split_number(number) if number.computed else Split([], Amount(), [], [])
    child = split.child(part) if part else None
    if part and child is None:
        raise PartNotFound(part)
    counted = child.parts if child else split.whole if not _has_communes(split) else None
    cells = read_cells(number, counted, child.weights if child else number.weights) if counted else None
    return OriginPage(
        number=number,
        value=printed(number.value, asked.line),
        numerator=whole(number.numerator),
        denominator=whole(number.denominator) if asked.line.has_denominator else "",
        formula=_formula(number),
        how=_how(number),
        rows=[_row(one.key, one.place.name, one.is_area, one.amount, number) for one in split.children],
        other_month=_other_month(split),
        counts_twice=_added(split).expected > split.total.expected,
        total=_total(number, split),
        reports_unit=reports_unit(asked.line.indicator.timing) if number.computed else "",
        matches=is_whole(number, split) and (cells is None or cells.matches),
        part=child,
        part_row=_row(child.key, child.place.name, child.is_area, child.amount, number) if child else None,
        cells=cells,
        unknown=split.unknown,
        shares=_shares(asked, split.total),
        entered=_entered(asked),
        change=_change(asked, number),
    )


def is_whole(number: Number, split: Split) -> bool:
    """Whether the parts sum to the number exactly. An inexact number has no sum; one nobody reported sums to 0."""
    sums = _added(split) if _has_communes(split) else split.total
    if number.computed is None or number.is_inexact:
        return True
    same = sums.numerator == (number.numerator or 0) and sums.denominator == (number.denominator or 0)
    if not same:
        logger.error("Parts of line %s at area %s do not sum.", number.asked.line.pk, number.asked.area.pk)
    return same


def _has_communes(split: Split) -> bool:
    return any(child.is_area for child in split.children)


def _added(split: Split) -> Amount:
    return Amount.sum_of(child.in_number for child in split.children)


def _other_month(split: Split) -> str:
    own = Amount.sum_of(child.amount for child in split.children)
    difference = _added(split).denominator - own.denominator
    return format_number(difference, None, signed=True) if difference else ""


def _total(number: Number, split: Split) -> PartRow:
    """The sum of the places; a report that counts in several of them is one report all the same."""
    once = {"reported": split.total.reported, "expected": split.total.expected}
    return _row("", "", False, replace(_added(split), **once), number)


def _row(key: str, name: str, is_area: bool, amount: Amount, number: Number) -> PartRow:
    top = number.numerator
    notes = []
    if amount.unknown:
        notes.append(_("không biết tỷ phần"))
    if amount.estimated:
        notes.append(_("ước theo tỷ phần"))
    return PartRow(
        key=key,
        name=name,
        is_area=is_area,
        numerator=whole(amount.numerator),
        denominator=whole(amount.denominator) if number.asked.line.has_denominator else "",
        weight=format_percent(amount.numerator / top * 100, 1) if top else "–",
        reports=completeness(amount.reported, amount.expected),
        note=", ".join(notes),
    )


def number_words(asked: Asked) -> str:
    """Which number it is: "lũy kế đến 10/2026", "cả năm 2025", "riêng tháng 3/2026"."""
    last = asked.last
    if asked.month:
        return _("riêng tháng %(month)s") % {"month": f"{last.number}/{last.year}"}
    if last.number == MONTHS_OF_A_YEAR:
        return _("cả năm %(year)s") % {"year": last.year}
    return _("lũy kế đến %(month)s") % {"month": f"{last.number}/{last.year}"}


def _formula(number: Number) -> str:
    """`1.150 / 1.200 × 100`, in the words of the line's indicator; empty where there is no number."""
    line, weights = number.asked.line, number.weights
    if number.value is None:
        return ""
    factor, months = line.indicator.factor, len(weights.numerator)
    text = whole(number.numerator)
    if line.has_denominator:
        text += f" / {whole(number.denominator)}"
    if factor != 1:
        text += f" × {format_number(factor)}"
    if line.indicator.timing in YEARLY_RATE and months != MONTHS_OF_A_YEAR:
        text += f" × {MONTHS_OF_A_YEAR}/{months}"
    return text


def _how(number: Number) -> list[str]:
    """How months become this number, in sentences."""
    line, weights = number.asked.line, number.weights
    if not weights.numerator:
        return []
    timing, months = line.indicator.timing, sorted(weights.numerator)
    names = {"first": _short(months[0]), "last": _short(months[-1]), "count": len(months)}
    if timing in LATEST:
        said = [_("Là số hiện có: lấy tháng gần nhất có báo cáo, tháng %(last)s.") % names]
    elif len(months) == 1:
        said = [_("Là số của riêng tháng %(last)s.") % names]
    else:
        said = [_("Cộng %(count)s tháng có báo cáo, từ tháng %(first)s đến tháng %(last)s.") % names]
    if weights.by_year:
        said.append(_("Mẫu số là số liệu năm: mỗi cơ sở một lần, kể cả cơ sở chưa báo cáo tháng."))
    elif timing in YEARLY_RATE and len(months) > 1:
        said.append(_("Mẫu số là trung bình của %(count)s tháng, nên mỗi tháng góp 1/%(count)s.") % names)
    if number.asked.urban_only:
        said.append(_("Chỉ tính các phường, thị trấn."))
    return said


def _short(month: date) -> str:
    return f"{month.month}/{month.year}"


def _shares(asked: Asked, total: Amount) -> list[Succession]:
    """Where the shares come from by which divided units count: one query, only where some do."""
    if not total.estimated:
        return []
    rows = Succession.objects.filter(share__lt=1).select_related("predecessor", "successor")
    places = {pk for year in asked.years for pk in asked.areas(year)}
    return list(rows.filter(successor__in=places) | rows.filter(predecessor__in=places))


def _entered(asked: Asked) -> list[EnteredFigure]:
    """What people entered on the line for the number's year: of the plan's own area alone."""
    if asked.month or asked.area.pk != asked.line.plan.area_id:
        return []
    figures = EnteredFigure.objects.filter(line=asked.line, year=asked.last.year)
    return list(figures.exclude(kind=EnteredFigure.Kind.VERDICT).select_related("by").order_by("-at", "-id"))


def _change(asked: Asked, number: Number) -> str:
    """For a line whose target is a change: how the change follows from this level and last year's."""
    line: PlanIndicator = asked.line
    targets = [target for target in line.targets.all() if target.year == asked.last.year]
    if asked.of or asked.month or not any(target.kind == Target.Kind.CHANGE for target in targets):
        return ""
    before = read_number(Asked(line, asked.area, asked.as_of, LAST, urban_only=asked.urban_only)).value
    if number.value is None or before is None:
        return ""
    words = {
        "now": printed(number.value, line),
        "before": printed(before, line),
        "change": printed(number.value - before, line, signed=True),
    }
    return _("Mức năm nay %(now)s trừ mức năm trước %(before)s là %(change)s.") % words
