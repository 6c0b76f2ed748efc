"""Keeping results true: whole months at once, or the difference one facility makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from facilities.models import Facility, StaleMark
from facilities.periods import Month
from indicators import rollup
from indicators.actions.run_marks import keep_marks, settle_months
from indicators.models import ComputedMonth, DataValue, Submission

ADVISORY_LOCK = 7_301_625  # any number, the same everywhere
MARKS_AT_ONCE = 500


@dataclass(frozen=True)
class Recomputed:
    """How many values were read and area results stored."""

    values: int
    results: int


def recompute_months(first: Month, last: Month) -> Recomputed:
    """Compute all results of these months anew and publish them in one transaction."""
    months = [month.first_day for month in first.until(last)]
    with transaction.atomic():
        lock_results(exclusive=True)
        # A mark that a drain holds already is the drain's to settle: waiting for it here would be a deadlock.
        settled = list(
            _marks_for_update()
            .filter(from_month__gte=months[0], to_month__lte=months[-1])
            .values_list("pk", flat=True)
        )
        values = DataValue.objects.filter(submission__period__range=(months[0], months[-1])).count()
        results = sum(_replace(chunk) for chunk in by_year(months))
        settle_months(months)
        StaleMark.objects.filter(pk__in=settled).delete()
    return Recomputed(values, results)


def recompute_facilities(facilities: Collection[int], months: Collection[date]) -> int:
    """Add the difference these facilities' values make in these computed months; return area rows touched."""
    with transaction.atomic():
        lock_results(exclusive=False)
        return _add(facilities, months)


def drain_marks() -> int:
    """Settle every mark nobody else is settling; return how many. Safe to run twice and at the same time."""
    settled = 0
    while count := _drain_some():
        settled += count
    return settled


def open_months(today: date) -> int:
    """Compute every month not yet computed between the first computed one and today's; return how many."""
    computed = set(ComputedMonth.objects.values_list("month", flat=True))
    if not computed:
        return 0
    months = Month.of(min(computed)).until(Month.of(today))
    missing = [month for month in months if month.first_day not in computed]
    for month in missing:
        recompute_months(month, month)
    return len(missing)


def default_range(today: date) -> tuple[Month, Month] | None:
    """From the first period that has a submission to this month; None where nothing was submitted."""
    first = Submission.objects.aggregate(first=Min("period"))["first"]
    return (Month.of(first), Month.of(today)) if first else None


class _OthersMustWait(Exception):
    """What is to be done needs the lock alone."""


def _drain_some() -> int:
    try:
        return _drain(exclusive=False)
    except _OthersMustWait:
        return _drain(exclusive=True)


def _drain(*, exclusive: bool) -> int:
    """Settle some marks. Which months are computed is asked under the lock: a full run may just have added some."""
    with transaction.atomic():
        marks = list(_marks_for_update().order_by("pk")[:MARKS_AT_ONCE])
        if not marks:
            return 0
        exclusive = exclusive or any(mark.facility_id is None for mark in marks)
        lock_results(exclusive=exclusive)
        computed = set(ComputedMonth.objects.values_list("month", flat=True))
        whole = _whole_months(marks, computed)
        differences = list(_narrow(marks, computed - whole))
        # One statement locks its rows in one order; several could meet another worker's crosswise.
        if not exclusive and (whole or len(differences) > 1):
            raise _OthersMustWait
        for chunk in by_year(sorted(whole)):
            _replace(chunk)
        for months, facilities in differences:
            _add(facilities, months)
        for months, areas in _areas(marks, computed - whole):
            rollup.replace_area_results(rollup.Scope(months), areas)
        if whole:
            settle_months(sorted(whole))
        keep_marks(marks)
        StaleMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def _marks_for_update() -> QuerySet[StaleMark]:
    """Marks that nobody else holds; SQLite has one writer and needs no lock."""
    skip = connection.features.has_select_for_update_skip_locked
    return StaleMark.objects.select_for_update(skip_locked=skip)


def _whole_months(marks: list[StaleMark], computed: set[date]) -> set[date]:
    """Months to compute for everybody: definitions changed, or a figure came for a month not yet opened.

    A month is opened once it has begun; nothing is opened before the first recompute, nor by an area in which
    something else counts.
    """
    this_month = Month.of(timezone.localdate()).first_day
    whole = {
        month
        for mark in marks
        if mark.facility_id is None and mark.area_id is None
        for month in computed
        if mark.from_month <= month <= mark.to_month
    }
    if computed:
        whole |= {
            month.first_day
            for mark in marks
            if mark.area_id is None
            for month in Month.of(max(mark.from_month, min(computed))).until(
                Month.of(min(mark.to_month, this_month))
            )
            if month.first_day not in computed
        }
    return whole


