"""The roll-up, in SQL: values → facility results → area results (design decisions 1, 2 and 5).

Everything is written in the common subset of PostgreSQL and SQLite and lives in this module and, for a recompute in
parts, in `indicators.rollup_staged`. One description of a facility-month (`FACILITY_MONTHS`) and one of a
roll-up through contributions (`AREA_SUMS`) serve both a full recompute of whole months and the difference
that one facility's change makes. All stored columns are additive, so a difference is simply added: the cost
of one approval does not depend on how many other facilities there are.

The callers hold the locks and the transaction (`indicators.actions.recompute`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from itertools import count

from django.db import connection

SUMS = (
    "numerator",
    "denominator",
    "reported",
    "expected",
    "no_data",
    "stand_in",
    "provisional_numerator",
    "provisional_denominator",
    "provisional_reported",
    "year_denominator",
)
FACILITY_KEY = "facility_id, month, indicator_id, group_id"
WORK_MEMORY = "64MB"
_serial = count(1)
AREA_KEY = "area_id, month, indicator_id, group_id"
SUM_LIST = ", ".join(SUMS)

# A term is due from a facility in a month when a form of a fitting basis that it owes carries the term's
# cell; its value is read from that form. A yearly cell reads the year's figure; until one comes, last
# year's stands in. The facility-month enters only when every due term has a value: blank and "no data"
# keep it out, 0 is a value.
#
# Submissions and values are reached through their unique keys, never through a computed table: a planner
# without statistics would join such a table row by row. Which cells a form carries for which term is settled
# first, from tables with statistics: guessed wrong, it makes the planner ask for a country's values one by one.
FACILITY_MONTHS = """
owed AS MATERIALIZED (
  SELECT d.facility_id, m.month, f.id AS form_id, s.id AS submission_id, past.id AS past_id,
         CASE WHEN s.status = 'approved' THEN 1 ELSE 0 END AS approved
  FROM scope m
  JOIN indicators_duty d ON d.from_month <= m.month AND (d.to_month IS NULL OR d.to_month > m.month)
       {facility_filter}
  JOIN indicators_form f ON f.id = d.form_id
  LEFT JOIN indicators_form last_form ON f.periodicity = 'year' AND last_form.code = f.code
       AND last_form.valid_from <= m.last_year
       AND (last_form.valid_to IS NULL OR last_form.valid_to > m.last_year)
  LEFT JOIN indicators_submission s ON s.facility_id = d.facility_id AND s.form_id = f.id
       AND s.period = CASE WHEN f.periodicity = 'year' THEN m.year_start ELSE m.month END
       AND s.status IN ('submitted', 'approved')
  LEFT JOIN indicators_submission past ON past.facility_id = d.facility_id AND past.form_id = last_form.id
       AND past.period = m.last_year AND past.status = 'approved'
),
carried AS MATERIALIZED (
  SELECT f.id AS form_id, t.indicator_id, t.group_id, t.element_id, t.part, t.coefficient
  FROM indicators_form f
  JOIN indicators_formitem i ON i.form_id = f.id
  JOIN indicators_term t ON t.element_id = i.element_id AND t.group_id = i.group_id
  JOIN indicators_indicator n ON n.id = t.indicator_id AND (f.basis = n.basis OR f.basis = 'none')
),
term AS (
  SELECT o.facility_id, o.month, t.indicator_id, t.group_id, t.part, t.coefficient,
         CASE WHEN v.id IS NOT NULL AND o.approved = 1 THEN v.value ELSE p.value END AS official,
         CASE WHEN v.id IS NOT NULL THEN v.value ELSE p.value END AS provisional,
         CASE WHEN v.no_data AND o.approved = 1 THEN 1 ELSE 0 END AS no_data,
         CASE WHEN (v.id IS NULL OR o.approved = 0) AND p.value IS NOT NULL THEN 1 ELSE 0 END AS stand_in
  FROM owed o
  JOIN carried t ON t.form_id = o.form_id
  LEFT JOIN indicators_datavalue v ON v.submission_id = o.submission_id
       AND v.element_id = t.element_id AND v.group_id = t.group_id AND (v.value IS NOT NULL OR v.no_data)
  LEFT JOIN indicators_datavalue p ON p.submission_id = o.past_id
       AND p.element_id = t.element_id AND p.group_id = t.group_id
),
facility_month AS (
  SELECT facility_id, month, indicator_id, group_id,
         CASE WHEN COUNT(official) = COUNT(*) THEN 1 ELSE 0 END AS reported,
         CASE WHEN COUNT(provisional) = COUNT(*) THEN 1 ELSE 0 END AS provisional_reported,
         MAX(no_data) AS no_data, MAX(stand_in) AS stand_in,
         COALESCE(SUM(CASE WHEN part = 'numerator' THEN coefficient * official END), 0) AS n,
         COALESCE(SUM(CASE WHEN part = 'denominator' THEN coefficient * official END), 0) AS d,
         COALESCE(SUM(CASE WHEN part = 'numerator' THEN coefficient * provisional END), 0) AS pn,
         COALESCE(SUM(CASE WHEN part = 'denominator' THEN coefficient * provisional END), 0) AS pd,
         CASE WHEN COUNT(CASE WHEN part = 'denominator' THEN 1 END)
                 = COUNT(CASE WHEN part = 'denominator' THEN official END) THEN 1 ELSE 0 END AS divisible
  FROM term
  GROUP BY facility_id, month, indicator_id, group_id
),
fresh AS (
  SELECT facility_id, month, indicator_id, group_id,
         reported * n AS numerator, reported * d AS denominator, reported, 1 AS expected,
         (1 - reported) * no_data AS no_data, reported * stand_in AS stand_in,
         provisional_reported * pn AS provisional_numerator,
         provisional_reported * pd AS provisional_denominator, provisional_reported,
         divisible * d AS year_denominator
  FROM facility_month
)
"""

# What a facility-month counts for in an area: whole, by a stated share, or unknown. Counts of units do
# not restate: three stations that pass become one (domain/places.md), so elsewhere they are unknown.
UNKNOWN = "c.share IS NULL OR (n.timing = 'units' AND NOT c.in_own_time)"
AREA_SUMS = """
SELECT c.area_id, r.month, r.indicator_id, r.group_id, {sums},
       SUM(CASE WHEN c.share < 1000000 THEN r.expected ELSE 0 END) AS estimated,
       SUM(CASE WHEN {unknown} THEN r.expected ELSE 0 END) AS unknown
