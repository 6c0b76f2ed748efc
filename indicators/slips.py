"""Slips of the hand: a figure that does not look like this station's own past, and what may have happened.

Five kinds, of which a cell is told one, the most telling: a run of rows typed one row too low or too high
(`shifted`), two neighbours exchanged (`swapped`), a digit too many or too few (`times_ten`), a 0 where there never
was one (`sudden_zero`), and else a value out of the station's own range (`range`). Thresholds are data: the
`parameters` of the rules (indicators/data/rules.yaml says what each means). Pure; static/entry/checks.js is its
twin, and both must give the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.usual import Usual, bounds, deviation, root

RuleJson = Mapping[str, Any]
EVERY_FORM = "*"  # stands for the form of a rule that holds on all of them
CAPPED = 50.0  # one cell alone must not speak for a whole run
DIGITS = (10, 100, 1000)
SINGLE = ("times_ten", "sudden_zero", "range")  # the most specific first

# What the parameters of each kind must hold, all numbers, and the words its message may name.
OWN_PAST = {"months", "overdispersion"}
PARAMETERS = {
    "shifted": OWN_PAST | {"step", "rows", "telling", "gain", "gap", "slack", "fits"},
    "swapped": OWN_PAST | {"telling", "gain", "fits"},
    "times_ten": OWN_PAST | {"step", "usual", "deviation", "fits"},
    "sudden_zero": {"months", "usual"},
    "range": OWN_PAST | {"deviation"},
}
WORDS = {
    "relation": {"left", "right"},
    "shifted": {"first", "last", "rows"},
    "swapped": {"column", "other", "value", "other_value", "usual", "other_usual"},
    "times_ten": {"column", "value", "usual", "meant"},
    "sudden_zero": {"column", "value", "usual"},
    "range": {"column", "value", "usual", "low", "high"},
}


@dataclass(frozen=True)
class Row:
    """A cell of a section with its value now (None for blank and "no data") and what is usual for it.

    `passed_over` says that it is blank although something further down the form is not: a row skipped, where
    a blank at the end is only not typed yet.
    """

    cell: str
    column: str
    value: int | None
    usual: Usual | None
    passed_over: bool = False


@dataclass(frozen=True)
class Slip:
    """A rule that found something: the rows by their place in the section, and the numbers it speaks of.

    `weight` says how much better the rows fit the station's past once put right; 0 for a single cell.
    """

    rule: RuleJson
    rows: tuple[int, ...]
    numbers: dict[str, int | float]
    weight: float = 0.0


def find_slips(rules: Sequence[RuleJson], rows: Sequence[Row]) -> list[Slip]:
    """The slips of one section's rows, in their order; no row is in two of them."""
    found: list[Slip] = []
    taken: set[int] = set()
    for slip in _moved(rules, rows):
        if not taken.intersection(slip.rows):
            found.append(slip)
            taken.update(slip.rows)
    for place, row in enumerate(rows):
        if place not in taken and (slip := _single(rules, place, row)):
            found.append(slip)
    return sorted(found, key=lambda slip: slip.rows[0])


# --- rows in each other's place -----------------------------------------------------------------------


def _moved(rules: Sequence[RuleJson], rows: Sequence[Row]) -> list[Slip]:
    """Every run and pair that fits better elsewhere, the most convincing first."""
    found: list[Slip] = []
    for rule in rules:
        if rule["kind"] == "shifted" and (slip := _shifted(rule, rows)):
            found.append(slip)
        elif rule["kind"] == "swapped":
            pairs = (_swapped(rule, rows, place) for place in range(len(rows) - 1))
            found.extend(pair for pair in pairs if pair)
    return sorted(found, key=lambda slip: (-slip.weight, slip.rows[0]))


def _shifted(rule: RuleJson, rows: Sequence[Row]) -> Slip | None:
    """The run of rows whose values fit the row `step` before each much better than their own."""
    limits = rule["parameters"]
    gains = [_gain(limits, rows, place, place - limits["step"]) for place in range(len(rows))]
    best, first, last = 0.0, -1, -1
    for start in range(len(gains)):
        total, telling = 0.0, 0
        for end in range(start, len(gains)):
            gain = gains[end]
            if gain is None:
                break
            total = total + gain
            telling += gain >= limits["telling"]
            # A row passed over where the run came from says as much as a figure does.
            gap = rows[start - 1 if limits["step"] > 0 else end + 1].passed_over
            weight = total + limits["gap"] if gap else total
            enough = gap or telling >= limits["rows"]
            if enough and weight >= limits["gain"] and weight > best:
                best, first, last = weight, start, end
    if first < 0:
        return None
    while _goes_on(limits, rows, gains, first - 1):
        first -= 1
    while _goes_on(limits, rows, gains, last + 1):
        last += 1
    places = tuple(place for place in range(first, last + 1) if rows[place].value is not None)
    if not any(rows[place].value for place in places):
        return None  # zeros look alike in every row: a quiet month, not a shift
    return Slip(rule, places, {"rows": len(places)}, best)


