"""The cells of the table of communes by months: what each says, and how it is shaded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext as _

from facilities.numbers import format_number
from facilities.periods import Month
from plans.assessment.comparison import Goal
from plans.presenters.benchmarks import Benchmark
from plans.presenters.figures import NONE, printed_estimate
from plans.presenters.words import near_target_note, with_unit

MEASURES = MONTH, TO_DATE = ("month", "to_date")
# How far a value may miss the mark, as a part of it, before its shade darkens.
NEAR, FAR = Fraction(1, 10), Fraction(1, 4)
SHADES = 5


class Shade(StrEnum):
    """A cell's look: against a mark good … far, without one a step of one hue; or why there is no number."""

    GOOD = "good"
    NEAR = "near"
    MIDDLE = "middle"
    FAR = "far"
    STEP_1 = "step-1"
    STEP_2 = "step-2"
    STEP_3 = "step-3"
    STEP_4 = "step-4"
    STEP_5 = "step-5"
    MISSING = "missing"
    UNKNOWN = "unknown"
    EMPTY = "no-base"
    HIDDEN = "hidden-count"
    NONE = "nothing"


STEPS = (Shade.STEP_1, Shade.STEP_2, Shade.STEP_3, Shade.STEP_4, Shade.STEP_5)
SIGNS = {Shade.MISSING: NONE, Shade.UNKNOWN: "?", Shade.EMPTY: "·", Shade.HIDDEN: "×", Shade.NONE: ""}


@dataclass(frozen=True)
class Cell:
    """One commune-month. `is_partial`: some of its reports are missing; `is_shared`: an estimate by shares, which the
    text marks; `words` say all of it.

    `query` asks for where the number comes from, the place left out.
    """

    month: Month
    text: str
    value: Fraction | None
    shade: Shade
    is_partial: bool
    words: str
    query: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class Due:
    """What a column is held against, as printed; `value` unrounded, None for a range."""

    text: str
    value: Fraction | None


@dataclass(frozen=True)
class Spot:
    """What is known of one place in one month; `blank` says why where `value` is None. `counts` as printed.

    `passed`: the months of the year that the value stands for. is_shared: shares of a divided unit enter the value.
    """

    month: Month
    value: Fraction | None
    reported: int
    expected: int
    counts: str
    blank: Shade
    passed: frozenset[int] = frozenset()
    is_shared: bool = False


