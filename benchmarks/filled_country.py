"""A country of figures for benchmarks, written by two statements: every form that is owed in 2025, approved.

The figures are whole numbers from 0 to 60 that depend on the facility, the cell and the month alone. They need not be
plausible: how long a sum takes does not depend on what is added.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

SUBMISSIONS = """
INSERT INTO indicators_submission (facility_id, form_id, period, status, reason, version, created_at, submitted_at,
  first_submitted_at, decided_at, nothing_occurred)
SELECT DISTINCT d.facility_id, d.form_id, CASE WHEN f.periodicity = 'year' THEN date '2025-01-01' ELSE m.month END,
  'approved', '', 1, now(), now(), now(), now(), false
FROM (SELECT generate_series(date '2025-01-01', date '2025-12-01', interval '1 month')::date AS month) m
JOIN indicators_duty d ON d.from_month <= m.month AND (d.to_month IS NULL OR d.to_month > m.month)
JOIN indicators_form f ON f.id = d.form_id
"""
VALUES = """
INSERT INTO indicators_datavalue (submission_id, element_id, group_id, value, no_data, version)
SELECT s.id, i.element_id, i.group_id,
  (s.facility_id * 31 + i.element_id * 17 + i.group_id * 7 + extract(month FROM s.period)::int * 13) % 61, false, 1
FROM indicators_submission s JOIN indicators_formitem i ON i.form_id = s.form_id
ORDER BY s.id
"""


def fill(provinces: Sequence[str]) -> dict[str, int]:
    """Load the provinces (today's codes; empty: all) and approve every form owed in 2025.

    Returns the counts of facilities, submissions and values.
    """
    from django.core.management import call_command
    from django.db import connection

    from facilities.models import Facility
    from indicators.actions.duties import refresh_duties

    quiet = io.StringIO()
    call_command("load_places", province=list(provinces), stdout=quiet)
    call_command("load_catalogue", stdout=quiet)
    refresh_duties()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # rows made from keys need no check of keys
        cursor.execute(SUBMISSIONS)
        submissions = cursor.rowcount
        cursor.execute(VALUES)
        values = cursor.rowcount
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return {"facilities": Facility.objects.count(), "submissions": submissions, "values": values}
