"""One minimal factory for each model of plans, and the results a line reads."""

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from indicators.models import DataElement, Group, Indicator, MonthlyResult, Term
from plans.models import (
    BudgetLine,
    EnteredFigure,
    HistoricTotal,
    Objective,
    Plan,
    PlanIndicator,
    Target,
    Task,
)
from tests.factories import AgencyFactory, ProvinceFactory


class PlanFactory(DjangoModelFactory):
    """A plan for 2025 with 2024 as its baseline; give `area` where permissions matter."""

    class Meta:
        model = Plan

    slug = factory.Sequence(lambda n: f"ke-hoach-{n}")
    number = factory.Sequence(lambda n: f"{n}/KH-UBND")
    title = "Kế hoạch chăm sóc sức khỏe bà mẹ và trẻ em"
    short_title = factory.Sequence(lambda n: f"Kế hoạch {n}")
    area = factory.SubFactory(ProvinceFactory)
    issuer = factory.SubFactory(AgencyFactory, area=factory.SelfAttribute("..area"))
    start_year = 2025
    end_year = 2025
    baseline_year = 2024


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    plan = factory.SubFactory(PlanFactory)
    order = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: f"Mục tiêu {n + 1}")
    title = "Nâng cao chất lượng chăm sóc"


class LineFactory(DjangoModelFactory):
    """A higher-is-better percentage that nothing computes; give `indicator=` to have it computed."""

    class Meta:
        model = PlanIndicator

    plan = factory.SubFactory(PlanFactory)
    objective = factory.SubFactory(ObjectiveFactory, plan=factory.SelfAttribute("..plan"))
    order = factory.Sequence(lambda n: n + 1)
    key = factory.Sequence(lambda n: f"1.{n + 1}")
    label = factory.Sequence(lambda n: str(n + 1))
    name = "Tỷ lệ phụ nữ đẻ được khám thai"
    unit = "%"
    direction = Indicator.Direction.HIGHER


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    line = factory.SubFactory(LineFactory)
    year = 2025
    text = "90"
    kind = Target.Kind.LEVEL
    operator = Target.Operator.AT_LEAST
    value = 90


class EnteredFigureFactory(DjangoModelFactory):
    class Meta:
        model = EnteredFigure

    line = factory.SubFactory(LineFactory)
    year = 2025
    kind = EnteredFigure.Kind.ACTUAL
    value = 91
    source = "Điều tra dinh dưỡng năm 2025"
    at = factory.LazyFunction(timezone.now)


class HistoricTotalFactory(DjangoModelFactory):
    """What a report said of 2019; give `area` and `indicator`."""

    class Meta:
        model = HistoricTotal

    area = factory.SubFactory(ProvinceFactory)
    indicator = factory.LazyFunction(lambda: make_indicator())
    group = factory.LazyFunction(lambda: everybody())
    year = 2019
    value = 45
    source = "Báo cáo tổng kết năm 2019"
    at = factory.LazyFunction(timezone.now)


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    plan = factory.SubFactory(PlanFactory)
    order = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: str(n + 1))
    content = "Tập huấn cho cán bộ trạm y tế"
    due_month = date(2025, 6, 1)


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    plan = factory.SubFactory(PlanFactory)
    year = 2025
    source = "Ngân sách nhà nước"
    amount = 378_940_000


def everybody() -> Group:
    return Group.objects.get_or_create(code="", defaults={"kind": "all", "name": "Tất cả"})[0]


def make_indicator(code="ANC4", *, denominator=True, **fields) -> Indicator:
    """An indicator with its terms: a flow percentage unless told otherwise."""
    defaults = {
        "name": code,
        "unit": "%",
        "factor": 100,
        "direction": "higher",
        "timing": "flow",
        "basis": "residence",
    }
    indicator = Indicator.objects.create(code=code, **defaults | fields)
    for part in ("numerator", "denominator") if denominator else ("numerator",):
        element, _ = DataElement.objects.get_or_create(code=f"{code}-{part}", defaults={"name": part})
        Term.objects.create(indicator=indicator, part=part, element=element, group=everybody())
    return indicator


def make_result(area, indicator, month, numerator, denominator=0, *, group=None, **fields) -> MonthlyResult:
    """One month's result of an area, reported by one facility of one due; `month` is "YYYY-MM"."""
    counts = {"reported": 1, "expected": 1, "no_data": 0, "stand_in": 0, "estimated": 0, "unknown": 0}
    counts |= fields
    provisional = {
        "provisional_numerator": numerator,
        "provisional_denominator": denominator,
        "provisional_reported": counts["reported"],
        "year_denominator": denominator,
    }
    return MonthlyResult.objects.create(
        area=area,
        indicator=indicator,
        group=group or everybody(),
        month=date.fromisoformat(f"{month}-01"),
        numerator=numerator,
        denominator=denominator,
        **provisional | counts,
    )
