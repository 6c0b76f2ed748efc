"""What a person or a file wrote in a cell: a count, blank, or "không có số liệu" (pure).

The three never stand for each other: 0 is a count, blank is not yet entered. What can not be read keeps
its text, so that nothing typed is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from facilities.numbers import AmbiguousNumber, NotANumber, parse_number

GREATEST = 10**12
NO_DATA_WORDS = frozenset({"na", "n/a", "không có số liệu"})


class Problem(StrEnum):
    """Why a text is no count."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    DECIMAL = "decimal"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class CellValue:
    """The state of one cell. Blank is `CellValue()`."""

    value: int | None = None
    no_data: bool = False

    def __str__(self) -> str:
        """The text that reads back as this state."""
        return "NA" if self.no_data else "" if self.value is None else str(self.value)

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.no_data

    @property
    def is_possible(self) -> bool:
        """A count from 0 to 10¹², and never together with "không có số liệu"."""
        if self.value is None:
            return True
        return not self.no_data and 0 <= self.value <= GREATEST


BLANK = CellValue()
NO_DATA = CellValue(no_data=True)


@dataclass(frozen=True)
class Reading:
    """The text as written and either the cell it means or the problem with it.

    An ambiguous text (`1.234`) carries both readings, the count first, for the person to choose.
    """

    text: str
    cell: CellValue | None = None
    problem: Problem | None = None
    choices: tuple[str, ...] = ()


def read(text: str) -> Reading:
    """Read one cell. Never raises: what can not be read comes back with its problem.

    Dots group thousands (`1.234.567`), a single group asks (domain/targets.md, "Numbers").
    """
    stripped = text.strip()
    if not stripped:
        return Reading(text, BLANK)
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= 12:
        return Reading(text, CellValue(int(stripped)))
    if stripped.lower() in NO_DATA_WORDS:
        return Reading(text, NO_DATA)
    try:
        count = int(parse_number(stripped, integer=True))
    except AmbiguousNumber as error:
        choices = (str(error.thousands), str(error.decimal).replace(".", ","))
        return Reading(text, problem=Problem.AMBIGUOUS, choices=choices)
    except NotANumber:
        return Reading(text, problem=Problem.DECIMAL if _is_number(stripped) else Problem.NOT_A_NUMBER)
    if count < 0:
        return Reading(text, problem=Problem.NEGATIVE)
    if count > GREATEST:
        return Reading(text, problem=Problem.TOO_LARGE)
    return Reading(text, CellValue(count))


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except (NotANumber, AmbiguousNumber):
        return False
    return True
