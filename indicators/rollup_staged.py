"""The SQL of a recompute in parts: results computed beside the stored ones, and put in their place.

The same description of a facility-month as `indicators.rollup`; the common subset of PostgreSQL and SQLite. The
callers hold the locks and the transaction (`indicators.actions.run_parts`, `indicators.actions.run_closing`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import connection

from indicators.rollup import AREA_KEY, FACILITY_KEY, SUM_LIST, SUMS, Scope, area_sums, everything_once

AREA_COLUMNS = f"{AREA_KEY}, {SUM_LIST}, estimated, unknown"
TABLES = ("indicators_stagedresult", "indicators_stagedarearesult")
OF_RUN = "part_id IN (SELECT id FROM indicators_recomputepart WHERE run_id = %s)"


def facilities_of_part(run: int, area: int) -> str:
    """A subquery of the facilities that the run has put to this area's parts."""
    return (
        f"SELECT facility_id FROM indicators_runfacility WHERE run_id = {int(run)} AND area_id = {int(area)}"
    )


def facilities_kept(run: int) -> str:
    """A subquery of the facilities whose marks were kept for the run."""
    return (
        f"SELECT facility_id FROM indicators_keptmark WHERE run_id = {int(run)} AND facility_id IS NOT NULL"
    )


def stage(scope: Scope, part: int) -> int:
    """Compute the scope's facility results and what they add to each area into the part's own rows; return how many.

    Rows the part has already are replaced.
    """
    with_fresh, params = scope.with_fresh()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE part_id = %s", [part])
        cursor.execute(
            f"{with_fresh} INSERT INTO indicators_stagedresult (part_id, {FACILITY_KEY}, {SUM_LIST}) "
            f"SELECT {int(part)}, {FACILITY_KEY}, {SUM_LIST} FROM fresh",
            params,
        )
        with everything_once():
            cursor.execute(
                f"INSERT INTO indicators_stagedarearesult (part_id, {AREA_COLUMNS}) "
                f"SELECT {int(part)}, summed.* FROM ("
                + area_sums("indicators_stagedresult", f"r.part_id = {int(part)}")
                + ") summed"
            )
        rows = 0
        for table in TABLES:
            cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE part_id = %s", [part])
            rows += cursor.fetchone()[0]
    return rows


def staged_rows(run: int) -> Counter[int]:
    """How many rows each of the run's parts has staged."""
    found: Counter[int] = Counter()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT part_id, COUNT(*) FROM {table} WHERE {OF_RUN} GROUP BY part_id", [run])
            found.update(dict(cursor.fetchall()))
    return found


def publish_staged(run: int, months: Sequence[date]) -> int:
    """Put the run's staged rows in the place of the stored results of these months; return the area rows stored."""
    here, params = Scope(months).month_filter("month")
    staged = [*params, run]
    sums = ", ".join(f"SUM({column})" for column in (*SUMS, "estimated", "unknown"))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM indicators_facilityresult WHERE {here}", params)
        cursor.execute(
            f"INSERT INTO indicators_facilityresult ({FACILITY_KEY}, {SUM_LIST}) "
            f"SELECT {FACILITY_KEY}, {SUM_LIST} FROM indicators_stagedresult WHERE {here} AND {OF_RUN}",
            staged,
        )
        cursor.execute(f"DELETE FROM indicators_monthlyresult WHERE {here}", params)
        cursor.execute(
            f"INSERT INTO indicators_monthlyresult ({AREA_COLUMNS}) SELECT {AREA_KEY}, {sums} "
            f"FROM indicators_stagedarearesult WHERE {here} AND {OF_RUN} GROUP BY {AREA_KEY}",
            staged,
        )
        return cursor.rowcount


def hold_staging() -> None:
    """Keep every part from staging until the transaction ends; OperationalError where one is at it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE NOWAIT")


def forget_staged(*, all_of_it: bool) -> None:
    """Remove what runs that are over have staged; with `all_of_it` nothing else stands there. After `hold_staging`."""
    over = (
        "part_id IN (SELECT p.id FROM indicators_recomputepart p "
        "JOIN indicators_recomputerun r ON r.id = p.run_id WHERE r.state IN ('done', 'cancelled'))"
    )
    with connection.cursor() as cursor:
        if all_of_it and connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(TABLES)}")
            return
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}" + ("" if all_of_it else f" WHERE {over}"))
