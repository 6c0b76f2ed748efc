"""What a plan file says, as frozen values. Texts stand as printed; meanings stand beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from facilities.periods import Month
from plans.targets import Meaning


@dataclass(frozen=True)
class ObjectiveEntry:
    label: str
    title: str


@dataclass(frozen=True)
class BaselineEntry:
    """The cell of the baseline column; `meaning` is None where it is blank."""

    year: int
    text: str
    meaning: Meaning | None


@dataclass(frozen=True)
class TargetEntry:
    """A year's target. No meanings: the cell is blank. At most one meaning of each kind."""

    year: int
    text: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class LineEntry:
    """One line. `group` is as printed; `baseline` None where the plan has no baseline column."""

    key: str
    label: str
    objective: str
    parent: str
    name: str
    original: str
    indicator: str
    group: str
    unit: str
    direction: str
    decimals: int
    tolerance: Decimal | None
    origin: str
    body_text: str
    baseline: BaselineEntry | None
    targets: tuple[TargetEntry, ...]
    is_further: bool


@dataclass(frozen=True)
class TaskEntry:
    """`lead` and `partners` are agencies under their printed names; `refers_to` is another plan's slug."""

    label: str
    section: str
    content: str
    original: str
    lead: tuple[str, ...]
    partners: tuple[str, ...]
    due: Month | None
    output: str
    note: str
    refers_to: str


@dataclass(frozen=True)
class BudgetEntry:
    year: int
    amount: int
    currency: str
    source: str
    words: str


@dataclass(frozen=True)
class DutyEntry:
    """A report duty: `due` once, or `month` and `day` every year, or neither where the plan names no day."""

    key: str
    reporters: tuple[str, ...]
    recipient: str
    through: str
    period: str
    due: date | None
    month: int | None
    day: int | None
    years_after: int
    text: str


@dataclass(frozen=True)
class PlanFile:
    """A whole plan. `area` is `code@valid_from`, `sections` the document as (heading, text) in order."""

    slug: str
    number: str
    title: str
    short_title: str
    issuer: str
    area: str
    issued_on: date | None
    start_year: int
    end_year: int
    baseline_year: int | None
    legal_bases: tuple[str, ...]
    report_due: date | None
    report_text: str
    duties: tuple[DutyEntry, ...]
    objectives: tuple[ObjectiveEntry, ...]
    lines: tuple[LineEntry, ...]
    tasks: tuple[TaskEntry, ...]
    budget: tuple[BudgetEntry, ...]
    sections: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class AgencyEntry:
    """An agency during its life; its key is (name, area), and so is its successor's."""

    name: str
    short: str
    area: str
    superior: str
    valid_from: date
    valid_to: date | None
    successor: tuple[str, str] | None
