"""Section IV: money assigned, spent, and the rate of disbursement."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from facilities.numbers import amount_in_words, format_number
from plans.models import BudgetLine, Plan
from reporting.content.cells import NONE, Cell, Row, Table, column, number, row, table


def read_budget(plan: Plan) -> list[BudgetLine]:
    return list(plan.budget_lines.order_by("year", "source"))


def paragraphs(lines: Sequence[BudgetLine], year: int) -> list[str]:
    """The money of the year in sentences, amounts also in words."""
    return _sentences([line for line in lines if line.year == year], f"năm {year}")


def period_paragraphs(lines: Sequence[BudgetLine], years: range) -> list[str]:
    """The same of several years together."""
    return _sentences([line for line in lines if line.year in years], f"giai đoạn {years[0]} - {years[-1]}")


def _sentences(own: Sequence[BudgetLine], when: str) -> list[str]:
    if not own:
        return [f"Kế hoạch không ghi kinh phí giao cho {when}."]
    assigned = sum(line.amount for line in own)
    texts = [f"Kinh phí giao {when}: {money(assigned)}."]
    known = [line for line in own if line.spent is not None]
    if not known:
        return [*texts, "Kinh phí thực hiện: chưa có số liệu."]
    spent = sum((line.spent for line in known if line.spent is not None), Decimal(0))
    texts.append(f"Kinh phí thực hiện: {money(spent)}.")
    if len(known) < len(own):
        return [*texts, "Một số nguồn chưa có số liệu thực hiện nên chưa tính tỷ lệ giải ngân chung."]
    if assigned:
        texts.append(f"Tỷ lệ giải ngân: {format_number(Fraction(spent) / Fraction(assigned) * 100, 1)}%.")
    return texts


def money(amount: Decimal) -> str:
    """ "745.880.000 đồng (Bảy trăm bốn mươi lăm triệu, tám trăm tám mươi nghìn đồng)"."""
    return f"{format_number(amount, 0)} đồng ({amount_in_words(int(amount))})"


def budget_table(lines: Sequence[BudgetLine]) -> Table:
    rows: list[Row] = [
        row([str(line.year), line.source, number(line.amount), number(line.spent), rate(line)])
        for line in lines
    ]
    if len(rows) > 1:
        rows.append(row(["", "Cộng", *total_cells(lines)], "total"))
    return table(
        "budget",
        "KINH PHÍ THỰC HIỆN KẾ HOẠCH",
        [
            column("Năm", 8, "center"),
            column("Nguồn", 40),
            column("Kinh phí giao (đồng)", 18, "right"),
            column("Thực hiện (đồng)", 18, "right"),
            column("Tỷ lệ giải ngân", 12, "right"),
        ],
        rows,
    )


def total_cells(lines: Sequence[BudgetLine]) -> list[Cell]:
    """What all lines come to: assigned, spent, and the rate where every line's spending is known."""
    assigned = sum(line.amount for line in lines)
    known = [line.spent for line in lines if line.spent is not None]
    spent = sum(known) if known else None
    share = percent(spent if len(known) == len(lines) else None, assigned)
    return [number(assigned), number(spent), share]


def rate(line: BudgetLine) -> Cell:
    return percent(line.spent, line.amount)


def percent(spent: Decimal | None, assigned: Decimal) -> Cell:
    if spent is None or not assigned:
        return NONE
    return number(Fraction(spent) / Fraction(assigned) * 100, 1, suffix="%")
