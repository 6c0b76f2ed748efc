"""The sentences of section II: one a line, every one with its number (domain/official-documents.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from facilities.numbers import format_number
from indicators.models import Indicator
from indicators.timing import MONTHS_OF_A_YEAR, YEARLY_RATE
from plans.assessment import Status
from plans.models import PlanIndicator
from plans.presenters.words import flag_words, near_target_note, verdict
from plans.standing import LineStanding
from reporting.content.cells import HIDDEN, count_text, text_of, with_unit
from reporting.content.comparison import growth_words, rounding_words, target_words, value_cell
from reporting.content.targets import in_sentence, repeats

PHRASES = {
    Status.EXCEEDED: "vượt chỉ tiêu kế hoạch",
    Status.MET: "đạt chỉ tiêu kế hoạch",
    Status.NOT_MET: "không đạt chỉ tiêu kế hoạch",
    Status.ON_TRACK: "có khả năng đạt chỉ tiêu kế hoạch",
    Status.AT_RISK: "nguy cơ không đạt chỉ tiêu kế hoạch",
    Status.NOT_ASSESSED: "chưa đánh giá",
}
ESTIMATED_PHRASES = {
    Status.EXCEEDED: "ước đạt và vượt kế hoạch",
    Status.MET: "ước đạt kế hoạch",
    Status.NOT_MET: "ước không đạt kế hoạch",
}
# Where a chart's vertical axis begins above zero it says so.
AXIS_START = "trục đứng bắt đầu từ %(start)s"
HIDDEN_WORDS = "“ẩn”: quá ít trường hợp, không nêu số để không lộ người bệnh"
FEW_EVENTS = 20
NAME_LENGTH = 78


def tally(standings: Iterable[LineStanding]) -> Counter[str]:
    return Counter(str(standing.assessment.status) for standing in standings)


def has_target(standing: LineStanding) -> bool:
    return bool(standing.targets)


def overall(standings: Sequence[LineStanding], lead: str = "Kết quả") -> str:
    """ "đạt và vượt a/n chỉ tiêu; không đạt b/n; chưa có số liệu c/n", over lines with a target this year."""
    judged = [standing for standing in standings if has_target(standing)]
    if not judged:
        return "Kỳ báo cáo không có chỉ tiêu phải đánh giá."
    counts, n = tally(judged), len(judged)
    reached = counts[Status.EXCEEDED] + counts[Status.MET]
    final = reached + counts[Status.NOT_MET]
    running = counts[Status.ON_TRACK] + counts[Status.AT_RISK]
    parts = []
    if final or not running:
        parts.append(f"đạt và vượt {reached}/{n} chỉ tiêu{_of_them(judged, counts)}")
        parts.append(f"không đạt {counts[Status.NOT_MET]}/{n}")
    if running:
        parts.append(f"có khả năng đạt {counts[Status.ON_TRACK]}/{n}{'' if parts else ' chỉ tiêu'}")
        parts.append(f"nguy cơ không đạt {counts[Status.AT_RISK]}/{n}")
    parts.append(f"chưa có số liệu {counts[Status.NO_DATA]}/{n}")
    if counts[Status.NOT_ASSESSED]:
        parts.append(f"chưa đánh giá {counts[Status.NOT_ASSESSED]}/{n}")
    text = "; ".join(parts)
    return f"{lead}: {text}."


def _of_them(judged: Sequence[LineStanding], counts: Counter[str]) -> str:
    """How many exceeded, and how many rest on an estimate."""
    reached = {Status.EXCEEDED, Status.MET}
    estimated = sum(s.assessment.status in reached for s in judged if s.source == "estimate")
    inside = [f"vượt {counts[Status.EXCEEDED]}"] if counts[Status.EXCEEDED] else []
    inside += [f"ước đạt {estimated}"] if estimated else []
    return f" (trong đó {', '.join(inside)})" if inside else ""


def sentence(standing: LineStanding, before: Fraction | None) -> str:
    """A line in a sentence: figure with its counts, target as printed, comparisons, verdict."""
    line = standing.line
    name = line_name(line)
    parts = [figure_words(standing), boundary_words(standing), rounding_words(standing)]
    if standing.targets and not repeats(line.name, target_text(standing)):
        parts.append(f"kế hoạch {target_text(standing)}")
        parts.append(target_words(standing))
    parts.append(growth_words(standing, before))
    parts.append(verdict_phrase(standing))
    return f"{name[0].upper()}{name[1:]}: {'; '.join(part for part in parts if part)}."


def boundary_words(standing: LineStanding) -> str:
    """Where a report counts on today's boundaries, a figure that people entered does not."""
    entered = standing.is_restated and standing.value is not None and standing.source != "computed"
    return "số nhập trên ranh giới của kế hoạch" if entered else ""