def _narrow(marks: list[StaleMark], computed: set[date]) -> Iterator[tuple[list[date], list[int]]]:
    """Facilities that share a range of months go together, each facility-month once."""
    ranges: dict[int, set[date]] = defaultdict(set)
    for mark in marks:
        if mark.facility_id is not None:
            ranges[mark.facility_id] |= {m for m in computed if mark.from_month <= m <= mark.to_month}
    together: dict[tuple[date, ...], list[int]] = defaultdict(list)
    for facility, months in ranges.items():
        if months:
            together[tuple(sorted(months))].append(facility)
    for months, facilities in sorted(together.items()):
        yield list(months), facilities


def _areas(marks: list[StaleMark], computed: set[date]) -> Iterator[tuple[list[date], list[int]]]:
    """Areas in which something else counts now, those with the same months of a year together."""
    ranges: dict[int, set[date]] = defaultdict(set)
    for mark in marks:
        if mark.area_id is not None:
            ranges[mark.area_id] |= {m for m in computed if mark.from_month <= m <= mark.to_month}
    together: dict[tuple[date, ...], list[int]] = defaultdict(list)
    for area, months in ranges.items():
        for chunk in by_year(sorted(months)):
            together[tuple(chunk)].append(area)
    for months, areas in sorted(together.items()):
        yield list(months), areas


def _add(facilities: Collection[int], months: Collection[date]) -> int:
    """Add the facilities' differences. The caller holds the advisory lock."""
    # Two workers must not add the same facility's difference twice.
    list(
        Facility.objects.select_for_update(no_key=True)
        .filter(pk__in=facilities)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    touched = rollup.apply_differences(rollup.Scope(list(months), list(facilities)))
    # One row, so that two workers cannot lock months crosswise; pages show the latest time of their months.
    ComputedMonth.objects.filter(month=max(months)).update(computed_at=timezone.now())
    return touched


def _replace(months: list[date]) -> int:
    scope = rollup.Scope(months)
    rollup.allow_memory()
    rollup.replace_facility_results(scope)
    results = rollup.replace_area_results(scope)
    note_computed(months)
    return results


def note_computed(months: Collection[date]) -> None:
    """Write down that these months have just been computed for everybody."""
    now = timezone.now()
    ComputedMonth.objects.bulk_create(
        [ComputedMonth(month=month, computed_at=now) for month in months],
        update_conflicts=True,
        unique_fields=["month"],
        update_fields=["computed_at"],
    )


def by_year(months: list[date]) -> list[list[date]]:
    years: dict[int, list[date]] = defaultdict(list)
    for month in months:
        years[month.year].append(month)
    return list(years.values())


def lock_results(*, exclusive: bool) -> None:
    """A full run waits for differences under way and they for it. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        kind = "" if exclusive else "_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{kind}(%s)", [ADVISORY_LOCK])


def differences() -> int:
    """Recompute every computed month from raw values, count the area and facility rows that differ, undo.

    Rows that hold nothing (expected 0) equal absent ones.
    """
    found = 0
    months = sorted(ComputedMonth.objects.values_list("month", flat=True))
    with transaction.atomic():
        lock_results(exclusive=True)
        for chunk in by_year(months):
            found += _differences_of(chunk)
        transaction.set_rollback(True)
    return found


def _differences_of(months: list[date]) -> int:
    scope = rollup.Scope(months)
    where, params = scope.month_filter("month")
    # SQLite keeps decimals as floats: compare what they stand for, not how they were added up.
    sums = ", ".join(f"ROUND({c}, 6) AS {c}" if c in rollup.DIVISIBLE else c for c in rollup.SUMS)
    tables = {
        "indicators_facilityresult": f"{rollup.FACILITY_KEY}, {sums}",
        "indicators_monthlyresult": f"{rollup.AREA_KEY}, {sums}, estimated, unknown",
    }
    found = 0
    with connection.cursor() as cursor:
        for table, columns in tables.items():
            cursor.execute(f"DROP TABLE IF EXISTS before_{table}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE before_{table} AS "
                f"SELECT {columns} FROM {table} WHERE {where} AND expected <> 0",
                params,
            )
        _replace(months)
        for table, columns in tables.items():
            now = f"SELECT {columns} FROM {table} WHERE {where} AND expected <> 0"
            before = f"SELECT {columns} FROM before_{table}"
            for one, other in ((now, before), (before, now)):
                cursor.execute(
                    f"SELECT COUNT(*) FROM (SELECT * FROM ({one}) AS a EXCEPT SELECT * FROM ({other}) AS b) AS c",
                    params,
                )
                found += cursor.fetchone()[0]
            cursor.execute(f"DROP TABLE before_{table}")
    return found