@dataclass(frozen=True)
class Painter:
    """What every cell of a table is painted by: the mark where there is one, else fifths of all its values.

    The number in a cell decides its shade: `bounds` are of values as printed, and a value that would print like
    the mark it misses or passes is printed with the decimals that tell the two apart.
    """

    benchmark: Benchmark | None
    measure: str
    bounds: list[Fraction]
    unit: str
    decimals: int
    counts_events: bool

    def cell(self, spot: Spot) -> Cell:
        month, value = spot.month, spot.value
        shade = spot.blank if value is None else self.shade(value, spot.passed)
        partial = value is not None and spot.reported < spot.expected
        shared = spot.is_shared and value is not None
        text = SIGNS.get(shade, "") if value is None else self._number(value, spot.passed)
        text = printed_estimate(text, shared)
        return Cell(month, text, value, shade, partial, self._words(spot, shade), is_shared=shared)

    def shade(self, value: Fraction, passed: Collection[int]) -> Shade:
        """`passed`: the months that the value stands for."""
        shown = rounded(value, self.decimals)
        if self.benchmark is None:
            return STEPS[sum(shown > bound for bound in self.bounds)]
        if self.benchmark.is_met(value, passed):
            return Shade.GOOD
        due = abs(self.benchmark.due(passed).value)
        missed = abs(self.benchmark.distance(shown, passed))
        if due == 0:
            return Shade.MIDDLE
        return Shade.NEAR if missed <= NEAR * due else Shade.MIDDLE if missed <= FAR * due else Shade.FAR

    def mark(self, passed: Collection[int]) -> Due:
        """What these months are held against."""
        due: Goal = self.benchmark.due(passed)
        ends = [due.value] if due.upper is None else [due.value, due.upper]
        text = "–".join(format_number(end, self.decimals) for end in ends)
        return Due(text, due.value if due.upper is None else None)

    def _number(self, value: Fraction, passed: Collection[int]) -> str:
        due = self.benchmark.due(passed) if self.benchmark else None
        for bound in (due.value, due.upper) if due else ():
            closer = "" if bound is None else near_target_note(value, bound, self.decimals)
            if closer[-1:].isdigit():
                return closer
        return format_number(value, self.decimals)

    def legend(self) -> list[tuple[Shade, str]]:
        """Every shade with its words, the numbers that part them included."""
        shades = self._mark_legend() if self.benchmark else self._step_legend()
        return [*shades, *blank_words().items()]

    def _mark_legend(self) -> list[tuple[Shade, str]]:
        if self.benchmark.is_paced:
            good = _("đạt mốc (hàng “Mốc”; nơi thiếu tháng thì tính theo các tháng đã có)")
        else:
            good = _("đạt mốc (%(mark)s)") % {"mark": self.benchmark.words(())}
        if self.benchmark.goal.value == 0:
            return [(Shade.GOOD, good), (Shade.MIDDLE, _("chưa đạt mốc"))]
        return [
            (Shade.GOOD, good),
            (Shade.NEAR, _("chưa đạt, lệch đến 10% mốc")),
            (Shade.MIDDLE, _("chưa đạt, lệch trên 10% đến 25% mốc")),
            (Shade.FAR, _("chưa đạt, lệch trên 25% mốc")),
        ]

    def _step_legend(self) -> list[tuple[Shade, str]]:
        if self.counts_events:
            return [(STEPS[0], _("không có ca nào")), (STEPS[1], _("có ca"))]
        ends = [self.printed(bound) for bound in self.bounds]
        if not ends:
            return [(STEPS[0], _("có số liệu"))]
        said = [_("đến %(high)s") % {"high": ends[0]}]
        said += [
            _("trên %(low)s đến %(high)s") % {"low": a, "high": b}
            for a, b in zip(ends, ends[1:], strict=False)
        ]
        return list(zip(STEPS, [*said, _("trên %(low)s") % {"low": ends[-1]}], strict=False))

    def _words(self, spot: Spot, shade: Shade) -> str:
        if spot.value is None:
            return blank_words().get(shade, "")
        parts = [f"{spot.month.number}/{spot.month.year}: {self.printed(spot.value)}", spot.counts]
        parts.append(_("%(came)d/%(due)d báo cáo") % {"came": spot.reported, "due": spot.expected})
        parts.append(shared_words() if spot.is_shared else "")
        return "; ".join(part for part in parts if part)

    def printed(self, value: Fraction) -> str:
        return with_unit(format_number(value, self.decimals), self.unit)


def blank_words() -> dict[Shade, str]:
    """Why a cell has no number, by its sign."""
    return {
        Shade.MISSING: _("chưa có báo cáo được duyệt"),
        Shade.UNKNOWN: _("không có số liệu chính xác trên ranh giới này"),
        Shade.EMPTY: _("đã báo cáo, mẫu số bằng 0"),
        Shade.HIDDEN: _("số quá nhỏ, không hiện"),
    }


def shared_words() -> str:
    return _("ước lượng theo tỷ phần khi chia địa bàn")


def rounded(value: Fraction, decimals: int) -> Fraction:
    """The value that is printed: half up, away from zero."""
    scaled = int(abs(value) * 10**decimals + Fraction(1, 2))
    return Fraction(scaled if value >= 0 else -scaled, 10**decimals)


def fifths(values: Sequence[Fraction], decimals: int) -> list[Fraction]:
    """The printed values that part all of them into fifths; fewer where many are equal."""
    ranked = sorted(rounded(value, decimals) for value in values)
    if not ranked:
        return []
    return sorted({ranked[len(ranked) * n // SHADES - 1] for n in range(1, SHADES) if len(ranked) >= SHADES})
