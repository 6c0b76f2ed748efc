"""A province of a hundred communes with results of three years, written in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from facilities.models import Area, Coverage, Role, User
from facilities.text import fold
from indicators.models import ComputedMonth, Indicator, MonthlyResult
from indicators.models.catalogue import Group, Term
from plans.models import PlanIndicator
from tests.factories import AgencyFactory, ProvinceFactory, person
from tests.factories_plans import (
    LineFactory,
    ObjectiveFactory,
    PlanFactory,
    TargetFactory,
    everybody,
    make_indicator,
)

YEARS = (2024, 2025)
FIELDS = ("numerator", "denominator", "provisional_numerator", "provisional_denominator", "year_denominator")


@dataclass(frozen=True)
class Hundred:
    province: Area
    communes: list[Area]
    indicator: Indicator
    line: PlanIndicator
    leader: User
    url: str


def result(area, indicator, month, numerator, denominator, group, **fields) -> MonthlyResult:
    """One unsaved month, reported by one facility of one due."""
    values = dict(zip(FIELDS, (numerator, denominator) * 2 + (denominator,), strict=True))
    counts = {"reported": 1, "expected": 1, "no_data": 0, "stand_in": 0, "estimated": 0, "unknown": 0}
    counts |= fields
    return MonthlyResult(
        area=area, indicator=indicator, group=group, month=month,
        provisional_reported=counts["reported"], **values | counts,
    )  # fmt: skip


def make_hundred(count: int = 100, **fields) -> Hundred:
    """Communes 0 … 99: commune n reaches n of 100 women in every month; the even ones are urban.

    The DTTS of the province stand 20 points behind all in 2024 and 10 in 2025.
    """
    province = ProvinceFactory(code="H", name="Tỉnh H", level=Area.Level.PROVINCE)
    communes = Area.objects.bulk_create(
        Area(code=f"h{n:03}", level=Area.Level.COMMUNE, kind="Xã", name=f"Xã {n:03}", folded_name=fold(f"Xã {n:03}"),
             parent=province, valid_from=province.valid_from, is_urban=n % 2 == 0,
             latitude=21 + n // 10 / 20, longitude=106 + n % 10 / 20)
        for n in range(count)
    )  # fmt: skip
    Coverage.objects.bulk_create(Coverage(area=province, covered=area) for area in (province, *communes))
    indicator = make_indicator("ANC4", name="Khám thai", **fields)
    dtts = Group.objects.create(code="DTTS", kind=Group.Kind.PEOPLE, name="Người dân tộc thiểu số")
    Term.objects.create(
        indicator=indicator, part="numerator", element=Term.objects.first().element, group=dtts
    )
    months = [date(year, month, 1) for year in YEARS for month in range(1, 13)]
    all_of_them = everybody()
    rows = [
        result(area, indicator, month, n, 100, all_of_them)
        for n, area in enumerate(communes)
        for month in months
    ]
    total = sum(range(count))
    rows += [result(province, indicator, month, total, 100 * count, all_of_them) for month in months]
    behind = {2024: 20, 2025: 10}
    rows += [result(province, indicator, month, 50 - behind[month.year], 100, dtts) for month in months]
    MonthlyResult.objects.bulk_create(rows)
    ComputedMonth.objects.bulk_create(ComputedMonth(month=m, computed_at=timezone.now()) for m in months)
    plan = PlanFactory(slug="h-2025", area=province, issuer=AgencyFactory(area=province))
    line = LineFactory(plan=plan, objective=ObjectiveFactory(plan=plan), key="1.1", indicator=indicator)
    TargetFactory(line=line, value=50, text="50")
    leader = person(Role.LEADER, area=province)
    return Hundred(province, communes, indicator, line, leader, f"/plans/{plan.slug}/lines/1.1/")
