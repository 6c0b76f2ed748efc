"""What a reform would do, worked out by entering it and taking it back: places, facilities and the series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from facilities import reform_hooks
from facilities.actions.reforms import enter_reform
from facilities.models import Area, Assignment, Facility, Placement, Reform, Succession, User
from facilities.numbers import format_number
from facilities.periods import Month
from facilities.reform_orders import Order
from indicators import rollup
from indicators.actions.duties import roles_of
from indicators.models import ComputedMonth, Group, Indicator, MonthlyResult, Term
from indicators.models.results import Exactness
from indicators.reading import MonthFigures, figures_of

MONTHS = 12
FEW = 3
RANK = [Exactness.EXACT, Exactness.ESTIMATE, Exactness.NONE]


@dataclass(frozen=True)
class Cell:
    """A month as printed, with how exact it is (`exact`, `estimate`, `none`); text "" where nothing is due."""

    text: str
    exactness: str


@dataclass(frozen=True)
class SeriesRow:
    """The months of one area: an old one as stored now, or a new one restated. `source`: of the shares used."""

    name: str
    is_new: bool
    cells: list[Cell]
    exactness: str
    source: str


@dataclass(frozen=True)
class IndicatorSeries:
    indicator: Indicator
    rows: list[SeriesRow]


@dataclass(frozen=True)
class Move:
    """Where a facility stands from the month on; `leaves_station`: it no longer belongs to its main station.

    past: what becomes of its figures before a division, `own` (they go along whole), `shared`, or `unknown` where no
    shares are known; "" elsewhere.
    """

    facility: str
    old: str
    new: str
    leaves_station: bool
    past: str = ""


@dataclass(frozen=True)
class Preview:
    """`steps`: (what ends, its successions). `carried` of them lie in the areas named and only follow these.

    effects: sentences on what else hangs on the areas that end.
    """

    steps: list[tuple[Area, list[Succession]]]
    carried: int
    moves: list[Move]
    month: date | None
    roles: int
    months: list[Month]
    series: list[IndicatorSeries]
    effects: list[str]

    @property
    def shares_past(self) -> bool:
        """Whether figures before the division are shared: a yearly denominator of that year is, to its end."""
        return any(move.past == "shared" for move in self.moves)


def preview_reform(*, order: Order, by: User, indicator: Indicator | None) -> Preview:
    """Enter the order, sum the last twelve computed months in the new areas, read, and take all of it back.

    Without `indicator` a few that have figures are shown. Raises what `enter_reform` raises.
    """
    with transaction.atomic():
        months = _last_months()
        old = list(Area.objects.filter(pk__in=order.predecessors))
        shown = [indicator] if indicator else _with_figures(old, months)
        reform = enter_reform(order=order, by=by)
        steps = _steps(reform)
        ended = [area for area, _rows in steps][: len(steps) - reform.summary["carried"]]
        begun = {area.pk: area for area in reform.begun.all()}
        new = [area for area in begun.values() if area.parent_id not in begun]
        before = {area.pk: _figures(area, shown, months) for area in ended}
        if months and new:
            rollup.replace_area_results(rollup.Scope([m.first_day for m in months]), [a.pk for a in new])
        after = {area.pk: _figures(area, shown, months) for area in new}
        series = [
            IndicatorSeries(
                one,
                [_row(area, one, before[area.pk], months, is_new=False) for area in ended]
                + [_row(area, one, after[area.pk], months, is_new=True) for area in new],
            )
            for one in shown
        ]
        divided = {area.pk: all(row.share for row in rows) for area, rows in steps if len(rows) > 1}
        moves = _moves(reform, divided)
        preview = Preview(
            steps=steps[: len(ended)],
            carried=reform.summary["carried"],
            moves=moves,
            month=reform.placements.values_list("from_month", flat=True).first(),
            roles=Assignment.objects.filter(area__in=reform.ended.all()).count(),
            months=months,
            series=series,
            effects=[
                *_stations(new),
                *(sentence for ask in reform_hooks.effects for sentence in ask(reform)),
            ],
        )
        transaction.set_rollback(True)
    return preview


def _last_months() -> list[Month]:
    computed = ComputedMonth.objects.order_by("-month").values_list("month", flat=True)[:MONTHS]
    return sorted(Month.of(day) for day in computed)


def annotated() -> QuerySet[Indicator]:
    """Indicators that know whether they divide."""
    has = Exists(Term.objects.filter(indicator=OuterRef("pk"), part=Term.Part.DENOMINATOR))
    return Indicator.objects.annotate(has_denominator=has)


def _with_figures(areas: Sequence[Area], months: Sequence[Month]) -> list[Indicator]:
    """The few indicators these areas report most: counts of units do not restate and are left out."""
    found = MonthlyResult.objects.filter(
        area__in=areas, month__in=[m.first_day for m in months], reported__gt=0, indicator=OuterRef("pk")
    )
    chosen = annotated().filter(Exists(found)).exclude(timing=Indicator.Timing.UNITS)
    return list(chosen.order_by("code")[:FEW])


def _steps(reform: Reform) -> list[tuple[Area, list[Succession]]]:
    rows: dict[int, list[Succession]] = defaultdict(list)
    for row in reform.successions.select_related("predecessor", "successor").order_by("pk"):
        rows[row.predecessor_id].append(row)
    order = {level: number for number, level in enumerate(Area.Level.values)}
    ended = sorted(reform.ended.all(), key=lambda area: (order[area.level], area.name))
    return [(area, rows[area.pk]) for area in ended]


def _figures(
    area: Area, shown: Sequence[Indicator], months: Sequence[Month]
) -> dict[int, list[MonthFigures]]:
    if not shown or not months:
        return {}
    everybody = Group.objects.get(code="").pk
    pairs = {(one.pk, everybody) for one in shown}
    found = figures_of(area=area, indicator_groups=pairs, months=(months[0], months[-1]))
    return {indicator: rows for (indicator, _group), rows in found.items()}


def _row(
    area: Area,
    indicator: Indicator,
    found: dict[int, list[MonthFigures]],
    months: Sequence[Month],
    *,
    is_new: bool,
) -> SeriesRow:
    by_month = {Month.of(one.month): one for one in found.get(indicator.pk, [])}
    cells = [_cell(by_month.get(month), indicator) for month in months]
    exactness = max((cell.exactness for cell in cells if cell.text), key=RANK.index, default="")
    sources = sorted({row.share_source for row in area.origins.all() if row.share_source}) if is_new else []
    source = "; ".join(sources) if exactness == Exactness.ESTIMATE else ""
    return SeriesRow(area.name, is_new, cells, exactness, source)


def _cell(figures: MonthFigures | None, indicator: Indicator) -> Cell:
    if figures is None or not figures.expected:
        return Cell("", Exactness.EXACT)
    if figures.exactness == Exactness.NONE:
        return Cell("✕", Exactness.NONE)
    if figures.numerator is None:
        return Cell("–", Exactness.EXACT)
    if not indicator.has_denominator:
        value = Fraction(figures.numerator) * indicator.factor
        return Cell(format_number(value, 0 if value.denominator == 1 else 1), figures.exactness)
    if not figures.denominator:
        return Cell("–", figures.exactness)
    value = Fraction(figures.numerator) / Fraction(figures.denominator) * indicator.factor
    return Cell(format_number(value, indicator.decimals), figures.exactness)


def _stations(new: Sequence[Area]) -> Iterator[str]:
    """Say which new communes have no main station, or several: each is a commune to whoever counts communes.

    Who is one is asked where duties ask (`indicators.actions.duties.roles_of`).
    """
    here = Placement.objects.filter(area__in=new).values("facility")
    rows = Placement.objects.filter(facility__in=here).select_related("facility", "reform")
    placed: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    ordered = rows.order_by("facility__name", "facility", "from_month")
    for facility, own in groupby(ordered, key=lambda row: row.facility):
        placements = list(own)
        for row, role in zip(placements, roles_of(facility, placements), strict=True):
            placed[row.area_id][role].append(facility.name)
    for area in (area for area in new if area.level == Area.Level.COMMUNE):
        mains, points = (placed[area.pk][role] for role in (Facility.Type.STATION, Facility.Type.POINT))
        if not mains and not points:
            yield _(
                "%(area)s chưa có trạm y tế hay điểm trạm nào: biểu của xã chưa ai nộp. Sau khi nhập, thêm trạm mới "
                "trong trang quản trị."
            ) % {"area": area.name}
        elif not mains:
            yield _(
                "%(area)s chưa có trạm y tế chính: các điểm trạm vẫn tự nộp báo cáo, còn biểu của trạm chưa ai nộp. "
                "Sau khi nhập, thêm trạm mới trong trang quản trị rồi gắn các điểm trạm vào đó."
            ) % {"area": area.name}
        elif len(mains) > 1:
            yield _(
                "%(area)s có %(count)d trạm y tế chính (%(names)s): chỉ tiêu đếm xã, đếm trạm sẽ đếm cả %(count)d. "
                "Nếu chỉ giữ một trạm: sau khi nhập, mở trạm còn lại trong trang quản trị và chọn trạm y tế chính ở "
                "nơi đặt của nó."
            ) % {"area": area.name, "count": len(mains), "names": ", ".join(mains)}


def _moves(reform: Reform, divided: Mapping[int, bool]) -> list[Move]:
    """`divided`: whether the shares are known of each area that was."""
    rows = list(reform.placements.select_related("facility", "area").order_by("area__name", "facility__name"))
    earlier: dict[int, Placement] = {}
    past = Placement.objects.filter(facility__in=[row.facility_id for row in rows]).exclude(reform=reform)
    for placed in past.select_related("area").order_by("from_month"):
        if rows and placed.from_month < rows[0].from_month:
            earlier[placed.facility_id] = placed
    return [
        Move(
            facility=row.facility.name,
            old=earlier[row.facility_id].area.name,
            new=row.area.name,
            leaves_station=bool(earlier[row.facility_id].main_station_id) and not row.main_station_id,
            past=_past(row, divided.get(earlier[row.facility_id].area_id)),
        )
        for row in rows
    ]


def _past(row: Placement, has_shares: bool | None) -> str:
    if has_shares is None:
        return ""
    return "own" if row.carries_past else "shared" if has_shares else "unknown"