FROM {source} r
JOIN facilities_contribution c ON c.facility_id = r.facility_id
     AND c.from_month <= r.month AND (c.to_month IS NULL OR c.to_month > r.month)
JOIN indicators_indicator n ON n.id = r.indicator_id
WHERE {where}
GROUP BY c.area_id, r.month, r.indicator_id, r.group_id
"""

DIVISIBLE = {
    "numerator",
    "denominator",
    "provisional_numerator",
    "provisional_denominator",
    "year_denominator",
}


def _area_sum(column: str) -> str:
    shared = f"r.{column} * c.share / 1000000.0" if column in DIVISIBLE else f"r.{column}"
    return f"SUM(CASE WHEN {UNKNOWN} THEN 0 WHEN c.share = 1000000 THEN r.{column} ELSE {shared} END) AS {column}"


def area_sums(source: str, where: str) -> str:
    counts = {"reported", "expected", "no_data", "stand_in", "provisional_reported"}
    sums = ", ".join(
        f"SUM(r.{column}) AS {column}" if column in counts else _area_sum(column) for column in SUMS
    )
    return AREA_SUMS.format(sums=sums, unknown=UNKNOWN, source=source, where=where)


class Scope:
    """Months and, narrowed, facilities: what a statement covers, as SQL fragments with their parameters."""

    def __init__(
        self, months: Sequence[date], facilities: Sequence[int] | None = None, *, among: str = ""
    ) -> None:
        """`among`: a subquery that selects facility ids, for more of them than a list should hold."""
        self.months = sorted(months)
        self.facilities = None if facilities is None else sorted(facilities)
        self.among = among

    def facility_filter(self, column: str) -> str:
        """Ids are integers of our own database, so they are written in place."""
        if self.among:
            return f"AND {column} IN ({self.among})"
        if self.facilities is None:
            return ""
        return f"AND {column} IN ({', '.join(str(int(pk)) for pk in self.facilities)})"

    def with_fresh(self) -> tuple[str, list[date]]:
        """`WITH scope …, fresh …` and its parameters: the facility results as the values now say."""
        rows = [(month, date(month.year, 1, 1), date(month.year - 1, 1, 1)) for month in self.months]
        scope = " UNION ALL ".join(["SELECT %s AS month, %s AS year_start, %s AS last_year"] * len(rows))
        body = FACILITY_MONTHS.format(facility_filter=self.facility_filter("d.facility_id"))
        return f"WITH scope AS ({scope}), {body}", [day for row in rows for day in row]

    def month_filter(self, column: str) -> tuple[str, list[date]]:
        return f"{column} IN ({', '.join(['%s'] * len(self.months))})", list(self.months)


def allow_memory() -> None:
    """Let this transaction's sorts and joins of whole months use `WORK_MEMORY` each instead of the disk."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")


