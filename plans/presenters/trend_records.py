"""What the course over the years is made of: a year's figures, what was typed for it, the table and the chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from plans.charts import Chart
from plans.models import EnteredFigure, PlanIndicator
from plans.presenters.figures import printed
from plans.presenters.history import HistoryYear
from plans.standing.records import Computed
from plans.targets.printed import in_numbers


@dataclass(frozen=True)
class YearFigure:
    """A year (or the part of it that counts) on one boundary, printed. `part` says which months, if not all.

    `computed` is None where the figure is hidden: it could point at a person.
    """

    value: str
    counts: str
    interval: str
    reports: str
    note: str
    part: str
    computed: Computed | None


@dataclass(frozen=True)
class Row:
    """One year: restated, as it was on each other boundary, entered, as an old report gives it, what is promised.

    `entered` and `total` are unrounded, each with its text beside it.
    """

    year: int
    restated: YearFigure | None
    as_was: list[YearFigure | None]
    entered: Fraction | None
    entered_text: str
    total: Fraction | None
    total_text: str
    total_source: str
    target: str

    @property
    def is_computed(self) -> bool:
        """Whether stations' reports give the year a figure on one of the boundaries, be it a hidden one."""
        found = [one for one in (self.restated, *self.as_was) if one is not None]
        return any(one.computed is None or one.computed.figure.value is not None for one in found)

    @property
    def is_known(self) -> bool:
        figures = (self.restated, *self.as_was, self.entered, self.total)
        return bool(self.target) or any(one is not None for one in figures)


@dataclass(frozen=True)
class Trend:
    """`boundary` names the restated series, `others` the as-was ones; `chart` None where nothing can be drawn."""

    boundary: str
    others: list[str]
    rows: list[Row]
    chart: Chart | None
    has_entered: bool
    has_totals: bool


@dataclass(frozen=True)
class Typed:
    """What people typed for whole years: the newest figure entered of each, and the total an old report gives."""

    entered: dict[int, EnteredFigure]
    totals: dict[int, HistoryYear]

    @classmethod
    def of(cls, entered: Sequence[EnteredFigure], totals: Sequence[HistoryYear]) -> Typed:
        newest = sorted(entered, key=lambda one: (one.at, one.pk))
        return cls(
            {one.year: one for one in newest if one.kind == EnteredFigure.Kind.ACTUAL},
            {one.year: one for one in totals},
        )

    def row(
        self, line: PlanIndicator, year: int, restated: YearFigure | None, as_was: list[YearFigure | None]
    ) -> Row:
        entered, total = self.entered.get(year), self.totals.get(year)
        return Row(
            year=year,
            restated=restated,
            as_was=as_was,
            entered=Fraction(entered.value) if entered else None,
            entered_text=printed(entered.value, line) if entered else "",
            total=total.figure if total else None,
            total_text=total.value if total else "",
            total_source=total.source if total else "",
            target=next(
                (in_numbers(target.text) for target in line.targets.all() if target.year == year), ""
            ),
        )
