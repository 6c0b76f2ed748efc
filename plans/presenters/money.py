"""The money of a plan: planned, spent and the rate, by year and in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from plans.models import BudgetLine


@dataclass(frozen=True)
class Sum:
    """`rate` is spent / planned in percent of the lines that report spending; None where none does."""

    amount: Decimal
    spent: Decimal | None
    rate: Decimal | None


@dataclass(frozen=True)
class Line:
    line: BudgetLine
    rate: Decimal | None


@dataclass(frozen=True)
class Year:
    year: int
    currency: str
    lines: list[Line]
    total: Sum


@dataclass(frozen=True)
class Money:
    years: list[Year]
    totals: list[tuple[str, Sum]]


def present_money(lines: Iterable[BudgetLine]) -> Money:
    """By year and currency; unlike currencies are never added."""
    lines = sorted(lines, key=lambda line: (line.year, line.currency, line.source))
    years = [
        Year(year, currency, [Line(line, rate(line.amount, line.spent)) for line in group], sum_of(group))
        for (year, currency), group in _grouped(lines, lambda line: (line.year, line.currency))
    ]
    by_currency = sorted(lines, key=lambda line: line.currency)
    totals = [(code, sum_of(group)) for code, group in _grouped(by_currency, lambda line: line.currency)]
    return Money(years, totals)


def sum_of(lines: Iterable[BudgetLine]) -> Sum:
    lines = list(lines)
    told = [line for line in lines if line.spent is not None]
    spent = sum((line.spent for line in told), Decimal(0)) if told else None
    planned = sum((line.amount for line in told), Decimal(0))
    return Sum(sum((line.amount for line in lines), Decimal(0)), spent, rate(planned, spent))


def rate(amount: Decimal, spent: Decimal | None) -> Decimal | None:
    """Percent of the plan spent; nothing where nothing was planned or reported."""
    return None if spent is None or not amount else spent / amount * 100


def _grouped(lines: list[BudgetLine], key: object) -> list[tuple]:
    return [(value, list(group)) for value, group in groupby(lines, key=key)]
