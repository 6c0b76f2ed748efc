"""Consistency: figures that should go together, and this year against the same months of last year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from facilities.models import Area, Facility
from facilities.periods import Month
from indicators.definitions.quality import QualityCheck, checks_of
from indicators.expressions import Cell, Operand
from indicators.models import DataValue, Form
from indicators.presenters.quality.scope import Scope, communes_at, filed, label_of

Cells = dict[Cell, int]
Months = Mapping[int, Mapping[date, Cells]]  # by facility
Both = tuple[int, int]


@dataclass(frozen=True)
class PlaceRatio:
    """Both sides over the facility-months in which both are known; `ratio` None where the right side is 0."""

    place: Area | Facility
    left: int
    right: int
    months: int
    ratio: float | None

    @property
    def is_area(self) -> bool:
        return isinstance(self.place, Area)


@dataclass(frozen=True)
class CheckRow:
    """A relation over the whole scope, and the places outside its bounds of those `checked`."""

    check: QualityCheck
    name: str
    total: PlaceRatio | None
    outside: list[PlaceRatio]
    checked: int

    @property
    def share(self) -> float | None:
        """Percent of the places checked that lie outside."""
        return len(self.outside) / self.checked * 100 if self.checked else None


@dataclass(frozen=True)
class ConsistencyPage:
    pairs: list[CheckRow]
    over_time: list[CheckRow]


def present_consistency(scope: Scope) -> ConsistencyPage:
    """Every relation in force, place by place: three queries whatever the number of facilities."""
    pairs, over_time = (checks_of(kind, scope.period) for kind in ("pair", "over_time"))
    wanted = [check for check in (*pairs, *over_time) if not scope.form or scope.form in _forms_of(check)]
    if not wanted:
        return ConsistencyPage([], [])
    figures = _read(scope, wanted)
    places = _places(scope, {pk for basis in figures.values() for pk in basis})
    rows = {check.code: _row(scope, check, figures.get(check.basis, {}), places) for check in wanted}
    return ConsistencyPage(
        [rows[check.code] for check in pairs if check.code in rows],
        [rows[check.code] for check in over_time if check.code in rows],
    )


def _forms_of(check: QualityCheck) -> set[str]:
    """The forms a relation speaks of: an element's code begins with its form's."""
    return {element.partition(".")[0] for element, _group in check.cells}


def _read(scope: Scope, checks: Sequence[QualityCheck]) -> dict[str, dict[int, dict[date, Cells]]]:
    """The needed cells of two years, by basis, facility and month. One query."""
    longest = max(check.months for check in checks)
    first = min(scope.month - (longest - 1), Month(scope.month.year - 1, 1)).first_day
    cells = {cell for check in checks for cell in check.cells}
    rows = DataValue.objects.filter(
        filed(scope),
        submission__period__range=(first, scope.month.first_day),
        submission__form__periodicity=Form.Periodicity.MONTH,
        submission__form__basis__in={check.basis for check in checks},
        element__code__in={element for element, _group in cells},
        group__code__in={group for _element, group in cells},
        value__isnull=False,
    ).values_list(
        "submission__form__basis", "submission__facility", "submission__period",
        "element__code", "group__code", "value",
    )  # fmt: skip
    found: dict[str, dict[int, dict[date, Cells]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(dict))
    )
    for basis, facility, period, element, group, value in rows.iterator():
        found[basis][facility][period][element, group] = value
    return found


def _places(scope: Scope, facilities: set[int]) -> dict[int, Area | Facility]:
    """What each facility is counted under: its commune of the month looked at; inside a commune itself."""
    if scope.is_commune:
        return dict(Facility.objects.in_bulk(facilities))
    return dict(communes_at(facilities, scope.month.first_day))


def _row(
    scope: Scope, check: QualityCheck, figures: Months, places: Mapping[int, Area | Facility]
) -> CheckRow:
    sums: dict[int, list[Both]] = defaultdict(list)
    named: dict[int, Area | Facility] = {}
    for facility, months in figures.items():
        if facility in places:
            place = places[facility]
            named[place.pk] = place
            sums[place.pk] += _both(scope, check, months)
    ratios = [_ratio(named[pk], both) for pk, both in sums.items()]
    checked = [one for one in ratios if max(one.left, one.right) >= check.least]
    outside = [one for one in checked if _is_outside(check, one)]
    outside.sort(key=lambda one: (one.ratio is not None, -abs((one.ratio or 0) - 1), one.place.folded_name))
    every = [one for both in sums.values() for one in both]
    total = _ratio(scope.place or next(iter(named.values())), every) if every else None
    return CheckRow(check, label_of(check), total, outside, len(checked))


def _both(scope: Scope, check: QualityCheck, months: Mapping[date, Cells]) -> Iterable[Both]:
    """Both sides of each month that has both: of a relation in one month, over time in the same month of two years."""
    if check.kind == "pair":
        asked = [(month, month) for month in scope.months(check.months)]
        sides = (check.left, check.right)
    else:
        asked = [
            (date(scope.month.year, number, 1), date(scope.month.year - 1, number, 1))
            for number in range(1, scope.month.number + 1)
        ]
        sides = (check.left, check.left)
    found = []
    for month, other in asked:
        left, right = _sum(sides[0], months.get(month, {})), _sum(sides[1], months.get(other, {}))
        if left is not None and right is not None:
            found.append((left, right))
    return found


def _sum(side: Sequence[Operand], cells: Cells) -> int | None:
    """The sum of a side; None where one of its cells is not there."""
    if any(one.cell is not None and one.cell not in cells for one in side):
        return None
    return sum(one.factor * (cells[one.cell] if one.cell else 1) for one in side)


def _ratio(place: Area | Facility, both: Sequence[Both]) -> PlaceRatio:
    left, right = sum(one for one, _ in both), sum(other for _, other in both)
    return PlaceRatio(place, left, right, len(both), left / right if right else None)


def _is_outside(check: QualityCheck, one: PlaceRatio) -> bool:
    """A right side of 0 beside a left one that counts is outside: the ratio is beyond every bound."""
    return one.ratio is None or not check.low <= one.ratio <= check.high
