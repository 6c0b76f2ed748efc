"""A coverage of children in a province whose commune x can be divided within the year, for tests of pages."""

from datetime import date
from decimal import Decimal

from facilities.actions.reforms import enter_reform
from facilities.periods import Month
from facilities.reform_orders import NewArea, Order
from indicators.actions.recompute import drain_marks, recompute_months
from tests.factories import AgencyFactory
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    IndicatorFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory
from tests.world import make_cast, make_world

JANUARY, DECEMBER = Month(2025, 1), Month(2025, 12)
DAY = date(2025, 10, 1)
BEFORE, AFTER = 8, 11
CHILDREN = {"T-a1": 530, "T-a2": 762, "T-b1": 90, "T-c1": 60, "T-b2": 100}
DONE = {
    ("T-a1", BEFORE): 40, ("T-a2", BEFORE): 60, ("T-b1", BEFORE): 5, ("T-b2", BEFORE): 7,
    ("T-a1", AFTER): 20, ("T-a2", AFTER): 30, ("T-b1", AFTER): 6,
}  # fmt: skip


def divided_scene():
    """Children vaccinated over the children of the year, in a plan of M for 2025; x is divided in October."""
    world = make_world()
    monthly = FormFactory(code="X", cells=[("X.done", "")])
    yearly = FormFactory(code="Y", cells=[("Y.all", "")], periodicity="year")
    settle_duties()
    indicator = IndicatorFactory(code="FIC", timing="flow_population")
    TermFactory(indicator=indicator, element=DataElementFactory(code="X.done"))
    TermFactory(indicator=indicator, part="denominator", element=DataElementFactory(code="Y.all"))
    plan = PlanFactory(slug="thu", area=world.areas["M"], issuer=AgencyFactory(area=world.areas["M"]))
    TargetFactory(line=LineFactory(plan=plan, key="1.1", indicator=indicator))
    for code, count in CHILDREN.items():
        type_in(world, code, yearly, date(2025, 1, 1), "Y.all", count)
    for (code, month), count in DONE.items():
        type_in(world, code, monthly, date(2025, month, 1), "X.done", count)
    recompute_months(JANUARY, DECEMBER)
    return world, make_cast(world), plan


def type_in(world, code, form, period, element, count):
    SubmissionFactory(
        facility=world.facilities[code],
        form=form,
        period=period,
        status="approved",
        values={(element, ""): count},
    )


def divide(world, *carrying, urban=(), settle=True):
    """x goes to Đông (with S-x and T-a1) and Tây (with T-a2), 0.6 and 0.4; `carrying` served their part alone."""
    parts = [
        NewArea(code, "Phường", f"Phường {name}", ("urban",) if code in urban else (), share=Decimal(share))
        for code, name, share in (("x1", "Đông", "0.6"), ("x2", "Tây", "0.4"))
    ]
    stands = {"S-x": 0, "T-a1": 0, "T-a2": 1}
    order = Order(
        "divide", DAY, "NQ 9", [world.areas["x"].pk], parts, share_source="Số sinh 2024",
        facilities={world.facilities[code].pk: part for code, part in stands.items()},
        carrying=[world.facilities[code].pk for code in carrying],
    )  # fmt: skip
    reform = enter_reform(order=order, by=None)
    if settle:
        drain_marks()
    return reform


def address(plan, tail="origin/", **query):
    pairs = "&".join(f"{name}={value}" for name, value in {"year": 2025, **query}.items())
    return f"/plans/{plan.slug}/lines/1.1/{tail}?{pairs}"
