"""The scorecard of a plan as plain data: objectives, rows, tally. The same rows go into its downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.timing import LATEST
from plans.models import PlanIndicator, Target
from plans.presenters.bars import Bar, Trend, bar_of, trend_of
from plans.presenters.explanation import explain, reason_of
from plans.presenters.figures import (
    NONE,
    counts,
    counts_of,
    difference_of,
    interval_of,
    near_target_of,
    previous_of,
    printed,
    reports_of,
    value_of,
)
from plans.presenters.hiding import hidden_word
from plans.presenters.words import VERDICTS, Verdict, flag_words, percent_of_target_words, verdict
from plans.standing import LineStanding
from plans.targets.printed import in_numbers


@dataclass(frozen=True)
class Row:
    """One line of the plan, every figure already printed. `notes` stand under the verdict, `hints` under the name.

    `explanation` says in a sentence what a running year's verdict rests on, `reason` what of it the row does not
    show already. `completeness` counts in `completeness_unit`; `open_question` is what a planner has yet to decide.
    """

    standing: LineStanding
    key: str
    label: str
    name: str
    hints: list[str]
    is_sub: bool
    previous: str
    previous_note: str
    target: str
    target_note: str
    value: str
    value_notes: list[str]
    bar: Bar | None
    bar_words: str
    trend: Trend | None
    completeness: str
    completeness_unit: str
    verdict: Verdict
    notes: list[str]
    explanation: str
    reason: str
    open_question: str

    @property
    def counts_facilities(self) -> bool:
        """Whether the reports counted are those of one month, which the column's heading does not say."""
        indicator = self.standing.line.indicator
        return bool(self.completeness) and indicator is not None and indicator.timing in LATEST

    @property
    def has_origin(self) -> bool:
        """Whether there is something to say of where the figure comes from, be it why there is none."""
        return self.standing.computed is not None or self.standing.value is not None

    @property
    def has_previous_origin(self) -> bool:
        """Whether last year's figure is computed; where the plan prints its own, that is the one in the note."""
        return self.standing.previous_source == "computed"


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Scorecard:
    """`sections` hold the quantitative lines by objective, `further` what stands only in the body."""

    sections: list[Section]
    further: list[Row]
    tally: list[tuple[int, Verdict]]
    reported: int
    expected: int

    @property
    def share_reported(self) -> float | None:
        return self.reported / self.expected * 100 if self.expected else None


def present(standings: Sequence[LineStanding], status: str = "") -> Scorecard:
    """Shape the standings of a plan, only those with `status` where it is given.

    The tally and the reports count all quantitative lines either way.
    """
    main = [s for s in standings if not s.line.is_further]
    further = [s for s in standings if s.line.is_further]
    fed = [s for s in main if s.source == "computed"]
    return Scorecard(
        sections=_sections([s for s in main if not status or s.assessment.status == status]),
        further=[row_of(s) for s in further if not status or s.assessment.status == status],
        tally=tally_of(main),
        reported=sum(s.reported for s in fed),
        expected=sum(s.expected for s in fed),
    )


def tally_of(standings: Iterable[LineStanding]) -> list[tuple[int, Verdict]]:
    """How many lines have each verdict, best first; those that rest on an estimate apart ("ước đạt")."""
    found = Counter(
        (standing.assessment.status, "estimate" in standing.assessment.flags) for standing in standings
    )
    return [
        (found[status, estimated], verdict(status, ("estimate",) if estimated else ()))
        for status in VERDICTS
        for estimated in (False, True)
        if found[status, estimated]
    ]


def row_of(standing: LineStanding) -> Row:
    line = standing.line
    previous, previous_note = previous_of(standing)
    if standing.is_previous_hidden and previous == NONE:
        previous = hidden_word()
    target, target_note = target_of(standing)
    bar = bar_of(standing)
    reports, reports_unit = reported_of(standing)
    return Row(
        standing=standing,
        key=line.key,
        label=line.label,
        name=line.name,
        hints=hints_of(line),
        is_sub=line.parent_id is not None,
        previous=previous,
        previous_note=previous_note,
        target=target,
        target_note=target_note,
        value=hidden_word() if standing.is_hidden else value_of(standing),
        value_notes=value_notes(standing),
        bar=bar,
        bar_words=_bar_words(standing, target),
        trend=trend_of(standing.series),
        completeness=reports,
        completeness_unit=reports_unit,
        verdict=verdict(standing.assessment.status, standing.assessment.flags),
        notes=verdict_notes(standing),
        explanation=explain(standing),
        reason=reason_of(standing),
        open_question=open_question_of(standing),
    )


