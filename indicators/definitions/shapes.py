"""What the catalogue files say, as frozen values. `group` is "" where a cell or term counts all people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from indicators.expressions import Cell, Expression


@dataclass(frozen=True)
class Group:
    """A group of people (`kind` people) or of places that share a trait (`kind` places)."""

    code: str
    kind: str
    name: str
    name_en: str
    trait: str = ""


@dataclass(frozen=True)
class Element:
    """A whole-number count; `period` is month or year. A stock is a state at the period's end: never added up.

    Small counts of a `sensitive` one (deaths, HIV, abortion) are hidden in what leaves the department.
    """

    code: str
    name: str
    name_en: str
    short: str
    definition: str
    definition_en: str
    source: str
    period: str
    example: str
    example_en: str
    stock: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class Item:
    """A cell of a form. `name` is "" where the element's own name (and the group's) serves."""

    element: str
    group: str = ""
    column: str = ""
    name: str = ""
    name_en: str = ""

    @property
    def cell(self) -> Cell:
        return (self.element, self.group)


@dataclass(frozen=True)
class Section:
    title: str
    title_en: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Form:
    """One version of a form: valid from `valid_from` until the day before `valid_to`.

    A monthly form is due `deadline_working_days` after the month; a yearly one on `deadline_month_day`
    (`MM-DD`) of the year it describes.
    """

    code: str
    name: str
    name_en: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    basis: str
    periodicity: str
    facility_types: tuple[str, ...]
    sections: tuple[Section, ...]
    deadline_working_days: int | None = None
    deadline_month_day: str = ""
    allows_nothing: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(item.cell for item in self.items)

    def overlaps(self, other: Form) -> bool:
        return self.valid_from < (other.valid_to or date.max) and other.valid_from < (
            self.valid_to or date.max
        )


@dataclass(frozen=True)
class Rule:
    """A comparison that must hold on one form: of each month, or of the sums since January (`scope` year).

    The other kinds look for slips against the station's own past, on every form where `form` is "*": they have
    `parameters` (indicators/slips.py) and no expression (`parsed` None).
    """

    code: str
    form: str
    message: str
    message_en: str
    kind: str = "relation"
    expression: str = ""
    parsed: Expression | None = None
    scope: str = "month"
    parameters: dict[str, int | float] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Term:
    """One summand of an indicator; `part` is numerator or denominator."""

    part: str
    element: str
    group: str = ""
    coefficient: Decimal = Decimal(1)

    @property
    def cell(self) -> Cell:
        return (self.element, self.group)


@dataclass(frozen=True)
class Indicator:
    """Numerator / denominator × factor; terms with a group give the result of that group of people."""

    code: str
    name: str
    name_en: str
    short: str
    factor: int
    unit: str
    unit_en: str
    direction: str
    timing: str
    basis: str
    interval: str
    decimals: int
    source: str
    terms: tuple[Term, ...] = ()
    official_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Catalogue:
    groups: tuple[Group, ...] = ()
    elements: tuple[Element, ...] = ()
    forms: tuple[Form, ...] = ()
    rules: tuple[Rule, ...] = ()
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One mistake: the file, the entry in it, what is wrong."""

    file: str
    entry: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.problem}"


class DefinitionError(Exception):
    """The catalogue can not be used; `problems` lists every mistake found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
