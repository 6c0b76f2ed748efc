"""Two provinces with figures, random reforms of them, and what the slow oracles say of the result."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from hypothesis import strategies as st

from facilities.actions.geography import lives, passages
from facilities.boundaries import Stay
from facilities.models import Area, Contribution, Coverage, Facility, Placement, Succession
from facilities.reform_orders import NewArea, Order
from indicators.models import DataElement, Duty, Form, Group, MonthlyResult
from tests.facilities.oracle import Oracle
from tests.factories import AreaFactory, FacilityFactory, PlacementFactory, ProvinceFactory, settle_places
from tests.indicators import worlds

MONTHS = [date(2025, 11, 1), date(2025, 12, 1), *(date(2026, n, 1) for n in range(1, 5))]
DAYS = [date(2025, 12, 1), date(2026, 1, 15), date(2026, 3, 1)]
KINDS = ["merge", "divide", "rename", "move", "provinces"]
DIVISIONS = [("0.6", "0.4"), ("0.333333", "0.333333", "0.333334"), (None, None), (None, None, None)]


def build() -> None:
    """Province P with five communes, Q with two; a station in each and a point in some; six months of figures."""
    world = worlds.World(random.Random(7))
    groups = [
        Group.objects.create(code="", kind="all", name="Tất cả"),
        Group.objects.create(code="DTTS", kind="people", name="DTTS"),
    ]
    codes = ("M1", "M2", "M3", "Y1", "Y2", "H1")
    elements = {
        code: DataElement.objects.create(code=code, name=code, is_yearly=code[0] == "Y") for code in codes
    }
    worlds._forms(world, elements, groups)
    Form.objects.update(facility_types=["station", "point"])
    worlds._indicators(elements, groups)
    country = AreaFactory(code="VN", level="country", kind="Nước", name="Việt Nam")
    for letter, count in (("P", 5), ("Q", 2)):
        province = ProvinceFactory(parent=country, code=letter, name=f"Tỉnh {letter}")
        for number in range(count):
            commune = AreaFactory(
                parent=province, code=f"{letter}{number}", name=f"Xã {letter}{number}",
                traits=["urban"] if number % 2 else [],
            )  # fmt: skip
            station = FacilityFactory(code=f"S-{commune.code}", area=commune)
            world.facilities.append(station)
            if number in (0, 3):
                point = FacilityFactory(code=f"T-{commune.code}", type="point")
                PlacementFactory(facility=point, area=commune, main_station=station)
                world.facilities.append(point)
    settle_places()
    for facility in world.facilities:
        for code in world.forms:
            periods = [date(2025, 1, 1), date(2026, 1, 1)] if code in {"YF", "RF"} else MONTHS
            for period in periods:
                if world.rng.random() < 0.85:
                    worlds.submit(world, facility, code, period)


@st.composite
def orders(draw, day: date, serial: int, kind: str = "") -> Order:
    """A reform of what lives on the day, of the kind if one is named, with codes that are partly used again."""
    alive = list(Area.objects.valid_on(day).filter(valid_to=None, valid_from__lt=day).order_by("pk"))
    provinces = [area for area in alive if area.level == "province"]
    kind = kind or draw(st.sampled_from(KINDS))
    if kind == "provinces" and len(provinces) > 1:
        new = NewArea("PQ", "Tỉnh", f"Tỉnh mới {serial}")
        return Order("merge", day, "NQ 1", [area.pk for area in provinces], [new])
    tops = [top for top in provinces if sum(area.parent_id == top.pk for area in alive) > 1] or provinces
    top = draw(st.sampled_from(tops))
    communes = draw(st.permutations([area for area in alive if area.parent_id == top.pk]))
    named = NewArea(communes[0].code, "Phường", f"Phường mới {serial}", ("urban",))
    if kind == "divide":
        return draw(_divisions(day, serial, communes))
    if kind == "move" and len(provinces) > 1:
        other = next(area for area in provinces if area != top)
        chosen = communes[: draw(st.integers(1, 2))]
        return Order("move", day, "NQ 4", [area.pk for area in chosen], parent=other.pk)
    if kind == "merge" and len(communes) > 1:
        chosen = communes[: draw(st.integers(2, min(3, len(communes))))]
        return Order("merge", day, "NQ 2", [area.pk for area in chosen], [named])
    return Order("rename", day, "NQ 3", [communes[0].pk], [named])


@st.composite
def _divisions(draw, day: date, serial: int, communes: list[Area]) -> Order:
    """Into new communes, what is left of the old one, or an existing neighbour."""
    shares = draw(st.sampled_from(DIVISIONS))
    goes_on = [None, communes[0].pk, *(area.pk for area in communes[1:2])]
    successors, used = [], set()
    for number, share in enumerate(shares):
        kept = draw(st.sampled_from([pk for pk in goes_on if pk is None or pk not in used]))
        used.add(kept)
        named = (f"N{serial}{number}", "Xã", f"Xã {serial}-{number}") if kept is None else ()
        successors.append(NewArea(*named, goes_on=kept, share=share and Decimal(share)))
    inside = Facility.objects.filter(placements__area=communes[0]).distinct()
    chosen = {facility.pk: draw(st.integers(0, len(shares) - 1)) for facility in inside}
    source = "Số sinh 2024" if shares[0] else ""
    carrying = [pk for pk in chosen if draw(st.booleans())]
    return Order(
        "divide", day, "NQ 5", [communes[0].pk], successors, share_source=source, facilities=chosen,
        carrying=carrying,
    )  # fmt: skip


def everything() -> dict[str, list]:
    """Every row a reform may touch; derived rows without their keys."""
    derived = {"contribution": Contribution, "coverage": Coverage, "duty": Duty}
    rows = {
        name: sorted(map(repr, ({**row, "id": 0} for row in model.objects.values())))
        for name, model in derived.items()
    }
    for name, model in {"area": Area, "succession": Succession, "placement": Placement}.items():
        rows[name] = list(model.objects.order_by("pk").values())
    return rows | {"results": results()}


def results() -> dict[tuple, dict[str, Fraction]]:
    names = {
        "n": "numerator",
        "d": "denominator",
        "pn": "provisional_numerator",
        "pd": "provisional_denominator",
        "preported": "provisional_reported",
        "yd": "year_denominator",
        **{name: name for name in ("reported", "expected", "no_data", "stand_in", "estimated", "unknown")},
    }
    rows = MonthlyResult.objects.filter(expected__gt=0).select_related("indicator", "group")
    return {
        (row.area_id, row.indicator.code, row.group.code, row.month): {
            short: round(Fraction(getattr(row, name)), 6) for short, name in names.items()
        }
        for row in rows
    }


def contributions_of_the_oracle() -> list[SimpleNamespace]:
    """What counts where, month by month, asked of the oracle of boundaries: no code shared with the product's."""
    slow = Oracle(lives(), passages())
    stays: dict[int, list[Stay]] = defaultdict(list)
    for row in Placement.objects.order_by("facility", "-from_month"):
        later = stays[row.facility_id]
        end = later[0].start if later else None
        later.insert(0, Stay(row.area_id, row.from_month, end, carries=row.carries_past))
    found = []
    for facility, places in stays.items():
        for month in MONTHS:
            end = date(month.year + month.month // 12, month.month % 12 + 1, 1)
            for area in slow.areas:
                share = slow.share(places, month, area)
                if share != 0:
                    found.append(
                        SimpleNamespace(
                            facility_id=facility, area=SimpleNamespace(code=area), from_month=month,
                            to_month=end, share=share, in_own_time=slow.valid_in_month(area, month),
                        )
                    )  # fmt: skip
    return found
