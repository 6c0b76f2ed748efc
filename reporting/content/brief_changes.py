"""What changed of the verdicts since the month before, and since the last report that was frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models.fields.json import KT

from facilities.periods import Month
from plans.standing import LineStanding
from plans.standing.telling import Telling
from reporting.content.cells import HIDDEN, Row, text_of
from reporting.content.periods import month_words
from reporting.content.report import read_standings
from reporting.content.wording import short_name, verdict_word
from reporting.models import Report, Snapshot

SHOWN = 3
LABEL, NAME, VERDICT = 0, 1, 8
FULFILLED = {
    ("có khả năng đạt", "đạt"),
    ("có khả năng đạt", "vượt"),
    ("nguy cơ không đạt", "không đạt"),
}


def changes(
    report: Report, telling: Telling, as_of: Month | None, standings: Sequence[LineStanding]
) -> list[dict[str, Any]]:
    """Blocks: a paragraph and its items for each of the two comparisons that can be made."""
    if as_of is None:
        return [_paragraph("Chưa có số liệu để so sánh.")]
    return [*_since_month(report, telling, as_of, standings), *_since_report(report, as_of, standings)]


def _since_month(
    report: Report, telling: Telling, as_of: Month, standings: Sequence[LineStanding]
) -> list[dict[str, Any]]:
    if as_of.number == 1:
        return [_paragraph("Tháng đầu năm, chưa có tháng trước trong năm để so sánh.")]
    earlier = read_standings(report.plan, as_of.year, as_of - 1, telling)
    before = {standing.line.key: verdict_word(standing) for standing in earlier}
    return _told(f"So với tháng {month_words(as_of - 1)}", before, {s.line.key: s for s in standings})


def _since_report(report: Report, as_of: Month, standings: Sequence[LineStanding]) -> list[dict[str, Any]]:
    """Against the frozen report of the plan on these boundaries that reached furthest into the year before this
    month; of several the newest.
    """
    snapshots = Snapshot.objects.filter(
        report__plan=report.plan,
        report__kind=Report.Kind.PLAN,
        report__boundaries=report.boundaries,
        report__year=report.year,
        data__content__period__as_of__lt=str(as_of),
    )
    last = (
        snapshots.order_by(KT("data__content__period__as_of").desc(), "-at", "-pk")
        .values_list("data__content__period__as_of", "data__content__tables__lines__rows")
        .first()
    )
    if last is None:
        return []
    reached, rows = last
    since = f"So với báo cáo gần nhất (số liệu đến tháng {month_words(Month.parse(reached))})"
    return _told(since, *_matched([row for row in rows if row["kind"] != "group"], standings))


def _matched(
    rows: Sequence[Row], standings: Sequence[LineStanding]
) -> tuple[dict[Any, str], dict[Any, LineStanding]]:
    """Frozen verdicts and today's lines under what tells them apart: the line's key.

    Rows frozen before they had one go by label and name; of a pair that stands for several lines nothing is said.
    """
    if all("key" in row for row in rows):
        verdicts = {row["key"]: text_of(row["cells"][VERDICT]) for row in rows}
        return verdicts, {standing.line.key: standing for standing in standings}
    frozen = [tuple(text_of(row["cells"][place]) for place in (LABEL, NAME)) for row in rows]
    named = [(standing.line.label, standing.line.name) for standing in standings]
    several = {pair for pairs in (frozen, named) for pair, times in Counter(pairs).items() if times > 1}
    verdicts = {
        pair: text_of(row["cells"][VERDICT])
        for pair, row in zip(frozen, rows, strict=True)
        if pair not in several
    }
    return verdicts, dict(zip(named, standings, strict=True))


def _told(since: str, before: dict[Any, str], now: dict[Any, LineStanding]) -> list[dict[str, Any]]:
    """How many verdicts are others, and the first of them."""
    found = [
        f"{short_name(standing)}: {before[key].lower()} → {verdict_word(standing).lower()}."
        for key, standing in now.items()
        if key in before and is_change(before[key], verdict_word(standing))
    ]
    if not found:
        return [_paragraph(f"{since}: không chỉ tiêu nào đổi đánh giá.")]
    left = f", {SHOWN} chỉ tiêu đầu" if len(found) > SHOWN else ""
    items = [{"kind": "item", "text": text} for text in found[:SHOWN]]
    return [_paragraph(f"{since}: {len(found)} chỉ tiêu đổi đánh giá{left}:"), *items]


def is_change(before: str, now: str) -> bool:
    """Whether a verdict is another; at the end of the year "likely" becomes "met" without anything new.

    A hidden one is compared with none.
    """
    return before != now and HIDDEN not in (before, now) and (before.lower(), now.lower()) not in FULFILLED


def _paragraph(text: str) -> dict[str, Any]:
    return {"kind": "paragraph", "text": text}
