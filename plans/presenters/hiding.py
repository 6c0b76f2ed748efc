"""Which figures of one line may not leave: small counts that could point at a person, and what gives them away.

Files travel further than pages, and not every reader of a plan may see submissions (decision 0011). Both get the
line without these figures, in tables and drawings alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from facilities.models import Area
from facilities.periods import Month
from indicators.reading_places import communes_behind
from indicators.small_numbers import Hidden, hidden_results, sensitive_indicators
from plans.models import PlanIndicator
from plans.presenters.places import is_computed
from plans.standing import LineStanding
from plans.standing.sources import result_key
from plans.standing.telling import FEW

Number = Decimal | Fraction | None


@dataclass(frozen=True)
class Hiding:
    """`hidden` is None where nothing is: the reader may see it all, or the line counts nothing of the kind.

    `group` is that of the line's own results; other groups of the same indicator are asked for by name. `behind`: the
    communes that make a year's sum of an area, by (area id, year), where such sums are shown: of few it is their count.
    """

    indicator: int = 0
    group: int = 0
    hidden: Hidden | None = None
    behind: Mapping[tuple[int, int], Collection[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.hidden is not None

    def month(self, area: int, month: Month | date, numerator: Number) -> bool:
        """Whether a month's count, and with it its value, is hidden."""
        if self.hidden is None:
            return False
        return self.hidden.hides_month(area, self.indicator, self.group, _day(month), numerator)

    def year(
        self, area: int, month: Month | date | None, numerator: Number, *, group: int | None = None
    ) -> bool:
        """The same of the year up to `month`."""
        if self.hidden is None or month is None:
            return False
        if group is None and self.is_of_few(self.behind.get((area, month.year), ()), month):
            return True
        return self.hidden.hides_year(area, self.indicator, group or self.group, _day(month), numerator)

    def is_of_few(self, communes: Collection[int], month: Month | date) -> bool:
        """Whether so few communes make a sum of the year up to `month` that it tells one of them, which is hidden."""
        if self.hidden is None or not 0 < len(communes) <= FEW:
            return False
        cell = (self.indicator, self.group, _day(month))
        return any(self.hidden.marks_year(commune, *cell) for commune in communes)

    def tells(self, area: int) -> bool:
        """Whether totals of a place are told to everybody, be they small: those of plans and of provinces."""
        return self.hidden is None or area in self.hidden.headlines

    def flags(self, area: int, month: Month) -> tuple[bool, bool]:
        """Whether the month and the year to date of a place whose counts are not at hand are hidden."""
        if self.hidden is None:
            return False, False
        cell = (area, self.indicator, self.group, month.first_day)
        is_of_few = self.is_of_few(self.behind.get((area, month.year), ()), month)
        return is_of_few or cell in self.hidden.months, is_of_few or cell in self.hidden.to_date


def flags_of(standing: LineStanding, hiding: Hiding, area: int, month: Month) -> tuple[bool, bool]:
    """As `Hiding.flags` for the area the standing was read on; both where nothing of it may be told."""
    return (True, True) if standing.is_hidden else hiding.flags(area, month)


def read_hiding(
    line: PlanIndicator,
    areas: Iterable[int],
    years: Sequence[int],
    *,
    inside: bool,
    sums_of: Collection[Area] = (),
    as_of: Month | None = None,
) -> Hiding:
    """What is hidden of these places and years. One query for a line that counts nothing sensitive.

    `sums_of`: areas whose own sums are shown, read as of a month; one query more.
    """
    if inside or not is_computed(line) or line.indicator_id not in sensitive_indicators():
        return Hiding()
    key, behind = result_key(line), {}
    if sums_of and as_of:
        months = (Month(min(years), 1), as_of)
        behind = communes_behind(sums_of, key, months, urban_only=line.is_of_places)
    return Hiding(*key, hidden_results(areas, years), behind)


def why_hidden() -> str:
    return _(
        "“ẩn”: số từ 1 đến 4 ca tử vong, HIV, phá thai được ẩn để không lộ người bệnh; một số ô khác được ẩn theo "
        "để không suy ra được."
    )


def hidden_word() -> str:
    return pgettext("số", "ẩn")


def _day(month: Month | date) -> date:
    return month.first_day if isinstance(month, Month) else month
