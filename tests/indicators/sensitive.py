"""Deaths at stations of the small world, rolled up as the engine does it."""

from __future__ import annotations

from datetime import date

from indicators.models import DataElement, FacilityResult, Group, Indicator
from indicators.rollup import Scope, replace_area_results
from tests.factories_plans import everybody, make_indicator
from tests.world import World


def deaths_indicator(code: str = "IMR") -> Indicator:
    """Deaths per 1,000 births, its numerator's element marked sensitive."""
    indicator = make_indicator(code, factor=1000, unit="‰", direction="lower", interval="poisson")
    DataElement.objects.filter(code=f"{code}-numerator").update(is_sensitive=True)
    return indicator


def report_deaths(
    world: World,
    indicator: Indicator,
    month: str,
    deaths: dict[str, int],
    *,
    births: int = 100,
    group: Group | None = None,
) -> None:
    """Store the month of the named stations, as approved."""
    for station, count in deaths.items():
        FacilityResult.objects.create(
            facility=world.facilities[station],
            indicator=indicator,
            group=group or everybody(),
            month=date.fromisoformat(f"{month}-01"),
            numerator=count,
            denominator=births,
            reported=1,
            expected=1,
            no_data=0,
            stand_in=0,
            provisional_numerator=count,
            provisional_denominator=births,
            provisional_reported=1,
            year_denominator=births,
        )


def roll_up(*months: str) -> None:
    replace_area_results(Scope([date.fromisoformat(f"{month}-01") for month in months]))
