"""Lines of a plan file: baseline, targets, and their meanings where a person confirmed them."""

from __future__ import annotations

from dataclasses import replace

from facilities.text import fold
from plans.files.entry import Entry, storable
from plans.files.shapes import BaselineEntry, LineEntry, TargetEntry
from plans.targets import Meaning, parse

DIRECTIONS = ("higher", "lower", "none")
ORIGINS = ("table", "section", "appendix", "body")
KINDS = ("level", "change", "text")
OPERATORS = ("<", "<=", "=", ">=", ">", "between", "about")
BY_DIRECTION = {"higher": ">=", "lower": "<=", "none": "about"}
LINE_KEYS = (
    "key", "label", "objective", "parent", "name", "original", "indicator", "group", "unit", "direction",
    "timing", "decimals", "tolerance", "origin", "baseline", "body_text", "targets",
)  # fmt: skip


def read_line(entry: Entry, *, is_further: bool) -> LineEntry:
    """Read one line; what it says of other lines is checked by the plan."""
    entry.only(*LINE_KEYS)
    direction = entry.choice("direction", DIRECTIONS)
    group = entry.text("group", longest=60)
    baseline = _baseline(entry, direction)
    targets = tuple(_target(target, direction, group, baseline) for target in entry.entries("targets"))
    tolerance = entry.decimal("tolerance")
    if tolerance is not None and tolerance < 0:
        entry.wrong("tolerance", "sai lệch cho phép không thể âm")
    _check_years(entry, targets)
    _check_timing(entry, targets)
    return LineEntry(
        key=entry.text("key", required=True, longest=20),
        label=entry.text("label", longest=20),
        objective=entry.text("objective", required=True),
        parent=entry.text("parent"),
        name=entry.text("name", required=True),
        original=entry.text("original"),
        indicator=entry.text("indicator"),
        group=group,
        unit=entry.text("unit", longest=60),
        direction=direction,
        decimals=entry.count("decimals", default=1, most=6),
        tolerance=tolerance,
        origin=entry.choice("origin", ORIGINS),
        body_text=entry.text("body_text"),
        baseline=baseline,
        targets=targets,
        is_further=is_further,
    )


def _check_years(entry: Entry, targets: tuple[TargetEntry, ...]) -> None:
    years = [target.year for target in targets]
    for year in sorted({year for year in years if years.count(year) > 1}):
        entry.wrong("targets", f"năm {year} ghi hai lần")


def _check_timing(entry: Entry, targets: tuple[TargetEntry, ...]) -> None:
    """A line counts time as its indicator does; all it may say itself is that it states a change."""
    timing = entry.value.get("timing")
    changes = any(meaning.kind == "change" for target in targets for meaning in target.meanings)
    if timing not in (None, "change"):
        entry.wrong("timing", "để trống (theo chỉ số) hoặc ghi change")
    elif timing == "change" and not changes:
        entry.wrong("timing", "ghi change nhưng không chỉ tiêu nào nói tăng hay giảm")


def _baseline(line: Entry, direction: str) -> BaselineEntry | None:
    entry = line.entry("baseline")
    if entry is None:
        return None
    entry.only("year", "text")
    text = entry.text("text", longest=100)
    return BaselineEntry(entry.year("year") or 0, text, baseline_meaning(text, direction))


def baseline_meaning(text: str, direction: str) -> Meaning | None:
    """What a baseline cell says. A bare number is what was achieved, so it has no operator."""
    meanings = [meaning for meaning in parse(text, direction) if meaning.group is None]
    if not meanings:
        return None
    meaning = next((m for m in meanings if m.kind == "level"), meanings[0])
    if meaning.value is not None and not storable(meaning.value):
        return None
    return meaning if meaning.signed else replace(meaning, operator=None)


def _target(entry: Entry, direction: str, group: str, baseline: BaselineEntry | None) -> TargetEntry:
    entry.only("year", "text", "meaning")
    year, text = entry.year("year") or 0, entry.text("text")
    if "meaning" in entry.value:
        signed = any(meaning.signed for meaning in parse(text, direction))
        meanings = [_confirmed(given, text, signed) for given in entry.entries("meaning")]
        if not meanings:
            entry.wrong("meaning", "không có ý nghĩa nào; bỏ khóa này để máy đọc chữ in")
    else:
        meanings = proposed(text, direction, year=year, group=group)
        if text and not meanings:
            entry.wrong("text", f"“{text}” không nói gì cho năm {year}; ghi ý nghĩa vào khóa meaning")
    kinds = [meaning.kind for meaning in meanings]
    if len(set(kinds)) < len(kinds):
        entry.wrong("text", f"“{text}” có nhiều nghĩa; ghi ý nghĩa vào khóa meaning")
    numbers = [number for m in meanings for number in (m.value, m.upper) if number is not None]
    if not all(storable(number) for number in numbers):
        entry.wrong("text", "số quá lớn hoặc quá nhiều chữ số thập phân")
    kept = baseline.meaning if baseline else None
    return TargetEntry(year, text, tuple(_kept(meaning, kept, direction) for meaning in meanings))


def proposed(text: str, direction: str, *, year: int, group: str) -> list[Meaning]:
    """The parser's meanings of a cell that concern this line's year and group ("70% (đô thị 80%)")."""
    meanings = [meaning for meaning in parse(text, direction) if meaning.year in (None, year)]
    own = [m for m in meanings if group and m.group and fold(m.group) == fold(group)]
    return own or [meaning for meaning in meanings if meaning.group is None]


def _kept(meaning: Meaning, baseline: Meaning | None, direction: str) -> Meaning:
    """ "Duy trì" without a number asks for no worse than the baseline; without one a person must say."""
    if not meaning.keeps_baseline:
        return meaning
    if baseline is None or baseline.value is None or baseline.kind != "level":
        return replace(meaning, ambiguous=True)
    operator = meaning.operator or BY_DIRECTION[direction]
    return replace(meaning, value=baseline.value, operator=operator)


def _confirmed(entry: Entry, text: str, signed: bool) -> Meaning:
    """A meaning a person wrote down; `ambiguous: true` says that nobody has chosen yet."""
    entry.only("kind", "operator", "value", "upper", "ambiguous")
    kind = entry.choice("kind", KINDS)
    if kind == "text":
        return Meaning(text)
    operator = entry.choice("operator", OPERATORS)
    value, upper = entry.decimal("value"), entry.decimal("upper")
    ambiguous = entry.flag("ambiguous")
    if value is None and not ambiguous:
        entry.wrong("value", "chỉ tiêu số phải có giá trị")
    if operator == "between" and (upper is None or (value is not None and upper < value)):
        entry.wrong("upper", "cận trên không được thiếu hoặc nhỏ hơn cận dưới")
    return Meaning(text, None, operator, value, upper, kind, None, ambiguous, signed)
