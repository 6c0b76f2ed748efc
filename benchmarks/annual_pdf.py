"""The report of plan 683 as PDF and Excel: seconds and peak memory, against 10 s and 400 MB.

    python benchmarks/annual_pdf.py [SLUG YEAR PERIOD]

Reads the database of DATABASE_URL, which must hold the plan and computed months (as `make demo` leaves it),
and changes nothing in it. Without the plan it says so and stops.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LIMIT_SECONDS, LIMIT_MEGABYTES = 10, 400


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(slug: str = "bac-ninh-683-2026", year: str = "2026", period: str = "2026-10") -> int:
    import django

    django.setup()
    from django.db import DatabaseError, transaction

    from plans.models import Plan
    from reporting.actions.reports import freeze, open_report
    from reporting.content.periods import ReportPeriod
    from reporting.renderers import render

    try:
        plan = Plan.objects.select_related("area", "issuer__area").filter(slug=slug).first()
    except DatabaseError:
        plan = None
    if plan is None:
        print(f"No plan {slug} in this database; run `make demo SERVE=0` first.")
        return 0
    measured: dict[str, float] = {}
    with transaction.atomic():
        started = time.perf_counter()
        report = open_report(plan=plan, period=ReportPeriod.parse(int(year), period), by=None)
        data = freeze(report=report, by=None, reason="benchmark").data
        measured["snapshot_seconds"] = time.perf_counter() - started
        transaction.set_rollback(True)
    for name in ("xlsx", "pdf"):
        started = time.perf_counter()
        content = render(data, name)
        measured[f"{name}_seconds"] = time.perf_counter() - started
        measured[f"{name}_kilobytes"] = len(content) / 1024
    measured["peak_megabytes"] = peak_megabytes()
    print(json.dumps({key: round(value, 2) for key, value in measured.items()}))
    return int(measured["pdf_seconds"] > LIMIT_SECONDS or measured["peak_megabytes"] > LIMIT_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