@contextmanager
def everything_once() -> Iterator[None]:
    """Statements in here read whole tables once and meet by hash, on PostgreSQL.

    Left alone, the planner may walk a country's results through their key, contribution by contribution, to spare
    itself a sort: at eight provinces it read them eleven times over, page by page.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")


def replace_facility_results(scope: Scope) -> int:
    """Store the facility results of the scope anew; return how many rows stand there now."""
    months, month_params = scope.month_filter("month")
    with_fresh, params = scope.with_fresh()
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM indicators_facilityresult WHERE {months} {scope.facility_filter('facility_id')}",
            month_params,
        )
        cursor.execute(
            f"{with_fresh} INSERT INTO indicators_facilityresult ({FACILITY_KEY}, {SUM_LIST}) "
            f"SELECT {FACILITY_KEY}, {SUM_LIST} FROM fresh",
            params,
        )
        return cursor.rowcount


def replace_area_results(scope: Scope, areas: Sequence[int] | None = None) -> int:
    """Store the area results of whole months anew from the facility results; return the rows stored.

    `areas` narrows it to some: what counts in them changed, not what the facilities reported.
    """
    months, params = scope.month_filter("month")
    where, _params = scope.month_filter("r.month")
    if areas is not None:
        listed = ", ".join(str(int(pk)) for pk in sorted(areas))
        months, where = f"{months} AND area_id IN ({listed})", f"{where} AND c.area_id IN ({listed})"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM indicators_monthlyresult WHERE {months}", params)
        with everything_once() if areas is None else nullcontext():
            cursor.execute(
                f"INSERT INTO indicators_monthlyresult ({AREA_KEY}, {SUM_LIST}, estimated, unknown) "
                + area_sums("indicators_facilityresult", where),
                params,
            )
        return cursor.rowcount


def apply_differences(scope: Scope) -> int:
    """Add to the facility results and the areas what the scope's values change them by; return area rows touched.

    What changes is computed once, into a table of this transaction, and both writes read that table: a figure
    committed in between belongs wholly to the mark that came with it. What stayed as it was is not written. Area
    rows are written in one order, so that two transactions wait for each other instead of locking each other out.
    """
    with_fresh, params = scope.with_fresh()
    months, month_params = scope.month_filter("month")
    here = f"{months} {scope.facility_filter('facility_id')}"
    difference = f"difference_{next(_serial)}"
    lasts = "ON COMMIT DROP" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {difference} {lasts} AS {with_fresh}{_difference_sql(here)}",
            [*params, *month_params],
        )
        cursor.execute(
            f"INSERT INTO indicators_facilityresult ({FACILITY_KEY}, {SUM_LIST}) "
            f"SELECT {FACILITY_KEY}, {SUM_LIST} FROM {difference} WHERE 1 = 1 "
            + _added("indicators_facilityresult", FACILITY_KEY, SUMS)
        )
        cursor.execute(
            f"INSERT INTO indicators_monthlyresult ({AREA_KEY}, {SUM_LIST}, estimated, unknown) "
            + area_sums(difference, "1 = 1")
            + "ORDER BY 1, 2, 3, 4 "
            + _added("indicators_monthlyresult", AREA_KEY, (*SUMS, "estimated", "unknown"))
        )
        touched = cursor.rowcount
        if not lasts:
            cursor.execute(f"DROP TABLE {difference}")
    return touched


def _difference_sql(here: str) -> str:
    """Fresh less stored, of the facility-months where they differ. One that is no longer due goes to zeros."""
    negated = ", ".join(f"-{column} AS {column}" for column in SUMS)
    added = ", ".join(f"SUM({column}) AS {column}" for column in SUMS)
    changed = " OR ".join(f"SUM({column}) <> 0" for column in SUMS)
    return (
        f"SELECT {FACILITY_KEY}, {added} FROM (SELECT {FACILITY_KEY}, {SUM_LIST} FROM fresh UNION ALL "
        f"SELECT {FACILITY_KEY}, {negated} FROM indicators_facilityresult WHERE {here}) both_sides "
        f"GROUP BY {FACILITY_KEY} HAVING {changed}"
    )


def _added(table: str, key: str, columns: Sequence[str]) -> str:
    summed = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns)
    return f"ON CONFLICT ({key}) DO UPDATE SET {summed}"
