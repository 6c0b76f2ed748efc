"""Annex I: every line of the plan in the ten columns of the report form."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from facilities.numbers import format_number
from facilities.periods import Month
from plans.models import Plan, Target
from plans.standing import LineStanding
from reporting.content.cells import (
    HIDDEN,
    NONE,
    Cell,
    Row,
    Table,
    column,
    number,
    row,
    share_of,
    table,
    text_of,
    worded,
)
from reporting.content.comparison import (
    growth_cell,
    last_year_level,
    rounding_words,
    target_cell,
    value_cell,
)
from reporting.content.periods import ReportPeriod, month_words
from reporting.content.targets import SAME, in_numbers, repeats
from reporting.content.units import explained
from reporting.content.wording import (
    HIDDEN_WORDS,
    boundary_words,
    counts_words,
    doubts,
    interval_words,
    next_target_words,
    verdict_word,
)

Before = dict[str, Fraction | None]
UNIT_PLACE = 2
FURTHER = "Chỉ tiêu nêu trong phần lời của kế hoạch"


def levels_before(standings: Sequence[LineStanding], then: Sequence[LineStanding]) -> Before:
    """Last year's level at the same time, by line key."""
    same = {standing.line.key: standing for standing in then}
    return {s.line.key: last_year_level(s, same.get(s.line.key)) for s in standings}


def lines_table(
    plan: Plan,
    period: ReportPeriod,
    standings: Sequence[LineStanding],
    before: Before,
    as_of: Month | None,
) -> Table:
    """The table, objectives as groups."""
    estimated = any(standing.source == "estimate" for standing in standings)
    return table_of_lines(lines_rows(plan, standings, before), period, as_of, estimated=estimated)


def lines_rows(plan: Plan, standings: Sequence[LineStanding], before: Before) -> list[Row]:
    rows: list[Row] = []
    for title, own in grouped(standings):
        rows.append(row([title], "group"))
        rows += [_row(plan, standing, before[standing.line.key]) for standing in own]
    return rows


def main_lines(standings: Sequence[LineStanding]) -> list[LineStanding]:
    """The lines of the plan's table, which the overall tally counts."""
    return [standing for standing in standings if not standing.line.is_further]


def grouped(standings: Sequence[LineStanding]) -> list[tuple[str, list[LineStanding]]]:
    """Objectives with their lines, in the plan's order; lines that stand only in the plan's body come last."""
    groups: list[tuple[str, list[LineStanding]]] = []
    objective = None
    for standing in main_lines(standings):
        if standing.line.objective_id != objective:
            objective = standing.line.objective_id
            groups.append((heading(standing), []))
        groups[-1][1].append(standing)
    further = [standing for standing in standings if standing.line.is_further]
    return [*groups, (FURTHER, further)] if further else groups


def table_of_lines(
    rows: Sequence[Row], period: ReportPeriod, as_of: Month | None, *, estimated: bool
) -> Table:
    done = "Thực hiện (hoặc ước TH)" if estimated else "Thực hiện"
    reached = period.title if as_of in (None, period.last) else f"đến tháng {month_words(as_of)}"
    note = (
        "So với KH: tỷ lệ % của kế hoạch, hoặc chênh lệch với kế hoạch (+/−) nơi tỷ lệ không có nghĩa. "
        "So với cùng kỳ: chênh lệch theo đơn vị của chỉ tiêu; chỉ tiêu là số lượng thì theo %."
    )
    return table(
        "lines",
        "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
        [
            column("STT", 4, "center"),
            column("Chỉ tiêu", 22),
            column("Đơn vị tính", 7, "center"),
            column(f"Thực hiện năm {period.year - 1}", 8, "right"),
            column(f"Kế hoạch năm {period.year}", 8, "right", has_numbers=True),
            column(f"{done} {reached}", 8, "right"),
            column("So với KH", 7, "right"),
            column("So với cùng kỳ", 7, "right"),
            column("Đánh giá", 8, "center"),
            column("Ghi chú", 21),
        ],
        rows,
        note=f"{note} {unit_note(rows)}".strip(),
    )


def unit_note(rows: Sequence[Row]) -> str:
    """What the abbreviations in the third column stand for, where units stand."""
    return explained(text_of(row["cells"][UNIT_PLACE]) for row in rows if row["kind"] != "group")