def target_of(standing: LineStanding) -> tuple[str, str]:
    """The year's target as printed, or a dash with the next one."""
    if standing.targets:
        text = in_numbers(standing.targets[0].text)
        return (text, "") if text else ("–", _("bản in để trống"))
    if standing.next_targets:
        upcoming = standing.next_targets[0]
        words = {"year": upcoming.year, "target": in_numbers(upcoming.text)}
        return "–", _("năm %(year)s: %(target)s") % words
    return "–", ""


def hints_of(line: PlanIndicator) -> list[str]:
    """What belongs to the name: its unit, its group, the text before a slip was corrected."""
    hints = []
    if line.unit and line.unit not in ("%", "‰"):
        hints.append(line.unit)
    if line.group_text:
        hints.append(_("nhóm: %(group)s") % {"group": line.group_text})
    if line.original_text and line.original_text != line.name:
        hints.append(_("bản gốc ghi “%(text)s”") % {"text": line.original_text})
    if line.body_text:
        hints.append(_("phần lời ghi: %(text)s") % {"text": line.body_text})
    return hints


def value_notes(standing: LineStanding) -> list[str]:
    """Counts, interval, pace and where the figure comes from."""
    line = standing.line
    notes = [near_target_of(standing), _counts(standing), interval_of(standing)]
    if standing.states_change and standing.level is not None:
        notes.append(_("mức %(value)s") % {"value": printed(standing.level, line)})
    if standing.source == "entered" and standing.value is not None:
        notes.append(_("nhập tay"))
    elif standing.source == "estimate":
        notes.append(_("ước thực hiện"))
    elif standing.entered.estimate and standing.estimate_assessment:
        notes.append(_("ước cả năm %(value)s") % {"value": printed(standing.entered.estimate.value, line)})
    provisional = standing.computed.provisional if standing.computed else None
    if provisional and printed(provisional.value, line) != printed(standing.level, line):
        notes.append(_("kể cả số chưa duyệt: %(value)s") % {"value": printed(provisional.value, line)})
    return [note for note in notes if note]


def _counts(standing: LineStanding) -> str:
    indicator, computed = standing.line.indicator, standing.computed
    if standing.source != "computed" or indicator is None or computed is None:
        return counts(standing.numerator, standing.denominator)
    return counts_of(computed.figure, indicator.timing)


def open_question_of(standing: LineStanding) -> str:
    """What keeps the line from being judged until its planner says it."""
    goal = standing.assessment.goal
    if goal and goal.operator == Target.Operator.ABOUT and standing.line.tolerance is None:
        return _("chưa đặt sai lệch cho phép")
    return ""


def verdict_notes(standing: LineStanding) -> list[str]:
    """What shakes the verdict, and how far the value is from its target; a sum of a running year is told apart."""
    assessment, goal = standing.assessment, standing.assessment.goal
    notes = flag_words(assessment.flags)
    if assessment.pace is not None and explain(standing):
        return notes
    if assessment.percent_of_target is not None:
        percent = percent_of_target_words(assessment.percent_of_target)
        notes.append(_("%(percent)s kế hoạch") % {"percent": percent})
    elif assessment.difference is not None and goal and goal.kind == Target.Kind.LEVEL:
        notes.append(_("chênh %(value)s") % {"value": difference_of(standing)})
    return notes


def _sections(standings: Sequence[LineStanding]) -> list[Section]:
    sections: dict[int, Section] = {}
    for standing in standings:
        objective = standing.line.objective
        section = sections.setdefault(objective.pk, Section(f"{objective.label}. {objective.title}", []))
        section.rows.append(row_of(standing))
    return list(sections.values())


def reported_of(standing: LineStanding) -> tuple[str, str]:
    """Reports behind the figure and their unit; nothing where a person entered it."""
    if standing.line.indicator is None or not standing.expected:
        return "", ""
    return reports_of(standing.computed, standing.line.indicator.timing)


def _bar_words(standing: LineStanding, target: str) -> str:
    """The bar said in words, for those who do not see it."""
    words = _("thực hiện %(value)s, kế hoạch %(target)s") % {"value": value_of(standing), "target": target}
    pace = standing.assessment.pace
    if pace is not None:
        words += "; " + _("nhịp độ cần có %(value)s") % {"value": printed(pace, standing.line)}
    if standing.previous is not None:
        words += "; " + _("năm trước %(value)s") % {"value": printed(standing.previous, standing.line)}
    return words
