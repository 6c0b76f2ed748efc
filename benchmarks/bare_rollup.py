"""The floor of a recompute: one statement written by hand, into tables of the same shape and keys.

It stores the same rows and knows nothing of provisional figures, stand-ins, "no data", exactness or marks.
"""

from __future__ import annotations

from datetime import date

FLOOR = """
WITH station AS (
  SELECT d.facility_id, m.month, t.indicator_id, t.group_id,
         SUM(CASE WHEN t.part = 'numerator' THEN t.coefficient * v.value END) AS n,
         SUM(CASE WHEN t.part = 'denominator' THEN t.coefficient * v.value END) AS d,
         CASE WHEN COUNT(v.value) = COUNT(*) THEN 1 ELSE 0 END AS reported
  FROM (SELECT generate_series(date '2025-01-01', date '2025-12-01', interval '1 month')::date AS month) m
  JOIN indicators_duty d ON d.from_month <= m.month AND (d.to_month IS NULL OR d.to_month > m.month)
  JOIN indicators_form f ON f.id = d.form_id
  JOIN indicators_formitem i ON i.form_id = f.id
  JOIN indicators_term t ON t.element_id = i.element_id AND t.group_id = i.group_id
  JOIN indicators_indicator x ON x.id = t.indicator_id AND f.basis IN (x.basis, 'none')
  LEFT JOIN indicators_submission s ON s.facility_id = d.facility_id AND s.form_id = f.id AND s.status = 'approved'
       AND s.period = CASE WHEN f.periodicity = 'year' THEN date_trunc('year', m.month)::date ELSE m.month END
  LEFT JOIN indicators_datavalue v ON v.submission_id = s.id AND v.element_id = t.element_id AND v.group_id = t.group_id
  GROUP BY 1, 2, 3, 4
), stored AS (
  INSERT INTO floor_station (facility_id, month, indicator_id, group_id, numerator, denominator, reported, expected,
    no_data, stand_in, provisional_numerator, provisional_denominator, provisional_reported, year_denominator)
  SELECT facility_id, month, indicator_id, group_id, COALESCE(reported * n, 0), COALESCE(reported * d, 0), reported, 1,
    0, 0, COALESCE(reported * n, 0), COALESCE(reported * d, 0), reported, COALESCE(d, 0) FROM station
)
INSERT INTO floor_area (area_id, month, indicator_id, group_id, numerator, denominator, reported, expected,
  no_data, stand_in, provisional_numerator, provisional_denominator, provisional_reported,
  year_denominator, estimated, unknown)
SELECT c.area_id, s.month, s.indicator_id, s.group_id, COALESCE(SUM(reported * n), 0), COALESCE(SUM(reported * d), 0),
  SUM(reported), COUNT(*), 0, 0, COALESCE(SUM(reported * n), 0), COALESCE(SUM(reported * d), 0), SUM(reported),
  COALESCE(SUM(d), 0), 0, 0
FROM station s
JOIN facilities_contribution c ON c.facility_id = s.facility_id AND c.from_month <= s.month
     AND (c.to_month IS NULL OR c.to_month > s.month)
GROUP BY 1, 2, 3, 4
"""


def make_tables() -> None:
    """Create the floor's tables: columns, defaults, keys and indexes of the portal's own."""
    from django.db import connection

    pairs = (("floor_station", "indicators_facilityresult"), ("floor_area", "indicators_monthlyresult"))
    with connection.cursor() as cursor:
        for table, source in pairs:
            cursor.execute(f"CREATE TABLE {table} (LIKE {source} INCLUDING ALL)")


def run() -> None:
    """Store the year 2025 anew, in one transaction."""
    from django.db import connection, transaction

    from indicators.rollup import WORK_MEMORY

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        # As ours has it (`rollup.everything_once`); with one province the floor takes a tenth less time by it.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("DELETE FROM floor_station")
        cursor.execute("DELETE FROM floor_area")
        cursor.execute(FLOOR)


TOUCH_STATION = """
UPDATE floor_station SET numerator = numerator + 1, provisional_numerator = provisional_numerator + 1
WHERE facility_id = %s AND month = %s AND (indicator_id, group_id) IN %s
"""
TOUCH_AREAS = """
UPDATE floor_area a SET numerator = a.numerator + 1, provisional_numerator = a.provisional_numerator + 1
FROM floor_station s
JOIN facilities_contribution c ON c.facility_id = s.facility_id AND c.from_month <= s.month
     AND (c.to_month IS NULL OR c.to_month > s.month)
WHERE s.facility_id = %s AND s.month = %s AND (s.indicator_id, s.group_id) IN %s
  AND a.area_id = c.area_id AND a.month = s.month AND a.indicator_id = s.indicator_id AND a.group_id = s.group_id
"""


def touch(facility: int, month: date, cells: tuple[tuple[int, int], ...]) -> int:
    """The floor of one approval: write what it changed, in the facility's month and its areas; the area rows written.

    `cells` holds the (indicator id, group id) of the facility's results that the approval changed.
    """
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOUCH_STATION, [facility, month, cells])
        cursor.execute(TOUCH_AREAS, [facility, month, cells])
        return cursor.rowcount


def unequal_rows() -> int:
    """How many rows only one of the two has, or both with other sums.

    Of areas that hold estimates or what no exact figure is known of, of which the floor knows nothing, the keys alone.
    """
    from django.db import connection

    from indicators.rollup import AREA_KEY, FACILITY_KEY, SUMS

    found = 0
    other = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in SUMS)
    with connection.cursor() as cursor:
        for ours, floor, key, known in (
            ("indicators_facilityresult", "floor_station", FACILITY_KEY, "true"),
            ("indicators_monthlyresult", "floor_area", AREA_KEY, "a.estimated + a.unknown = 0"),
        ):
            cursor.execute(
                f"SELECT COUNT(*) FROM {ours} a FULL JOIN {floor} b USING ({key}) "
                f"WHERE a.expected IS NULL OR b.expected IS NULL OR ({known} AND ({other}))"
            )
            found += cursor.fetchone()[0]
    return found
