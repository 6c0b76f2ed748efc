"""The leadership's one page: what is met, what will miss, what changed, three charts. It must fit one A4 page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from facilities.periods import Month
from plans.assessment import Status
from plans.charts.plain import as_plain
from plans.standing import LineStanding
from plans.standing.telling import Telling
from reporting.content import brief_changes, brief_charts, header, wording
from reporting.content.boundaries import area_of, of_report, subject_words
from reporting.content.brief_charts import TROUBLE, by_distance
from reporting.content.cells import share_of, text_of, with_unit
from reporting.content.comparison import value_cell
from reporting.content.periods import ReportPeriod
from reporting.content.report import (
    last_month,
    period_data,
    plan_data,
    reach_words,
    read_standings,
    same_month,
)
from reporting.models import Report

REACHED = (Status.EXCEEDED, Status.MET, Status.ON_TRACK)
# What one page holds beside three charts.
TROUBLE_SHOWN, NAMES_LENGTH = 6, 300
Block = dict[str, Any]


def build(report: Report, today: date) -> dict[str, Any]:
    """Three sections, each with a chart; no addressees, no signer: a page for reading, not a letter."""
    plan, period = report.plan, ReportPeriod.parse(report.year, report.period)
    as_of, area = last_month(period, today), area_of(report, today)
    telling = Telling(area)
    standings = _main(read_standings(plan, period.year, as_of, telling))
    then = _main(read_standings(plan, period.year - 1, same_month(as_of), telling)) if as_of else []
    agency = plan.issuer.responsible_on(today)
    boundaries = of_report(report, area, today)
    drawn = brief_charts.charts(standings, then, period, area)
    head = header.header(agency, f"Kết quả {period.title}: {plan.short_title}{subject_words(report, area)}")
    return {
        "plan": plan_data(plan),
        "period": period_data(period, as_of, today),
        "agency": {"name": agency.name, "issued_plan": plan.issuer.name},
        "header": head | {"number": "", "addressees": []},
        "footer": {"recipients": [], "office": [], "signer": ""},
        "boundaries": boundaries,
        "legal_bases": [],
        "opening": f"Tóm tắt kết quả {period.title}. {boundaries['text']}{reach_words(as_of)} "
        f"{completeness(standings)}",
        "sections": _sections(report, telling, as_of, standings, list(drawn)),
        "closing": f"Số liệu và đánh giá từng chỉ tiêu: xem báo cáo {period.title} của kế hoạch",
        "tables": {},
        "charts": {key: as_plain(chart) for key, chart in drawn.items()},
        "annexes": [],
    }


def _main(standings: Sequence[LineStanding]) -> list[LineStanding]:
    return [standing for standing in standings if not standing.line.is_further]


def _sections(
    report: Report,
    telling: Telling,
    as_of: Month | None,
    standings: Sequence[LineStanding],
    drawn: Sequence[str],
) -> list[dict[str, Any]]:
    def charts(*keys: str) -> list[Block]:
        shown = [key for key in keys if key in drawn]
        return [
            {"kind": "chart", "key": key, "size": "low" if key == "distance" else "half"} for key in shown
        ]

    changes = brief_changes.changes(report, telling, as_of, standings)
    return [
        _section("I", "ĐẠT, CÓ KHẢ NĂNG ĐẠT", [*_reached(standings), *charts("tally", "months")]),
        _section("II", "KHÔNG ĐẠT, NGUY CƠ KHÔNG ĐẠT", [*_trouble(standings), *charts("distance")]),
        _section("III", "THAY ĐỔI", changes),
    ]


def _section(label: str, title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"label": label, "title": title, "blocks": blocks}


def _reached(standings: Sequence[LineStanding]) -> list[Block]:
    names = [wording.short_name(s) for s in standings if s.targets and s.assessment.status in REACHED]
    texts = [wording.overall(standings)]
    if names:
        texts.append(f"Đạt, vượt hoặc có khả năng đạt: {listed(names)}.".replace("….", "…"))
    return [{"kind": "paragraph", "text": text} for text in texts]


def listed(names: Sequence[str]) -> str:
    """As many names as a page has room for, the first at least, and how many more there are."""
    shown = [names[0]]
    for name in names[1:]:
        if len("; ".join([*shown, name])) > NAMES_LENGTH:
            break
        shown.append(name)
    left = len(names) - len(shown)
    return "; ".join(shown) + (f"; {more(left)}" if left else "")


def more(count: int) -> str:
    return f"và {count} chỉ tiêu khác, xem báo cáo"


def _trouble(standings: Sequence[LineStanding]) -> list[Block]:
    """The lines that miss or will, the furthest from their targets first."""
    found = by_distance([s for s in standings if s.assessment.status in TROUBLE])
    if not found:
        return [{"kind": "paragraph", "text": "Không có chỉ tiêu nào."}]
    items = [{"kind": "item", "text": _in_short(standing)} for standing in found[:TROUBLE_SHOWN]]
    left = len(found) - len(items)
    return [*items, {"kind": "paragraph", "text": f"{more(left).capitalize()}."}] if left else items


def _in_short(standing: LineStanding) -> str:
    """ "2. Tỷ lệ khám thai: 85,1% (báo cáo đủ 96,2%), kế hoạch 90%, dự báo cả năm 85,3%; nguy cơ không đạt"."""
    value = with_unit(text_of(value_cell(standing)), standing.line.unit) if standing.value is not None else ""
    words = f"ước thực hiện {value}" if standing.source == "estimate" else value
    if standing.source == "computed" and standing.reported < standing.expected:
        words += f" (báo cáo đủ {text_of(share_of(standing.reported, standing.expected))})"
    closer = wording.rounding_words(standing)
    forecast = wording.projection_words(standing).partition(", khoảng dự báo")[0]
    parts = [words, closer, f"kế hoạch {_unbroken(standing)}", forecast]
    said = ", ".join(part for part in parts if part)
    return f"{wording.short_name(standing)}: {said}; {wording.verdict_word(standing).lower()}."


def _unbroken(standing: LineStanding) -> str:
    """The target with its sign and number on one line."""
    return re.sub(r"([<>≤≥=]) ", "\\1\u00a0", wording.target_text(standing))


def completeness(standings: Sequence[LineStanding]) -> str:
    """How many of the reports that the computed lines rest on are in; "" where none is computed."""
    computed = [standing for standing in standings if standing.computed]
    expected = sum(standing.expected for standing in computed)
    if not expected:
        return "Chưa có số liệu tính từ báo cáo."
    reported = sum(standing.reported for standing in computed)
    share = text_of(share_of(reported, expected))
    return f"Đã có {share} số liệu cơ sở–tháng phải có của {len(computed)} chỉ tiêu tính từ báo cáo."
