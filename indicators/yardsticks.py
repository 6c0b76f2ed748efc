"""What a station's figures are measured against while they are typed. Plans give it; this app does not know them.

A source is `source(facility, form, period) -> list[Yardstick]`; the app that has one calls `provide` when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from facilities.models import Facility
from indicators.models import Form

Terms = list[tuple[str, int | float]]  # (cell as rules write it, coefficient)


@dataclass(frozen=True)
class Yardstick:
    """A line of a plan that this form alone computes, with its target for the year of the period.

    `target` is {"text", "operator", "value", "upper"}; `value` and `upper` in the indicator's unit.
    """

    name: str
    plan: str
    numerator: Terms
    denominator: Terms
    factor: int
    unit: str
    decimals: int
    timing: str
    target: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Source = Callable[[Facility, Form, date], list[Yardstick]]
_sources: list[Source] = []


def provide(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def yardsticks_of(facility: Facility, form: Form, period: date) -> list[Yardstick]:
    return [one for source in _sources for one in source(facility, form, period)]
