"""The review matrix of 100 stations × 12 months × 4 forms: its queries, and its time beside two floors.

    DATABASE_URL=postgres://… python benchmarks/matrix.py

Floors of the same run: a bare view with one query, and one hand-written statement that reads the status and the first
submission of the same cells. Through Django's test client, in one process; the fastest of five. Bar: 10 queries.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.scratch import best_of, database

if TYPE_CHECKING:
    from datetime import date

    from django.test import Client

    from facilities.models import User

STATIONS, FORMS, BAR = 100, ("B4", "B7", "B8", "BS"), 10
FIRST, LAST = (12, 1)  # months back from this one: the twelve that are over
FLOOR = """
SELECT d.facility_id, f.code, m.month, s.status, s.first_submitted_at, s.nothing_occurred
FROM (SELECT generate_series(%s::date, %s::date, '1 month')::date AS month) m
JOIN indicators_duty d ON d.from_month <= m.month AND (d.to_month IS NULL OR d.to_month > m.month)
JOIN indicators_form f ON f.id = d.form_id
LEFT JOIN indicators_submission s
  ON s.facility_id = d.facility_id AND s.form_id = d.form_id AND s.period = m.month
"""


def prepare() -> tuple[User, date, date]:
    """100 stations of Bắc Ninh that owe the four monthly forms, a year of figures, and the province's reviewer."""
    from django.core.management import call_command
    from django.utils import timezone

    from facilities.models import Area, Assignment, Role, User
    from facilities.periods import Month
    from indicators.models import Duty

    quiet = io.StringIO()
    call_command("load_places", province=["24"], stdout=quiet)
    call_command("load_catalogue", stdout=quiet)
    today = Month.of(timezone.localdate())
    first, last = (today - FIRST).first_day, (today - LAST).first_day
    call_command(
        "generate_figures", "--from", str(Month.of(first)), "--to", str(Month.of(last)), stdout=quiet
    )
    # Only then, for the generator derives duties anew: all but a hundred stations and the four monthly forms go.
    monthly = Duty.objects.filter(form__code__in=FORMS, from_month__lte=first, to_month=None)
    owing = monthly.order_by("facility__code").values_list("facility", flat=True).distinct()
    chosen = list(owing[:STATIONS])
    Duty.objects.exclude(facility__in=chosen, form__code__in=FORMS).delete()
    reviewer = User.objects.create(username="matrix", last_name="Duyệt")
    Assignment.objects.create(
        user=reviewer, role=Role.REVIEWER, area=Area.objects.get(code="24", valid_from="2025-07-01")
    )
    return reviewer, first, last


def signed_in(reviewer: User) -> Client:
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def matrix_page(client: Client) -> Callable[[], bytes]:
    """A function that asks for the matrix and gives what it answers."""
    from django.urls import NoReverseMatch, reverse

    try:
        address = reverse("submissions:matrix")
    except NoReverseMatch:
        sys.exit("The portal has no matrix page.")

    def page() -> bytes:
        answer = client.get(address)
        if answer.status_code != 200:
            sys.exit(f"The matrix answered {answer.status_code}.")
        return answer.content

    return page


def cells(first: date, last: date) -> list[tuple]:
    """What the hand-written statement reads: one row a cell."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [first, last])
        return cursor.fetchall()


def bare_seconds(client: Client) -> float:
    """The fastest answer of a view with one query."""
    from django.test.utils import override_settings

    with override_settings(ROOT_URLCONF="benchmarks.bare_urls"):
        client.get("/bare/")
        return best_of(5, lambda: client.get("/bare/"))


def main() -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    reviewer, first, last = prepare()
    client = signed_in(reviewer)
    page = matrix_page(client)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    page()
    with CaptureQueriesContext(connection) as captured:
        content = page()
    queries = len(captured)  # the next request forgets them
    count = len(cells(first, last))
    seconds = {
        "page": best_of(5, page),
        "sql": best_of(5, lambda: cells(first, last)),
        "bare": bare_seconds(client),
    }
    measured = {
        "cells": count,
        "queries": queries,
        "bar": BAR,
        "kilobytes": round(len(content) / 1024),
        "page_milliseconds": round(1000 * seconds["page"], 1),
        "bare_view_milliseconds": round(1000 * seconds["bare"], 1),
        "statement_milliseconds": round(1000 * seconds["sql"], 1),
        "ratio_to_bare_view": round(seconds["page"] / seconds["bare"], 1),
        "ratio_to_statement": round(seconds["page"] / seconds["sql"], 1),
    }
    print(json.dumps(measured))
    return int(queries > BAR or count != STATIONS * 12 * len(FORMS))


if __name__ == "__main__":
    with database("bench_matrix"):
        code = main()
    sys.exit(code)