def line_name(line: PlanIndicator) -> str:
    """As a sentence begins; a line within another says so."""
    name = line.name.rstrip(" .:;")
    if not line.parent_id or name.lower().startswith("trong đó"):
        return name
    # "Đặt vòng" within a sentence, but "SDD" and "BPTT" as they are.
    is_word = name[1:2].islower()
    return f"Trong đó, {name[0].lower() + name[1:] if is_word else name}"


def figure_words(standing: LineStanding) -> str:
    """The figure with what stands behind it: "95,0% (1.140/1.200)"."""
    detail = figure_detail(standing)
    return f"{bare_figure(standing)} ({detail})" if detail else bare_figure(standing)


def figure_detail(standing: LineStanding) -> str:
    """The level beside a change, the counts behind a share or rate."""
    if standing.value is None or standing.source == "estimate":
        return ""
    if standing.states_change and standing.level is not None:
        level = format_number(standing.level, standing.line.decimals)
        return f"mức {with_unit(level, standing.line.unit)}"
    return counts_words(standing)


def bare_figure(standing: LineStanding) -> str:
    """The figure alone, or in words why there is none."""
    if standing.is_hidden:
        return "quá ít trường hợp nên không nêu số, để không lộ người bệnh"
    if standing.value is None:
        if "no_exact_figure" in standing.assessment.flags:
            where = "hiện nay" if standing.is_restated else "của kế hoạch"
            return f"không có số liệu chính xác trên ranh giới {where}"
        return "" if is_qualitative(standing) else "chưa có số liệu"
    words = with_unit(text_of(value_cell(standing)), standing.line.unit)
    return f"ước thực hiện {words}" if standing.source == "estimate" else words


def is_qualitative(standing: LineStanding) -> bool:
    goal = standing.assessment.goal
    return goal is not None and goal.kind == "text"


def counts_words(standing: LineStanding) -> str:
    """The counts behind a share or rate: "12.345/13.998"."""
    if standing.numerator is None or not standing.denominator:
        return ""
    counts = f"{count_text(standing.numerator)}/{count_text(standing.denominator)}"
    return f"{counts}, quy cả năm" if is_annualised(standing) else counts


def is_annualised(standing: LineStanding) -> bool:
    """Whether the figure is a rate of fewer than twelve months brought to a year."""
    indicator, computed = standing.line.indicator, standing.computed
    if indicator is None or computed is None or standing.source != "computed":
        return False
    return indicator.timing in YEARLY_RATE and 0 < computed.figure.months < MONTHS_OF_A_YEAR


def interval_words(standing: LineStanding) -> str:
    """The 95% interval of a rate of rare events, where few of them stand behind the figure."""
    interval, indicator = standing.assessment.interval, standing.line.indicator
    rare = indicator is not None and indicator.interval == Indicator.Interval.POISSON
    if interval is None or not rare or standing.numerator is None or standing.numerator >= FEW_EVENTS:
        return ""
    low, high = (format_number(limit, standing.line.decimals) for limit in interval)
    return f"khoảng tin cậy 95%: {low if low == high else f'{low} đến {high}'}"


