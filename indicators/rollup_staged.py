"""The SQL of a recompute in parts: facility results computed beside the stored ones, and put in their place.

The same description of a facility-month as `indicators.rollup`; the common subset of PostgreSQL and SQLite. The
callers hold the locks and the transaction (`indicators.actions.run_parts`, `indicators.actions.run_closing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from indicators.rollup import FACILITY_KEY, SUM_LIST, Scope

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
    """Compute the scope's facility results into the part's own rows, in place of any it has; return how many."""
    with_fresh, params = scope.with_fresh()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_stagedresult WHERE part_id = %s", [part])
        cursor.execute(
            f"{with_fresh} INSERT INTO indicators_stagedresult (part_id, {FACILITY_KEY}, {SUM_LIST}) "
            f"SELECT {int(part)}, {FACILITY_KEY}, {SUM_LIST} FROM fresh",
            params,
        )
        cursor.execute("SELECT COUNT(*) FROM indicators_stagedresult WHERE part_id = %s", [part])
        return cursor.fetchone()[0]


def staged_rows(run: int) -> dict[int, int]:
    """How many rows each of the run's parts has staged; a part with none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT part_id, COUNT(*) FROM indicators_stagedresult WHERE {OF_RUN} GROUP BY part_id", [run]
        )
        return dict(cursor.fetchall())


def publish_staged(run: int, months: Sequence[date]) -> int:
    """Put the run's staged rows in the place of the stored facility results of these months; return how many."""
    here, params = Scope(months).month_filter("month")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM indicators_facilityresult WHERE {here}", params)
        cursor.execute(
            f"INSERT INTO indicators_facilityresult ({FACILITY_KEY}, {SUM_LIST}) "
            f"SELECT {FACILITY_KEY}, {SUM_LIST} FROM indicators_stagedresult WHERE {here} AND {OF_RUN}",
            [*params, run],
        )
        return cursor.rowcount


def hold_staging() -> None:
    """Keep every part from staging until the transaction ends; OperationalError where one is at it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE indicators_stagedresult IN ACCESS EXCLUSIVE MODE NOWAIT")


def forget_staged(*, all_of_it: bool) -> None:
    """Remove what runs that are over have staged; with `all_of_it` nothing else stands there. After `hold_staging`."""
    with connection.cursor() as cursor:
        if all_of_it and connection.vendor == "postgresql":
            cursor.execute("TRUNCATE indicators_stagedresult")
        elif all_of_it:
            cursor.execute("DELETE FROM indicators_stagedresult")
        else:
            cursor.execute(
                "DELETE FROM indicators_stagedresult WHERE part_id IN (SELECT p.id FROM indicators_recomputepart p "
                "JOIN indicators_recomputerun r ON r.id = p.run_id WHERE r.state IN ('done', 'cancelled'))"
            )
