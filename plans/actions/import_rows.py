"""Rows of a CSV of figures people typed: numbers and years read strictly, what is wrong said by column."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from facilities.numbers import AmbiguousNumber, NotANumber, format_number, parse_number
from indicators.figure_file import Rejected

YEAR_DIGITS = 4


def read_number(text: dict[str, str], name: str, problems: dict[str, str]) -> Decimal | None:
    """The number of a column; None where it is blank, or with a problem where it is none."""
    typed = text[name]
    if not typed:
        return None
    try:
        return parse_number(typed)
    except AmbiguousNumber as error:
        problems[name] = ambiguous_words(error)
    except NotANumber:
        problems[name] = _("“%s” không phải là số.") % typed
    return None


def ambiguous_words(error: AmbiguousNumber) -> str:
    """Both readings, each written so that it has no other: 1234 and 1,234."""
    readings = {
        "text": error.text,
        "one": str(error.thousands),
        "other": format_number(error.decimal.normalize()),
    }
    return _("“%(text)s” có thể là %(one)s hoặc %(other)s; hãy viết rõ.") % readings


def read_year(text: dict[str, str], problems: dict[str, str]) -> int | None:
    typed = text["year"]
    if typed.isascii() and typed.isdigit() and len(typed) == YEAR_DIGITS:
        return int(typed)
    problems["year"] = _("Năm gồm bốn chữ số.")
    return None


def rejected(number: int, problems: dict[str, str], columns: Sequence[str]) -> Rejected:
    """The first bad column; the reason names the others too."""
    first, *others = [name for name in ("", *columns) if name in problems]
    return Rejected(
        number, first, " ".join([problems[first], *(f"{name}: {problems[name]}" for name in others)])
    )
