"""A figure against a goal: met or not, how far, and how sure. Exact fractions, nothing rounded."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from plans.targets import Meaning

_WORSE_THAN_BASELINE = {"higher": -1, "lower": 1}


@dataclass(frozen=True)
class Goal:
    """A meaning with the numbers it is compared by, as fractions."""

    meaning: Meaning
    value: Fraction
    upper: Fraction | None
    tolerance: Fraction | None

    @classmethod
    def of(cls, meaning: Meaning, baseline: Decimal | None, tolerance: Decimal | None) -> "Goal | None":
        """Settle a meaning, "duy trì" by the baseline; None where it has no number to compare with."""
        value = baseline if meaning.keeps_baseline else meaning.value
        if meaning.kind == "text" or value is None or meaning.operator is None:
            return None
        upper = None if meaning.upper is None else Fraction(meaning.upper)
        return cls(meaning, Fraction(value), upper, None if tolerance is None else Fraction(tolerance))

    @property
    def is_open(self) -> bool:
        """Say whether the planner has yet to set the tolerance of "khoảng" or of a line without direction."""
        return self.meaning.operator == "about" and self.tolerance is None

    def is_met_by(self, figure: Fraction) -> bool:
        """Compare unrounded: 97,96 does not meet 98,0 although it prints 98,0."""
        match self.meaning.operator:
            case "<":
                return figure < self.value
            case "<=":
                return figure <= self.value
            case ">":
                return figure > self.value
            case ">=":
                return figure >= self.value
            case "between":
                return self.upper is not None and self.value <= figure <= self.upper
            case "about":
                return self.tolerance is not None and abs(figure - self.value) <= self.tolerance
            case _:
                return figure == self.value

    def is_exceeded_by(self, figure: Fraction, direction: str) -> bool:
        """Say vượt only above an unsigned or ≥ level where higher is better, never above a target of 0."""
        at_least = self.meaning.kind == "level" and self.meaning.operator == ">="
        return at_least and direction == "higher" and self.value != 0 and figure > self.value

    def percent(self, figure: Fraction, direction: str, is_count: bool) -> Fraction | None:
        """Give figure / target × 100 for counts and higher-is-better levels, not for limits, ranges or 0."""
        means_something = is_count or direction == "higher"
        if self.meaning.kind != "level" or self.meaning.operator in ("<", "<=", "between") or self.value <= 0:
            return None
        return figure / self.value * 100 if means_something else None

    def difference(self, figure: Fraction) -> Fraction:
        """Give figure − target; of a range, to its nearer end, and 0 inside."""
        if self.upper is not None and figure > self.value:
            return max(figure - self.upper, Fraction(0))
        return figure - self.value

    def is_worse_than(self, baseline: Decimal | None, direction: str) -> bool:
        """Say whether reaching the target would be a step back from the plan's printed baseline."""
        side = _WORSE_THAN_BASELINE.get(direction)
        if baseline is None or side is None or self.meaning.kind != "level":
            return False
        end = self.upper if self.upper is not None and side > 0 else self.value
        return (end - Fraction(baseline)) * side > 0

    def lies_inside(self, limits: tuple[float, float]) -> bool:
        """Say whether the interval straddles an end of the target, so that either verdict is possible."""
        ends = [self.value] if self.upper is None else [self.value, self.upper]
        return any(limits[0] < end < limits[1] for end in ends)