def _goes_on(
    limits: Mapping[str, Any], rows: Sequence[Row], gains: Sequence[float | None], place: int
) -> bool:
    """Whether the row at the edge of a run may well belong to it: it fits its neighbour's place as well."""
    if not 0 <= place < len(rows) or gains[place] is None or rows[place].value is None:
        return False
    other = _cost(limits, rows[place].value, rows[place - limits["step"]])
    return gains[place] >= -limits["slack"] and other is not None and other <= limits["fits"] * limits["fits"]


def _swapped(rule: RuleJson, rows: Sequence[Row], place: int) -> Slip | None:
    """Two neighbours that fit each other's place much better, each of them."""
    limits, one, other = rule["parameters"], rows[place], rows[place + 1]
    if one.value is None or other.value is None or one.usual is None or other.usual is None:
        return None
    gains = [_gain(limits, rows, place, place + 1), _gain(limits, rows, place + 1, place)]
    costs = [_cost(limits, one.value, other), _cost(limits, other.value, one)]
    most = limits["fits"] * limits["fits"]
    if None in gains or min(gains) < limits["telling"] or max(costs) > most:
        return None
    total = gains[0] + gains[1]
    numbers = {
        "value": one.value,
        "other_value": other.value,
        "usual": plain(one.usual.median),
        "other_usual": plain(other.usual.median),
    }
    # A pair explains the same figures more simply than a run of two.
    return Slip(rule, (place, place + 1), numbers, total + 1) if total >= limits["gain"] else None


def _gain(limits: Mapping[str, Any], rows: Sequence[Row], place: int, elsewhere: int) -> float | None:
    """How much better the value fits elsewhere than where it stands; None where one of the two has no past."""
    if not 0 <= elsewhere < len(rows):
        return None
    value = rows[place].value
    here = _cost(limits, value if value is not None else 0, rows[place])
    there = _cost(limits, value if value is not None else 0, rows[elsewhere])
    if here is None or there is None:
        return None
    return here - there if value is not None else 0.0


def _cost(limits: Mapping[str, Any], value: int, row: Row) -> float | None:
    """The squared deviation of a value from what is usual in a row."""
    if row.usual is None or len(row.usual.known) < limits["months"]:
        return None
    off = deviation(value, row.usual, limits["overdispersion"])
    return min(off * off, CAPPED)


# --- one cell by itself -------------------------------------------------------------------------------


def _single(rules: Sequence[RuleJson], place: int, row: Row) -> Slip | None:
    if row.value is None or row.usual is None:
        return None
    for kind in SINGLE:
        for rule in rules:
            if rule["kind"] == kind and len(row.usual.known) >= rule["parameters"]["months"]:
                numbers = LOOKS[kind](rule["parameters"], row.value, row.usual)
                if numbers is not None:
                    shared = {"value": row.value, "usual": plain(row.usual.median)}
                    return Slip(rule, (place,), shared | numbers)
    return None


def _times_ten(limits: Mapping[str, Any], value: int, usual: Usual) -> dict[str, int] | None:
    """A value that is far off, and not once a digit (or two, or three) is dropped or added."""
    step = limits["step"]
    if usual.median < limits["usual"] or (value == 0 and step < 0):
        return None
    spread = usual.unit(limits["overdispersion"])
    if step * (root(value) - root(usual.median)) < limits["deviation"] * spread:
        return None
    for times in DIGITS:
        meant = value / times if step > 0 else value * times + times / 2
        if abs(root(meant) - root(usual.median)) <= limits["fits"] * spread:
            return {"meant": value // times} if step > 0 else {}
    return None


def _sudden_zero(limits: Mapping[str, Any], value: int, usual: Usual) -> dict[str, int] | None:
    never = usual.known[0] > 0
    return {} if value == 0 and never and usual.median >= limits["usual"] else None


def _range(limits: Mapping[str, Any], value: int, usual: Usual) -> dict[str, int] | None:
    low, high = bounds(usual, limits["overdispersion"], limits["deviation"])
    return None if low <= value <= high else {"low": low, "high": high}


LOOKS = {"times_ten": _times_ten, "sudden_zero": _sudden_zero, "range": _range}


def plain(number: float) -> int | float:
    """A median as a whole number where it is one."""
    return int(number) if number == int(number) else number
