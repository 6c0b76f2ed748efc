"""The sentences of a review of several years: each line year by year, its trend, its end against the last target."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from facilities.numbers import format_number
from plans.standing import LineStanding
from reporting.content import wording
from reporting.content.cells import with_unit
from reporting.content.comparison import change_words, rounding_words, size
from reporting.content.line_years import LineYears, is_running
from reporting.content.periods import ReportPeriod
from reporting.content.targets import in_sentence, repeats


def overall(lines: Sequence[LineYears], last: int) -> str:
    """The tally of the last year."""
    standings = [one.last for one in lines]
    if not any(wording.has_target(standing) for standing in standings):
        return f"Năm {last} kế hoạch không đặt chỉ tiêu phải đánh giá."
    return wording.overall(standings, f"Năm {last}")


def steadiness(lines: Sequence[LineYears]) -> str:
    """How many lines were reached in each, in some and in none of their years."""
    judged = [one for one in lines if one.final]
    if not judged:
        return "Chưa có chỉ tiêu nào đánh giá được trọn năm."
    always = sum(len(one.reached) == len(one.final) for one in judged)
    never = [one for one in judged if not one.reached]
    return (
        f"Trong {len(judged)} chỉ tiêu đánh giá được: {always} chỉ tiêu đạt ở mọi năm có đánh giá; "
        f"{len(judged) - always - len(never)} chỉ tiêu đạt ở một số năm; "
        f"{len(never)} chỉ tiêu chưa năm nào đạt{_named(never)}."
    )


def direction(lines: Sequence[LineYears]) -> str:
    """How many lines moved the way the plan wants since they began."""
    moved = [one.has_improved for one in lines]
    worse = [one for one in lines if one.has_improved is False]
    same = sum(one.is_unmoved for one in lines)
    return (
        f"So với mức xuất phát: {moved.count(True)} chỉ tiêu tốt lên, {same} chỉ tiêu không đổi, "
        f"{moved.count(None) - same} chỉ tiêu chưa so sánh được, {len(worse)} chỉ tiêu kém đi{_named(worse)}."
    )


def _named(lines: Sequence[LineYears]) -> str:
    """ " (Tỷ lệ khám thai; Tỷ suất tử vong mẹ)"."""
    return f" ({'; '.join(wording.line_name(one.line) for one in lines)})" if lines else ""


def sentence(one: LineYears) -> str:
    """A line over the years in one sentence."""
    name = wording.line_name(one.line)
    parts = [
        *_years(one),
        _reached(one),
        trend(one),
        _since_start(one),
        _sum(one),
        _end(one),
    ]
    return f"{name[0].upper()}{name[1:]}: {'; '.join(part for part in parts if part)}."


def _years(one: LineYears) -> list[str]:
    """Each year's figure with its counts, target and verdict; years without anything are named together."""
    parts: list[str] = []
    silent: list[int] = []
    for standing in one.years:
        if _is_silent(standing):
            silent += [] if one.is_qualitative else [standing.year]
            continue
        parts += _silent_words(silent)
        silent = []
        parts.append(_year(one, standing))
    return [part for part in [*parts, *_silent_words(silent)] if part]


def _is_silent(standing: LineStanding) -> bool:
    known = standing.value is not None or standing.targets or standing.is_hidden
    return not known and "no_exact_figure" not in standing.assessment.flags


def _silent_words(years: Sequence[int]) -> list[str]:
    if not years:
        return []
    named = f"năm {years[0]}" if len(years) == 1 else f"các năm {', '.join(map(str, years))}"
    return [f"{named} chưa có số liệu"]


def _year(one: LineYears, standing: LineStanding) -> str:
    figure, is_last = _figure(one, standing), standing is one.last
    inside = [] if one.is_sum else [wording.figure_detail(standing), rounding_words(standing)]
    inside.append(wording.boundary_words(standing))
    # The last year's verdict, with its interval, ends the sentence.
    inside += [] if is_last else [wording.interval_words(standing)]
    if standing.targets:
        verdict = "" if is_last else f": {wording.verdict_word(standing).lower()}"
        inside.append(f"kế hoạch {wording.target_text(standing)}{verdict}")
    words, named = "; ".join(part for part in inside if part), _named_year(standing)
    return f"{named} {figure} ({words})" if words and figure else f"{named} {figure or words}"


def _named_year(standing: LineStanding) -> str:
    """The year, or the part of it that is told."""
    if standing.as_of is None or not is_running(standing):
        return f"năm {standing.year}"
    return ReportPeriod(standing.year, str(standing.as_of)).title


def _figure(one: LineYears, standing: LineStanding) -> str:
    if not one.is_sum or standing.value is None:
        return wording.bare_figure(standing)
    level = dict(one.levels).get(standing.year)
    return "chưa có số liệu" if level is None else _printed(one, level)


def _printed(one: LineYears, level: Fraction) -> str:
    return with_unit(format_number(level, one.line.decimals), one.line.unit)


def _reached(one: LineYears) -> str:
    n = len(one.final)
    return f"đạt chỉ tiêu {len(one.reached)}/{n} năm có đánh giá" if n > 1 else ""


def trend(one: LineYears) -> str:
    """ "tăng liên tục", "giảm liên tục", "tăng, giảm không đều", "không đổi qua các năm"; of two years "tăng"."""
    known = one.levels[:-1] if one.is_partial_count else one.levels
    if len(known) < 2:
        return ""
    steps = [later - earlier for (_, earlier), (_, later) in pairwise(known)]
    (first, _), (last, _) = known[0], known[-1]
    if all(step == 0 for step in steps):
        return f"không đổi từ năm {first} đến năm {last}"
    if len(steps) == 1:
        (_, before), (_, level) = known
        return change_words(one.last, before, level, f"năm {first}")
    if all(step >= 0 for step in steps):
        return f"tăng liên tục từ năm {first} đến năm {last}"
    if all(step <= 0 for step in steps):
        return f"giảm liên tục từ năm {first} đến năm {last}"
    return f"tăng, giảm không đều từ năm {first} đến năm {last}"


def _since_start(one: LineYears) -> str:
    """The end beside the start, unless the trend of two years has just said so."""
    start, level = one.start, one.end_level
    if start is None or level is None or one.is_partial_count:
        return ""
    known = one.levels
    if len(known) == 2 and known[0][0] == start.year:
        return ""
    named = f"{'năm gốc' if start.is_printed else 'năm'} {start.year}"
    return change_words(one.last, start.level, level, f"{named} ({with_unit(start.text, one.line.unit)})")


def _sum(one: LineYears) -> str:
    """What a count promised for the whole period has come to."""
    if not one.sums:
        return ""
    reached = max(one.sums)
    return f"cộng dồn đến năm {reached}: {_printed(one, one.sums[reached])}"


def _end(one: LineYears) -> str:
    """The verdict on the last year, or the last level beside the plan's last target."""
    last, targets = one.last, one.last_targets
    if last.targets:
        phrase = wording.verdict_phrase(last)
        return f"năm {last.year} {phrase}" if phrase else ""
    if not targets:
        return ""
    if repeats(one.line.name, targets[0].text):
        return f"đánh giá vào năm {targets[0].year}"
    printed = in_sentence(targets[0].text, one.line.unit)
    words = f"chỉ tiêu của năm {targets[0].year} là {printed}"
    goal = one.last_goal
    level = one.sums.get(last.year) if one.is_sum else one.end_level
    if goal is None or level is None or one.is_partial_count:
        return words
    if goal.is_met_by(level):
        return f"{words}: đã đạt mức này"
    return f"{words}: còn cách {size(abs(goal.difference(level)), last)}"
