"""Recompute of Bắc Ninh (with Bắc Giang), 12 months, all indicators, against a hand-written statement.

Floor: one SQL statement that stores the same rows in tables of the same shape and keys, and knows nothing of
provisional figures, stand-ins, "no data", exactness or marks. Bar: ratio ≤ 3. Also one approval's difference
with the country loaded around it.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.scratch import best_of, database

FLOOR = """
WITH station AS (
  SELECT d.facility_id, m.month, t.indicator_id, t.group_id,
         SUM(CASE WHEN t.part = 'numerator' THEN t.coefficient * v.value END) AS n,
         SUM(CASE WHEN t.part = 'denominator' THEN t.coefficient * v.value END) AS d,
         CASE WHEN COUNT(v.value) = COUNT(*) THEN 1 ELSE 0 END AS reported
  FROM indicators_computedmonth m
  JOIN indicators_duty d ON d.from_month <= m.month AND (d.to_month IS NULL OR d.to_month > m.month)
  JOIN indicators_form f ON f.id = d.form_id
  JOIN indicators_formitem i ON i.form_id = f.id
  JOIN indicators_term t ON t.element_id = i.element_id AND t.group_id = i.group_id
  JOIN indicators_indicator x ON x.id = t.indicator_id AND f.basis IN (x.basis, 'none')
  LEFT JOIN indicators_submission s ON s.facility_id = d.facility_id AND s.form_id = f.id AND s.status = 'approved'
       AND s.period = CASE WHEN f.periodicity = 'year' THEN date_trunc('year', m.month)::date ELSE m.month END
  LEFT JOIN indicators_datavalue v ON v.submission_id = s.id AND v.element_id = t.element_id AND v.group_id = t.group_id
  WHERE m.month BETWEEN '2025-01-01' AND '2025-12-01'
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


def main() -> None:
    from django.core.management import call_command
    from django.db import connection

    from facilities.models import StaleMark
    from facilities.periods import Month
    from indicators.actions import recompute
    from indicators.models import FacilityResult, MonthlyResult, Submission

    quiet = io.StringIO()
    call_command("load_places", province=["24"], stdout=quiet)
    call_command("load_catalogue", stdout=quiet)
    call_command("generate_figures", "--from", "2024-12", "--to", "2025-12", stdout=quiet)
    first, last = Month(2025, 1), Month(2025, 12)
    recompute.recompute_months(first, last)
    StaleMark.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for table, source in (
            ("floor_station", "indicators_facilityresult"),
            ("floor_area", "indicators_monthlyresult"),
        ):
            cursor.execute(f"CREATE TABLE {table} (LIKE {source} INCLUDING ALL)")

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("DELETE FROM floor_station")
            cursor.execute("DELETE FROM floor_area")
            cursor.execute(FLOOR)
            cursor.execute("COMMIT")

    floor()
    hand = best_of(3, floor)
    ours = best_of(3, lambda: recompute.recompute_months(first, last))
    submission = Submission.objects.filter(form__code="B4", period="2025-06-01", status="approved").first()
    one = best_of(5, lambda: recompute.recompute_facilities([submission.facility_id], [submission.period]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT COUNT(*) FROM floor_station), (SELECT COUNT(*) FROM floor_area)")
        floor_rows = cursor.fetchone()
    print(
        json.dumps(
            {
                "hand_written_seconds": round(hand, 2),
                "recompute_seconds": round(ours, 2),
                "ratio": round(ours / hand, 2),
                "bar": 3,
                "rows_floor": floor_rows,
                "rows_ours": (
                    FacilityResult.objects.filter(month__year=2025).count(),
                    MonthlyResult.objects.filter(month__year=2025).count(),
                ),
                "one_approval_milliseconds": round(one * 1000, 1),
            }
        )
    )


if __name__ == "__main__":
    with database("bench_recompute"):
        main()
