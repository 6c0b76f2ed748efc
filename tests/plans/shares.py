"""A line that can be shared out: the plan of M, with last year's figures of its three communes."""

from datetime import date
from decimal import Decimal

from plans.actions.allocations import Terms, publish_allocation
from plans.standing.sources import lines_of
from tests.factories_plans import make_result

# Last year: (cases, people) of communes x, y, z; 190 of 300 together.
LAST_YEAR = {"x": (60, 100), "y": (90, 100), "z": (40, 100)}


def last_year(scene, figures=None):
    for letter, counts in (figures or LAST_YEAR).items():
        make_result(scene.world.areas[letter], scene.indicator, "2024-12", *counts)


def line_of(scene, key="1.1"):
    return lines_of(scene.plan).get(key=key)


def ids(scene, **values):
    """Values by area id: `ids(scene, x=90, y=95)`."""
    return {
        scene.world.areas[letter].pk: None if value is None else Decimal(value)
        for letter, value in values.items()
    }


def publish(scene, values=None, *, expected=0, by=None, line=None, year=2025, **terms):
    given = {
        "level": "commune",
        "method": "equal",
        "adds_up": False,
        "in_force_from": date(2025, 1, 1),
        "legal_basis": "Phụ lục 1 kèm Kế hoạch 12/KH-UBND",
    }
    return publish_allocation(
        line=line or line_of(scene),
        year=year,
        terms=Terms(**given | terms),
        values=ids(scene, x=90, y=90, z=90) if values is None else values,
        expected=expected,
        by=by,
    )
