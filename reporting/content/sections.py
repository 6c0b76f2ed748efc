"""Sections I to VII: what the portal computes, and the places of what the officer types.

A section is `{"label", "title", "blocks"}`; a block is `{"kind": "heading" | "point" | "paragraph" | "item",
"text"}`, `{"kind": "typed", "key", "prompt", "text"}` (text empty: blank dotted lines) or
`{"kind": "table", "key"}`. A computed block with a `key` is one the officer may add to: what was added
follows it as `{"kind": "addition", "key", "text"}`; the computed words themselves stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from plans.models import BudgetLine, Task
from plans.standing import LineStanding
from reporting.content import budget, tasks, wording
from reporting.content.lines import Before, heading
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

    def typed(key: str) -> Block:
        return {"kind": "typed", "key": key, "prompt": NARRATIVE[key], "text": narrative.get(key, "")}

    money = [_block("paragraph", text) for text in budget.paragraphs(budget_lines, period.year)]
    money[-1]["key"] = "budget"
    if any(line.year == period.year for line in budget_lines):
        money.append({"kind": "table", "key": "budget"})
    written = [
        _section("I", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", [typed("direction")]),
        _section("II", "KẾT QUẢ THỰC HIỆN MỤC TIÊU, CHỈ TIÊU", _results(standings, before, basis)),
        _section("III", "KẾT QUẢ THỰC HIỆN NHIỆM VỤ", _tasks(plan_tasks, states)),
        _section("IV", "KINH PHÍ", money),
        _section(
            "V",
            "ĐÁNH GIÁ CHUNG",
            [
                _block("heading", "1. Ưu điểm"),
                typed("strengths"),
                _block("heading", "2. Tồn tại, hạn chế"),
                typed("limits"),
                _block("heading", "3. Nguyên nhân"),
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
    for block in blocks:
        shown.append(block)
        text = additions.get(block.get("key", ""), "").strip() if block["kind"] in COMPUTED else ""
        if text:
            shown.append({"kind": "addition", "key": block["key"], "text": text})
    return shown


def _section(label: str, title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"label": label, "title": title, "blocks": blocks}


def _block(kind: str, text: str, key: str = "") -> Block:
    return {"kind": kind, "text": text, **({"key": key} if key else {})}


def _results(standings: Sequence[LineStanding], before: Before, basis: str) -> list[Block]:
    main = [standing for standing in standings if not standing.line.is_further]
    further = [standing for standing in standings if standing.line.is_further]
    blocks = [
        _block("heading", "1. Đánh giá chung"),
        _block("paragraph", wording.overall(main), "overall"),
        _block("paragraph", basis),
        _block("heading", "2. Kết quả cụ thể"),
    ]
    objective, letter = None, 0
    for standing in main:
        if standing.line.objective_id != objective:
            objective = standing.line.objective_id
            blocks.append(_block("point", f"{POINTS[letter % len(POINTS)]}) {heading(standing)}"))
            letter += 1
        blocks.append(_sentence(standing, before))
    if further:
        blocks.append(
            _block("point", f"{POINTS[letter % len(POINTS)]}) Chỉ tiêu nêu trong phần lời của kế hoạch")
        )
        blocks += [_sentence(standing, before) for standing in further]
    return [*blocks, _block("paragraph", "Chi tiết tại các Phụ lục I, II, III kèm theo.")]


def _sentence(standing: LineStanding, before: Before) -> Block:
    key = standing.line.key
    return _block("item", wording.sentence(standing, before[key]), f"line:{key}")


# Vietnamese points run a, b, c, d, đ, e, g (decree 30/2020).
POINTS = "abcdđeghiklmnopq"


def _tasks(plan_tasks: Sequence[Task], states: Sequence[str]) -> list[Block]:
    blocks = [_block("paragraph", tasks.overall(states), "tasks")]
    if plan_tasks:
        blocks.append({"kind": "table", "key": "tasks_by_agency"})
    if late := tasks.late_items(plan_tasks, states):
        blocks.append(_block("paragraph", "Các nhiệm vụ chậm tiến độ:"))
        blocks += [_block("item", text) for text in late]
    return blocks
