"""What sharing out takes: the target of the whole area, and its places with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

AT_LEAST, AT_MOST = {">", ">="}, {"<", "<="}
HUNDRED = Decimal(100)


class Method(StrEnum):
    EQUAL = "equal"
    POPULATION = "population"
    BASELINE = "baseline"
    MANUAL = "manual"


class Basis(StrEnum):
    """What the places are weighed by; one basis for all of them, never two mixed."""

    DENOMINATOR = "denominator"
    POPULATION = "population"
    REPORTED = "reported"
    NONE = "none"


class Why(StrEnum):
    """Why a method gives nothing here."""

    NO_PLACES = "no_places"
    NO_WEIGHTS = "no_weights"
    NO_BASELINES = "no_baselines"
    ZERO_BASELINES = "zero_baselines"
    SAME_AS_EQUAL = "same_as_equal"
    SENSITIVE = "sensitive"


class CanNotShare(Exception):
    """The method can not be used on this target and these places; `why` says what is missing."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Goal:
    """The target to share out, in the unit of the line.

    adds_up: a count, whose parts sum to it; otherwise a level, whose weighted mean it is. operator: that of
    the target (`<` `<=` `=` `>=` `>` `about`). decimals: how many the line prints. tolerance: of "khoảng".
    is_share: a percentage of a whole, which ends at 100.
    """

    value: Decimal
    operator: str
    adds_up: bool
    decimals: int
    tolerance: Decimal | None = None
    is_share: bool = False

    @property
    def better(self) -> int:
        """1 where more is asked for, −1 where less is, 0 where a level is to be kept."""
        if self.operator in AT_LEAST:
            return 1
        return -1 if self.operator in AT_MOST else 0

    @property
    def places(self) -> int:
        """Decimals of a part: a whole target is shared out in whole numbers, a level as finely as it prints."""
        own = max(0, -int(self.value.normalize().as_tuple().exponent))
        return own if self.adds_up else max(own, self.decimals)


@dataclass(frozen=True)
class Place:
    """One place by its id. weight: people, or last year's denominator; baseline: its own last year's figure."""

    id: int
    weight: Fraction | None = None
    baseline: Fraction | None = None
