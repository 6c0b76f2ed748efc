"""On which boundaries a report counts: the plan's own, or those of today, said in a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

from facilities.models import Area
from plans.models import Plan
from reporting.content.periods import day_words
from reporting.models import Report


def area_of(report: Report, today: date) -> Area:
    """The area whose figures a report counts; of a combined one that of its agency."""
    if report.boundaries == Report.Boundaries.TODAY:
        return area_today(report.plan, today) or report.area
    return report.area


def area_today(plan: Plan, today: date) -> Area | None:
    """The area of whoever answers for the plan today; None where it is the plan's own, or of another level.

    A province answers for the plan of its abolished district, but no district is left to restate it on.
    """
    area = plan.issuer.responsible_on(today).area
    return area if area.pk != plan.area_id and area.level == plan.area.level else None


def boundaries(area: Area, today: date, *, restates: Area | None = None) -> dict[str, Any]:
    """The boundaries all figures are counted on. `restates`: the plan's own area, where they are not its own."""
    words = _restated_words(area, restates) if restates else _own_words(area, today)
    return {
        "area": area.key,
        "name": area.name,
        "valid_from": area.valid_from.isoformat(),
        "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        "is_restated": restates is not None,
        "text": words,
    }


def subject_words(report: Report, area: Area) -> str:
    """What the subject adds where figures count on other boundaries than the plan's own."""
    is_own = area.pk == report.plan.area_id
    return "" if is_own else f", số liệu quy về ranh giới hiện nay của {lower_name(area)}"


def of_report(report: Report, area: Area, today: date) -> dict[str, Any]:
    """The boundaries of a plan's report that counts on `area`."""
    own = report.plan.area
    return boundaries(area, today, restates=own if area.pk != own.pk else None)


def _own_words(area: Area, today: date) -> str:
    if area.valid_to and area.valid_to <= today:
        return (
            f"Số liệu tính theo ranh giới hành chính đến ngày {_last_day(area.valid_to)} của {lower_name(area)} "
            f"trước khi sắp xếp, cho tất cả các tháng của kỳ báo cáo."
        )
    return (
        f"Số liệu tính theo ranh giới hành chính {lower_name(area)} từ ngày {day_words(area.valid_from)}, cho tất "
        f"cả các tháng của kỳ báo cáo."
    )


def _restated_words(area: Area, own: Area) -> str:
    until = f" trước khi sắp xếp (đến ngày {_last_day(own.valid_to)})" if own.valid_to else ""
    return (
        f"Số liệu quy về ranh giới hành chính hiện nay của {lower_name(area)} (từ ngày {day_words(area.valid_from)}), "
        f"cho tất cả các tháng của kỳ báo cáo. Chỉ tiêu, số năm gốc in trong kế hoạch và số nhập tay là của "
        f"{lower_name(own)}{until}. Chỉ tiêu không quy được chính xác thì ghi rõ là không có số liệu chính xác."
    )


def lower_name(area: Area) -> str:
    """ "tỉnh Bắc Ninh", within a sentence."""
    return f"{area.name[0].lower()}{area.name[1:]}"


def _last_day(ended: date) -> str:
    return day_words(date.fromordinal(ended.toordinal() - 1))
