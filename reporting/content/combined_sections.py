"""The sentences of the combined report: the tally over all plans, and what each of them has to say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from plans.assessment import Status
from plans.standing import LineStanding
from reporting.content import budget, tasks, wording
from reporting.content.combined_plans import PlanPart
from reporting.content.sections import Block, block, money_blocks

TROUBLED = {
    Status.NOT_MET: "Chỉ tiêu không đạt:",
    Status.AT_RISK: "Chỉ tiêu có nguy cơ không đạt:",
    Status.NO_DATA: "Chỉ tiêu chưa có số liệu:",
    Status.NOT_ASSESSED: "Chỉ tiêu chưa đánh giá:",
}
# There is no figure or verdict to tell in a sentence.
ONLY_NAMED = (Status.NO_DATA, Status.NOT_ASSESSED)


def overall(parts: Sequence[PlanPart], basis: str) -> list[Block]:
    """The tallies of lines and tasks over all plans, each with a table of a row a plan."""
    judged = [standing for part in parts for standing in part.main]
    states = [state for part in parts for state in part.states]
    table = [{"kind": "table", "key": "plan_tasks"}] if states else []
    return [
        block("paragraph", wording.overall(judged, f"Tổng hợp {len(parts):02d} kế hoạch"), "overall"),
        {"kind": "table", "key": "plans"},
        block("paragraph", basis),
        block("paragraph", tasks.overall(states), "tasks"),
        *table,
        block("paragraph", "Chi tiết tại các Phụ lục I, II, III kèm theo."),
    ]


def by_plan(parts: Sequence[PlanPart]) -> list[Block]:
    return list(chain.from_iterable(_plan(number, part) for number, part in enumerate(parts, start=1)))


def _plan(number: int, part: PlanPart) -> list[Block]:
    slug = part.plan.slug
    return [
        block("heading", f"{number}. {part.title}"),
        block("paragraph", part.boundaries["text"]),
        block("point", "a) Chỉ tiêu"),
        block("paragraph", wording.overall(part.main), f"plan:{slug}:overall"),
        *_troubled(part),
        block("point", "b) Nhiệm vụ"),
        block("paragraph", tasks.overall(part.states), f"plan:{slug}:tasks"),
        *[block("item", f"Chậm tiến độ: {text}") for text in tasks.late_items(part.tasks, part.states)],
        block("point", "c) Kinh phí"),
        *_money(part),
    ]


def _troubled(part: PlanPart) -> list[Block]:
    """The lines that are not met, will miss or tell nothing, each in its sentence; those without any by name."""
    blocks: list[Block] = []
    for status, lead in TROUBLED.items():
        own = [one for one in part.main if one.targets and one.assessment.status == status]
        if not own:
            continue
        if status in ONLY_NAMED:
            names = "; ".join(wording.line_name(one.line) for one in own)
            blocks.append(block("paragraph", f"{lead} {names}."))
            continue
        blocks.append(block("paragraph", lead))
        blocks += [_sentence(part, one) for one in own]
    return blocks


def _sentence(part: PlanPart, standing: LineStanding) -> Block:
    key = standing.line.key
    return block("item", wording.sentence(standing, part.before[key]), f"plan:{part.plan.slug}:line:{key}")


def _money(part: PlanPart) -> list[Block]:
    texts = budget.paragraphs(part.money, part.year)
    blocks = [block("paragraph", text) for text in texts]
    blocks[-1]["key"] = f"plan:{part.plan.slug}:budget"
    return blocks


def money(parts: Sequence[PlanPart], year: int) -> list[Block]:
    """The money of all plans together."""
    lines = [line for part in parts for line in part.money]
    if not lines:
        return money_blocks([f"Các kế hoạch không ghi kinh phí giao cho năm {year}."], has_table=False)
    return money_blocks(budget.paragraphs(lines, year), has_table=True)