def heading(standing: LineStanding) -> str:
    objective = standing.line.objective
    return objective.title if objective.label[:1].isdigit() else f"{objective.label}: {objective.title}"


def _row(plan: Plan, standing: LineStanding, before: Fraction | None) -> Row:
    line = standing.line
    return row(
        [
            line.label,
            line.name if line.parent_id else capitalised(line.name),
            line.unit or NONE,
            last_year_cell(plan, standing),
            planned_cell(standing),
            value_cell(standing),
            target_cell(standing),
            growth_cell(standing, before),
            verdict_word(standing),
            note(plan, standing),
        ],
        "part" if line.parent_id else "line",
        line.key,
    )


def planned_cell(standing: LineStanding) -> Cell:
    return target_text_cell(standing.targets, standing.line.name)


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def target_text_cell(targets: Sequence[Target], name: str) -> Cell:
    """A year's target as printed: a number where it is one plain number, else words with their number.

    name: of the line, which a target in words may only repeat.
    """
    text = in_numbers(targets[0].text) if targets else ""
    if not text:
        return NONE
    if repeats(name, text):
        return f"{SAME[0].upper()}{SAME[1:]}"
    target = targets[0]
    if len(targets) > 1 or target.value is None or target.upper is not None:
        return text
    bare, suffix = (text[:-1], "%") if text.endswith("%") else (text, "")
    decimals = len(bare.partition(",")[2])
    if bare.replace(".", "") != format_number(target.value, decimals).replace(".", ""):
        return worded(text, target.value)
    return {**number(target.value, decimals, suffix=suffix), "text": text}


def prints_baseline(plan: Plan, standing: LineStanding) -> bool:
    """Whether last year is the plan's baseline year, on the boundaries the baseline was printed for."""
    is_baseline_year = plan.baseline_year == standing.year - 1 and not standing.is_restated
    return is_baseline_year and bool(standing.line.baseline_text)


def last_year_cell(plan: Plan, standing: LineStanding) -> Cell:
    """The plan's own printed baseline for its baseline year; otherwise last year on the plan's boundaries."""
    line = standing.line
    if prints_baseline(plan, standing):
        bare = line.baseline_kind == "level" and line.baseline_operator in ("", "=") and line.baseline_value
        is_number = bare and line.baseline_text.strip().replace(".", "").replace(",", "").isdigit()
        text = in_numbers(line.baseline_text)
        return {**number(line.baseline_value, line.decimals), "text": text} if is_number else text
    if standing.is_previous_hidden:
        return HIDDEN
    return NONE if standing.states_change else number(standing.previous, line.decimals)


def note(plan: Plan, standing: LineStanding) -> str:
    """Counts or why there are none, interval, a computed baseline that differs, what shakes the verdict."""
    line = standing.line
    parts = ["ước thực hiện" if standing.source == "estimate" else "", counts_words(standing)]
    parts += [HIDDEN_WORDS] if standing.is_hidden or standing.is_previous_hidden else []
    parts += [
        rounding_words(standing),
        interval_words(standing),
        computed_baseline(plan, standing),
        next_target_words(standing),
    ]
    if "no_exact_figure" in standing.assessment.flags:
        parts.append("không có số liệu chính xác trên ranh giới này")
    if standing.source == "computed" and standing.reported < standing.expected:
        parts.append(f"báo cáo đủ {text_of(share_of(standing.reported, standing.expected))}")
    parts.append(boundary_words(standing))
    if line.body_text and not line.is_further:
        parts.append(f"thân kế hoạch ghi: {line.body_text.rstrip('.')}")
    text = "; ".join(part for part in [*parts, *doubts(standing)] if part)
    return capitalised(text)


def computed_baseline(plan: Plan, standing: LineStanding) -> str:
    """Both baselines are shown where the computed one differs, at the plan's decimals, from the printed one."""
    line = standing.line
    known = standing.previous is not None and standing.previous_source == "computed"
    if not known or standing.states_change or not prints_baseline(plan, standing):
        return ""
    computed = format_number(standing.previous, line.decimals)
    printed = line.baseline_value
    if printed is not None and format_number(printed, line.decimals) == computed:
        return ""
    return f"số tính được năm {standing.year - 1}: {computed}"
