"""Snapshots of the five real plans: their files loaded into the small world, whose places bear the plans' names."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from facilities.models import Area
from indicators.actions.catalogue import load_catalogue
from indicators.definitions import load
from plans.actions.agencies import load_agencies
from plans.actions.load import load_plans
from plans.models import Plan
from reporting.actions.reports import freeze
from reporting.models import Report
from tests.world import World, make_world

DATA = Path(__file__).resolve().parents[2] / "plans" / "data"
# Slug, year, and what the plan's area is called in the small world.
FIVE = {
    "bac-giang-2024-2025": 2025,
    "dien-bien-phu-2021-2025": 2025,
    "bac-ninh-1999-2026-2030": 2026,
    "bac-ninh-683-2026": 2026,
    "bac-ninh-1663-2025": 2025,
}
PLACES = {
    "A": ("24", "Tỉnh Bắc Giang"),
    "B": ("27", "Tỉnh Bắc Ninh"),
    "M": ("24", "Tỉnh Bắc Ninh"),
    "a": ("094", "Thành phố Điện Biên Phủ"),
}
FROZEN_ON = timezone.make_aware(timezone.datetime(2027, 1, 12, 9))


def load_five(slugs: Iterable[str] = FIVE) -> World:
    """The plans without figures, on areas of the small world under their official codes and names."""
    world = make_world()
    for letter, (code, name) in PLACES.items():
        Area.objects.filter(pk=world.areas[letter].pk).update(code=code, name=name)
    load_catalogue(load())
    load_agencies()
    load_plans(paths=[DATA / f"{slug}.yaml" for slug in slugs])
    return world


def freeze_report(slug: str, **fields: object) -> dict:
    """The data of the plan's frozen annual report; `fields` are the report's own (document, narrative …)."""
    plan = Plan.objects.get(slug=slug)
    report = Report.objects.create(plan=plan, year=FIVE[slug], period="year", **fields)
    return freeze(report=report, by=None, now=FROZEN_ON).data


def five_snapshots(documents: Mapping[str, Mapping[str, object]]) -> dict[str, dict]:
    """Every plan's snapshot by slug, each with its document set by the officer; nothing stays in the database."""
    with transaction.atomic():
        load_five()
        found = {slug: freeze_report(slug, document=dict(documents.get(slug, {}))) for slug in FIVE}
        transaction.set_rollback(True)
    return found
