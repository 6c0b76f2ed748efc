"""Random reforms entered as people enter them: results equal the oracles, totals hold, an undo leaves no trace."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from facilities.actions.contributions import refresh_contributions
from facilities.actions.coverage import refresh_coverage
from facilities.actions.reforms import enter_reform, undo_reform
from facilities.models import Area, StaleMark
from facilities.periods import Month
from indicators.actions import recompute
from indicators.actions.duties import refresh_duties
from indicators.models import Duty
from tests.indicators import reform_worlds, worlds

pytestmark = pytest.mark.django_db
FIRST, LAST = (Month.of(reform_worlds.MONTHS[n]) for n in (0, -1))
MILLIONTH = Fraction(1, 1_000_000)


@pytest.fixture
def figures():
    """The world computed once; each example happens in a savepoint of its own."""
    reform_worlds.build()
    refresh_duties()
    recompute.recompute_months(FIRST, LAST)


def examples(count):
    def decorate(check):
        return settings(
            max_examples=count,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.explicit, Phase.generate],
        )(given(data=st.data())(check))

    return decorate


def enter_some(data, first=""):
    """One reform, or a chain of two; the first of the kind, if one is named."""
    days = data.draw(
        st.sampled_from([reform_worlds.DAYS[:1], reform_worlds.DAYS[1:], reform_worlds.DAYS[::2]])
    )
    reforms = []
    for serial, day in enumerate(days):
        kind = "" if serial else first
        reforms.append(enter_reform(order=data.draw(reform_worlds.orders(day, serial, kind)), by=None))
    recompute.drain_marks()
    return reforms


@pytest.mark.parametrize("kind", reform_worlds.KINDS)
def test_results_after_reforms_equal_the_oracle_and_totals_hold(figures, kind):
    @examples(5)
    def check(data):
        with transaction.atomic():
            before, owed = reform_worlds.results(), duties()
            reforms = enter_some(data, kind)
            assert reforms[0].kind == ("merge" if kind == "provinces" else kind)
            # What was narrowed to the touched facilities is what deriving everything gives.
            assert (refresh_coverage(), refresh_contributions(), refresh_duties()) == (0, 0, 0)
            after = reform_worlds.results()
            slow = worlds.oracle(reform_worlds.MONTHS, reform_worlds.contributions_of_the_oracle())
            assert after == {
                key: {name: round(value, 6) for name, value in sums.items()} for key, sums in slow.items()
            }
            assert recompute.differences() == 0
            # A point that leaves its station owes for itself; else nothing is owed or added up otherwise.
            check_totals(before if duties() == owed else {}, after, reforms)
            transaction.set_rollback(True)

    check()


def duties():
    return sorted(Duty.objects.values_list("facility", "form", "from_month", "to_month"), key=repr)


def check_totals(before, after, reforms):
    """The country's figures are untouched, and the provinces of a month still add up to them."""
    country = Area.objects.get(level="country").pk
    for key, sums in before.items():
        if key[0] == country:
            assert {**after[key]} == {**sums}
    provinces = list(Area.objects.filter(level="province"))
    for (area, indicator, group, month), sums in after.items():
        if area != country or indicator == "UNITS":
            continue
        standing = [
            p.pk for p in provinces if p.valid_from <= month and (not p.valid_to or p.valid_to > month)
        ]
        parts = [after[key] for p in standing if (key := (p, indicator, group, month)) in after]
        assert all(part["unknown"] == part["estimated"] == 0 for part in parts)
        for name in ("n", "d", "reported", "expected", "pn"):
            assert abs(sum(part[name] for part in parts) - sums[name]) < MILLIONTH, (name, reforms)


def test_an_undo_restores_every_row(figures):
    @examples(15)
    def check(data):
        with transaction.atomic():
            before = reform_worlds.everything()
            reforms = enter_some(data)
            assert reform_worlds.everything() != before
            for reform in reversed(reforms):
                undo_reform(reform=reform, by=None)
            recompute.drain_marks()
            after = reform_worlds.everything()
            assert {name: after[name] for name in before if after[name] != before[name]} == {}
            transaction.set_rollback(True)

    check()


def test_only_what_the_reform_touches_is_marked(figures):
    @examples(10)
    def check(data):
        with transaction.atomic():
            order = data.draw(reform_worlds.orders(reform_worlds.DAYS[1], 0))
            before = reform_worlds.results()
            reform = enter_reform(order=order, by=None)
            marked = set(StaleMark.objects.filter(facility=None).values_list("area", flat=True))
            owing = StaleMark.objects.exclude(facility=None).exists()
            assert None not in marked
            recompute.drain_marks()
            after = reform_worlds.results()
            changed = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
            assert owing or changed <= marked
            assert Area.objects.get(level="country").pk not in marked, reform
            transaction.set_rollback(True)

    check()
