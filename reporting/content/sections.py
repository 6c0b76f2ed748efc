"""Sections I to VII: what the portal computes, and the places of what the officer types.

A section is `{"label", "title", "blocks"}`; a block is `{"kind": "heading" | "point" | "paragraph" | "item",
"text"}`, `{"kind": "typed", "key", "prompt", "text"}` (text empty: blank dotted lines),
`{"kind": "table", "key"}` or `{"kind": "chart", "key", "size"}` (`whole` where none is given, `low` or `half`).
A computed block with a `key` is one the officer may add to: what was added follows it as `{"kind": "addition",
"key", "text"}`; the computed words themselves stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from plans.models import BudgetLine, Task
from plans.standing import LineStanding
from reporting.content import budget, tasks, wording
from reporting.content.lines import Before, grouped, main_lines
from reporting.content.periods import ReportPeriod

Block = dict[str, Any]
COMPUTED = ("paragraph", "item")
# What the officer types, in the order of the document.
NARRATIVE = {
    "direction": "Công tác chỉ đạo, điều hành",
    "strengths": "Ưu điểm",
    "limits": "Tồn tại, hạn chế",
    "causes": "Nguyên nhân",
    "next": "Phương hướng, nhiệm vụ",
    "proposals": "Đề xuất, kiến nghị",
}


def sections(
    *,
    period: ReportPeriod,
    standings: Sequence[LineStanding],
    before: Before,
    plan_tasks: Sequence[Task],
    budget_lines: Sequence[BudgetLine],
    narrative: dict[str, str],
    additions: dict[str, str],
    basis: str,
    today: date,
) -> list[dict[str, Any]]:
    """All seven sections of the report form (Mẫu 1.4)."""
    states = [tasks.state_of(task, period, today) for task in plan_tasks]
    has_money = any(line.year == period.year for line in budget_lines)
    return frame(
        [
            ("KẾT QUẢ THỰC HIỆN MỤC TIÊU, CHỈ TIÊU", _results(standings, before, basis)),
            ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", task_blocks(plan_tasks, states)),
            ("KINH PHÍ", money_blocks(budget.paragraphs(budget_lines, period.year), has_table=has_money)),
        ],
        narrative,
        additions,
    )


def frame(
    computed: Sequence[tuple[str, list[Block]]], narrative: dict[str, str], additions: dict[str, str]
) -> list[dict[str, Any]]:
    """Sections I to VII around the three that are computed: II, III and IV, each with its title."""

    def typed(key: str) -> Block:
        return {"kind": "typed", "key": key, "prompt": NARRATIVE[key], "text": narrative.get(key, "")}

    written = [
        _section("I", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", [typed("direction")]),
        *[_section(label, *one) for label, one in zip(("II", "III", "IV"), computed, strict=True)],
        _section(
            "V",
            "ĐÁNH GIÁ CHUNG",
            [
                block("heading", "1. Ưu điểm"),
                typed("strengths"),
                block("heading", "2. Tồn tại, hạn chế"),
                typed("limits"),
                block("heading", "3. Nguyên nhân"),
                typed("causes"),
            ],
        ),
        _section("VI", "PHƯƠNG HƯỚNG, NHIỆM VỤ", [typed("next")]),
        _section("VII", "ĐỀ XUẤT, KIẾN NGHỊ", [typed("proposals")]),
    ]
    return [{**section, "blocks": with_additions(section["blocks"], additions)} for section in written]


def with_additions(blocks: Sequence[Block], additions: dict[str, str]) -> list[Block]:
    """After each block what the officer added to it."""
    shown: list[Block] = []
    for one in blocks:
        shown.append(one)
        text = additions.get(one.get("key", ""), "").strip() if one["kind"] in COMPUTED else ""
        if text:
            shown.append({"kind": "addition", "key": one["key"], "text": text})
    return shown


def _section(label: str, title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"label": label, "title": title, "blocks": blocks}


def block(kind: str, text: str, key: str = "") -> Block:
    return {"kind": kind, "text": text, **({"key": key} if key else {})}


def _results(standings: Sequence[LineStanding], before: Before, basis: str) -> list[Block]:
    return [
        block("heading", "1. Đánh giá chung"),
        block("paragraph", wording.overall(main_lines(standings)), "overall"),
        block("paragraph", basis),
        block("heading", "2. Kết quả cụ thể"),
        *by_objective(standings, lambda one: wording.sentence(one, before[one.line.key])),
        block("paragraph", "Chi tiết tại các Phụ lục I, II, III kèm theo."),
    ]


def by_objective(standings: Sequence[LineStanding], sentence: Callable[[LineStanding], str]) -> list[Block]:
    """A point an objective, under it a sentence a line."""
    blocks: list[Block] = []
    for index, (title, own) in enumerate(grouped(standings)):
        blocks.append(block("point", f"{POINTS[index % len(POINTS)]}) {title}"))
        blocks += [block("item", sentence(one), f"line:{one.line.key}") for one in own]
    return blocks


# Vietnamese points run a, b, c, d, đ, e, g (decree 30/2020).
POINTS = "abcdđeghiklmnopq"


def money_blocks(sentences: Sequence[str], *, has_table: bool) -> list[Block]:
    blocks = [block("paragraph", text) for text in sentences]
    blocks[-1]["key"] = "budget"
    return [*blocks, {"kind": "table", "key": "budget"}] if has_table else blocks


def task_blocks(plan_tasks: Sequence[Task], states: Sequence[str]) -> list[Block]:
    blocks = [block("paragraph", tasks.overall(states), "tasks")]
    if plan_tasks:
        blocks.append({"kind": "table", "key": "tasks_by_agency"})
    if late := tasks.late_items(plan_tasks, states):
        blocks.append(block("paragraph", "Các nhiệm vụ chậm tiến độ:"))
        blocks += [block("item", text) for text in late]
    return blocks
