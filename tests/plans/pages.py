"""A plan of the small world for page tests: lines with results on the merged province and its predecessors."""

import re
from dataclasses import dataclass
from html import unescape

from django.test import Client
from django.utils import timezone

from facilities.models import User
from facilities.periods import Month
from indicators.models import ComputedMonth, Indicator
from plans.models import Plan, PlanIndicator
from tests.factories import AgencyFactory
from tests.factories_plans import (
    LineFactory,
    ObjectiveFactory,
    PlanFactory,
    TargetFactory,
    everybody,
    make_indicator,
    make_result,
)
from tests.world import Cast, World, make_cast, make_world

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


@dataclass(frozen=True)
class Scene:
    world: World
    cast: Cast
    plan: Plan
    indicator: Indicator
    line: PlanIndicator


def make_scene(lines: int = 1) -> Scene:
    """Plan of M for 2025: `lines` percentage lines at 95/100 a month against 90, and their places' results."""
    everybody()
    world = make_world()
    merged = world.areas["M"]
    agency = AgencyFactory(area=merged)
    plan = PlanFactory(slug="m-2025", area=merged, issuer=agency, short_title="Kế hoạch tỉnh M năm 2025")
    objective = ObjectiveFactory(plan=plan, label="Mục tiêu 1")
    indicator = make_indicator("ANC4", name="Phụ nữ đẻ được khám thai 4 lần")
    found = []
    for number in range(1, lines + 1):
        measured = indicator if number == 1 else make_indicator(f"I{number}")
        line = LineFactory(
            plan=plan,
            objective=objective,
            order=number,
            key=f"1.{number}",
            label=str(number),
            indicator=measured,
        )
        TargetFactory(line=line)
        found.append(line)
    for month in MONTHS:
        make_result(merged, indicator, month, 95, 100)
        make_result(world.areas["A"], indicator, month, 60, 62)
        make_result(world.areas["B"], indicator, month, 35, 38)
        make_result(world.areas["x"], indicator, month, 50, 60)
        ComputedMonth.objects.create(month=Month.parse(month).first_day, computed_at=timezone.now())
    return Scene(world, make_cast(world), plan, indicator, found[0])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def links(page: str) -> list[str]:
    """Every address on a page, as a browser follows it."""
    return [unescape(found) for found in re.findall(r'href="([^"#]+)"', page)]