def target_text(standing: LineStanding) -> str:
    """The year's target as the plan prints it, its unit beside a bare number."""
    return in_sentence(standing.target_text or "", standing.line.unit)


def verdict_phrase(standing: LineStanding) -> str:
    """The verdict in the words of real reports, with what projects it and what shakes it."""
    status = standing.assessment.status
    if standing.is_hidden:
        return ""
    if status == Status.NO_DATA or (status == Status.NOT_ASSESSED and not standing.targets):
        return next_target_words(standing)
    phrases = ESTIMATED_PHRASES if standing.source == "estimate" and status in ESTIMATED_PHRASES else PHRASES
    open_words = "chưa đặt sai lệch cho phép" if is_open(standing) else ""
    extra = [projection_words(standing), open_words, interval_words(standing), *doubts(standing)]
    inside = "; ".join(part for part in extra if part)
    return f"{phrases[status]} ({inside})" if inside else phrases[status]


def projection_words(standing: LineStanding) -> str:
    if standing.projected is None or standing.assessment.status not in (Status.ON_TRACK, Status.AT_RISK):
        return ""
    if standing.projected == standing.value:
        return "theo mức hiện nay"
    printed = format_number(standing.projected, standing.line.decimals, standing.states_change)
    goal = standing.assessment.goal
    if goal is not None and goal.value is not None:
        closer = near_target_note(standing.projected, goal.value, standing.line.decimals)
        printed = closer if closer[:1].isdigit() else printed
    return f"dự báo cả năm {with_unit(printed, standing.line.unit)}{range_words(standing)}"


def range_words(standing: LineStanding) -> str:
    """ ", khoảng dự báo 95% từ 86,1% đến 91,0%"; empty without an interval."""
    limits = standing.projected_interval
    if limits is None:
        return ""
    low, high = (
        with_unit(format_number(limit, standing.line.decimals, standing.states_change), standing.line.unit)
        for limit in limits
    )
    # A whole year known but for its last reports leaves limits that print alike: one number, said once.
    return f", khoảng dự báo 95%: {low}" if low == high else f", khoảng dự báo 95% từ {low} đến {high}"


def is_open(standing: LineStanding) -> bool:
    """Whether the line waits for the planner's tolerance before it can be judged."""
    goal = standing.assessment.goal
    return goal is not None and goal.operator == "about" and standing.line.tolerance is None


def next_target_words(standing: LineStanding) -> str:
    if standing.targets or not standing.next_targets:
        return ""
    following = standing.next_targets[0]
    words = f"năm {standing.year} không đặt chỉ tiêu, mốc tiếp theo"
    if repeats(standing.line.name, following.text):
        return f"{words} là năm {following.year}"
    return f"{words} năm {following.year}: {in_sentence(following.text, '')}"


def doubts(standing: LineStanding) -> list[str]:
    """The flags in words; that a figure is missing or a year has no target is said by the sentence itself."""
    said = {"no_exact_figure", "no_target_this_year"}
    return flag_words(tuple(flag for flag in standing.assessment.flags if flag not in said))


def verdict_word(standing: LineStanding) -> str:
    """The verdict as Annex I prints it: "Đạt", "Nguy cơ không đạt"; of a hidden figure it is hidden too."""
    if standing.is_hidden:
        return HIDDEN
    word = verdict(standing.assessment.status, standing.assessment.flags).word
    return word[0].upper() + word[1:]


def short_name(standing: LineStanding) -> str:
    """The line's number and name, cut where it is long."""
    line = standing.line
    name = line.name.strip().rstrip(" .:;")
    if len(name) > NAME_LENGTH:
        name = f"{name[:NAME_LENGTH].rsplit(' ', 1)[0]} …"
    return f"{line.label.rstrip('.')}. {name}" if line.label.strip(" -–+") else name
