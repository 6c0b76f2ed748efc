"""The scorecard as a table to download."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.table_files import Cell, Sheet, number
from plans.assessment import Assessment
from plans.assessment.records import Flag
from plans.presenters.choices import Choices, boundary_words
from plans.presenters.figures import previous_level
from plans.presenters.hiding import hidden_word, why_hidden
from plans.presenters.scorecard import Row, Scorecard, target_of
from plans.presenters.words import VERDICTS, number_words


def scorecard_sheet(card: Scorecard, choices: Choices) -> Sheet:
    rows = [(section.title, row) for section in card.sections for row in section.rows]
    rows += [(_("Chỉ tiêu trong thân văn bản"), row) for row in card.further]
    facts = facts_of(choices, reported=card.reported, expected=card.expected)
    if any(row.standing.is_hidden or row.standing.is_previous_hidden for _title, row in rows):
        facts.append((_("Ghi chú"), why_hidden()))
    return Sheet(
        name=f"{choices.plan.slug}-{choices.as_of or choices.year}",
        facts=facts,
        heads=[
            _("Mục tiêu"), _("TT"), _("Chỉ tiêu"), _("Đơn vị tính"),
            _("Thực hiện %(year)s") % {"year": choices.year - 1},
            _("Thực hiện %(year)s, như bản in") % {"year": choices.year - 1},
            _("Kế hoạch %(year)s") % {"year": choices.year},
            _("Kế hoạch %(year)s, như bản in") % {"year": choices.year},
            _("Thực hiện đến kỳ"), _("Tử số"), _("Mẫu số"), _("Nguồn"), _("Đánh giá"),
            _("So với kế hoạch (%)"), _("Chênh lệch"), _("Dự báo cả năm"),
            _("Dự báo thấp nhất"), _("Dự báo cao nhất"),
            _("Cận dưới 95%"), _("Cận trên 95%"), _("Cơ sở–tháng đã có"), _("Cơ sở–tháng phải có"), _("Ghi chú"),
        ],
        rows=[_cells(title, row) for title, row in rows],
    )  # fmt: skip


def facts_of(choices: Choices, *, reported: int, expected: int) -> list[tuple[str, str]]:
    """What every table of a plan says of itself."""
    plan = choices.plan
    facts = [
        (_("Kế hoạch"), f"{number_words(plan.number)} {plan.title}".strip()),
        (_("Năm"), str(choices.year)),
        (_("Số liệu đến"), str(choices.as_of or _("chưa có"))),
        (_("Ranh giới hành chính"), boundary_words(choices.area)),
        (_("Đủ số liệu (cơ sở–tháng)"), f"{reported}/{expected}"),
        (_("Các số"), _("chưa làm tròn; trang và báo cáo in theo số chữ số thập phân của kế hoạch")),
    ]
    if choices.status:
        facts.append((_("Chỉ các dòng"), str(VERDICTS[choices.status])))
    if choices.computed_at:
        facts.append((_("Tính lúc"), f"{timezone.localtime(choices.computed_at):%d/%m/%Y %H:%M}"))
    if choices.is_waiting:
        facts.append((_("Lưu ý"), _("Đang tính lại: các số là của lần tính trước.")))
    return facts


def _goal_value(assessment: Assessment) -> Fraction | None:
    """None where the target is a range, or two readings of it still wait for a decision."""
    goal = assessment.goal
    settled = goal and goal.upper is None and Flag.AMBIGUOUS_TARGET not in assessment.flags
    return goal.value if settled else None


def _cells(title: str, row: Row) -> Iterable[Cell]:
    standing = row.standing
    assessment = standing.assessment
    low, high = assessment.interval or (None, None)
    least, most = standing.projected_interval or (None, None)
    return [
        title,
        row.label,
        row.name,
        standing.line.unit,
        number(previous_level(standing)),
        row.previous,
        number(_goal_value(assessment)),
        target_of(standing)[0],
        hidden_word() if standing.is_hidden else number(standing.value),
        hidden_word() if standing.is_hidden else number(standing.numerator),
        number(standing.denominator),
        source_words(standing.source),
        row.verdict.word,
        number(assessment.percent_of_target),
        number(assessment.difference),
        number(standing.projected),
        least,
        most,
        low,
        high,
        standing.reported,
        standing.expected,
        "; ".join(filter(None, [*row.notes, row.explanation, row.open_question, *row.value_notes])),
    ]


def source_words(source: str) -> str:
    return {
        "computed": _("tính từ báo cáo"),
        "entered": _("nhập tay"),
        "estimate": _("ước thực hiện"),
    }.get(source, "")
