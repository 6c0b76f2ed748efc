"""Down to the cells: what is found there is what the roll-up counted, whichever versions of a form were filed."""

from datetime import date
from fractions import Fraction

import pytest

from facilities.periods import Month
from indicators.actions.recompute import recompute_months
from indicators.models import MonthlyResult
from indicators.tracing import Weights, read_parts, trace_cells
from tests.factories_indicators import (
    DataElementFactory,
    FormFactory,
    GroupFactory,
    IndicatorFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)

pytestmark = pytest.mark.django_db
ALL = ("X.all", "")
AUGUST, SEPTEMBER = date(2025, 8, 1), date(2025, 9, 1)


@pytest.fixture
def indicator():
    """The plain sum of one element."""
    indicator = IndicatorFactory(timing="count", factor=1)
    TermFactory(indicator=indicator, element=DataElementFactory(code="X.all"))
    return indicator


def versions(turn: date, **more):
    """Two versions of a form, the second from `turn` on."""
    first = FormFactory(code="X", valid_to=turn, cells=[ALL], **more)
    second = FormFactory(code="X", valid_from=turn, cells=[ALL], **more)
    settle_duties()
    return first, second


def sums(world, indicator) -> tuple[Fraction, Fraction]:
    """The province's figure of August as stored, and as its cells make it."""
    recompute_months(Month(2025, 8), Month(2025, 8))
    group, area = GroupFactory().pk, world.areas["M"].pk
    stored = MonthlyResult.objects.get(area=area, indicator=indicator, group=group, month=AUGUST).numerator
    parts = read_parts(areas=[area], indicator=indicator, group=group, months=[AUGUST])
    shared = [(part, part.share) for part in parts if part.is_reported]
    weights = Weights({AUGUST: Fraction(1)}, {}, frozenset({AUGUST}))
    traced = trace_cells(indicator=indicator, group=group, weights=weights, parts=shared)
    return Fraction(stored), traced.numerator


@pytest.mark.parametrize("in_order", [True, False])
def test_a_report_of_the_version_not_in_force_changes_nothing(world, indicator, in_order):
    """The day on which the second version begins was moved after reports of it had come."""
    first, second = versions(SEPTEMBER)
    filed = [(first, 5), (second, 9)]
    for form, count in filed if in_order else filed[::-1]:
        SubmissionFactory(
            facility=world.facilities["T-a1"],
            form=form,
            period=AUGUST,
            status="approved",
            values={ALL: count},
        )
    assert sums(world, indicator) == (5, 5)


@pytest.mark.parametrize("in_order", [True, False])
def test_last_years_figure_stands_in_from_the_version_in_force_then(world, indicator, in_order):
    first, second = versions(date(2025, 1, 1), periodicity="year")
    filed = [(first, 5), (second, 9)]
    for form, count in filed if in_order else filed[::-1]:
        SubmissionFactory(
            facility=world.facilities["T-a1"],
            form=form,
            period=date(2024, 1, 1),
            status="approved",
            values={ALL: count},
        )
    assert sums(world, indicator) == (5, 5)
