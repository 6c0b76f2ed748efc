"""A report of each kind with figures, over the small world."""

from collections.abc import Callable
from datetime import date

from indicators.models import ComputedMonth
from plans.models import Plan
from reporting.actions.opening import Wanted, begin
from reporting.content.periods import ReportPeriod
from reporting.models import Report
from tests.factories_plans import BudgetLineFactory, LineFactory, TargetFactory, make_result
from tests.reporting.cases import make_plan
from tests.world import World

YEAR = ReportPeriod(2025, "year")


def make_years(world: World, letter: str = "A", years: range = range(2023, 2026), **fields) -> Plan:
    """The plan of `make_plan` over several years: 91, 93, then 95 of 100 a month, against 92, 92, then 90%."""
    plan = make_plan(
        world, letter, start_year=years[0], end_year=years[-1], baseline_year=years[0] - 1, **fields
    )
    line = plan.lines.get(key="1.1")
    for index, year in enumerate(years[:-1]):
        TargetFactory(line=line, year=year, text="92", value=92)
        BudgetLineFactory(plan=plan, year=year, amount=100_000_000, spent=100_000_000)
        for month in range(1, 13):
            make_result(plan.area, line.indicator, f"{year}-{month:02d}", 91 + 2 * index, 100)
            ComputedMonth.objects.get_or_create(
                month=date(year, month, 1), defaults={"computed_at": "2026-01-05T08:00:00+07:00"}
            )
    return plan


def add_restated(world: World, plan: Plan, letter: str = "M", numerator: int = 160) -> None:
    """The plan's computed line on another area, 2024 and 2025: `numerator` of 200 a month."""
    indicator = plan.lines.get(key="1.1").indicator
    for year in (2024, 2025):
        for month in range(1, 13):
            make_result(world.areas[letter], indicator, f"{year}-{month:02d}", numerator, 200)


def plan_report(world: World) -> Report:
    return begin(wanted=Wanted(kind="plan", period=YEAR, plan=make_plan(world)), by=None)


def restated_report(world: World) -> Report:
    """The plan of the abolished province A on the boundaries of the merged M."""
    plan = make_plan(world)
    add_restated(world, plan)
    return begin(wanted=Wanted(kind="plan", period=YEAR, plan=plan, boundaries="today"), by=None)


def review_report(world: World) -> Report:
    return begin(wanted=Wanted(kind="review", period=YEAR, plan=make_years(world), start_year=2023), by=None)


def combined_report(world: World) -> Report:
    """Two plans that the department of the merged province answers for: of old A, and its own."""
    plan = make_plan(world)
    department = plan.issuer.responsible_on(date(2026, 1, 1))
    own = Plan.objects.create(
        slug="cua-tinh-moi",
        number="7/KH-SYT",
        title="Kế hoạch dân số",
        short_title="Kế hoạch dân số tỉnh M",
        area=world.areas["M"],
        issuer=department,
        start_year=2025,
        end_year=2026,
    )
    objective = own.objectives.create(order=1, label="Mục tiêu 1", title="Dân số")
    line = LineFactory(
        plan=own,
        objective=objective,
        key="1",
        label="1",
        name="Tỷ lệ sàng lọc",
        indicator=plan.lines.get(key="1.1").indicator,
    )
    TargetFactory(line=line, text="85", value=85)
    add_restated(world, plan)
    BudgetLineFactory(plan=own, amount=50_000_000, spent=20_000_000)
    return begin(wanted=Wanted(kind="combined", period=YEAR, agency=department), by=None)


def brief_report(world: World) -> Report:
    return begin(wanted=Wanted(kind="brief", period=YEAR, plan=make_plan(world)), by=None)


def sheets_report(world: World) -> Report:
    """Of old A, whose communes have 90 of 100 a month."""
    plan = make_plan(world)
    indicator = plan.lines.get(key="1.1").indicator
    for letter in ("a1", "a2", "b1", "b2"):
        for month in range(1, 13):
            make_result(world.areas[letter], indicator, f"2025-{month:02d}", 90, 100)
    return begin(wanted=Wanted(kind="sheets", period=YEAR, plan=plan), by=None)


MAKERS: dict[str, Callable[[World], Report]] = {
    "plan": plan_report,
    "restated": restated_report,
    "review": review_report,
    "combined": combined_report,
    "brief": brief_report,
    "sheets": sheets_report,
}
