"""The report of plan 683 as PDF: seconds against bare WeasyPrint on the same finished HTML, and peak memory.

    python benchmarks/annual_pdf.py [SLUG YEAR PERIOD]

Reads the database of DATABASE_URL, which must hold the plan and computed months (as `make demo` leaves it),
and changes nothing in it. Without the plan it says so and stops. The two take turns, so that whatever
else the machine does falls on both; the best of each counts.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LIMIT_RATIO, LIMIT_MEGABYTES = 1.15, 500
TURNS = 5


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds: on a shared machine the wall clock tells of others."""
    started = time.process_time()
    work()
    return time.process_time() - started


def snapshot_of(slug: str, year: str, period: str) -> dict[str, Any] | None:
    """The report frozen now, in a transaction that is undone; None without the plan."""
    from django.db import DatabaseError, transaction

    from plans.models import Plan
    from reporting.actions.reports import freeze, open_report
    from reporting.content.periods import ReportPeriod

    try:
        plan = Plan.objects.select_related("area", "issuer__area").filter(slug=slug).first()
    except DatabaseError:
        return None
    if plan is None:
        return None
    with transaction.atomic():
        report = open_report(plan=plan, period=ReportPeriod.parse(int(year), period), by=None)
        data = freeze(report=report, by=None, reason="benchmark").data
        transaction.set_rollback(True)
    return data


def finished(data: dict[str, Any]) -> str:
    """The HTML that the report's PDF is made of."""
    from reporting.checks import serif_font
    from reporting.renderers.layout import document
    from reporting.renderers.pdf import html_of

    return html_of("document.html", document(data), serif_font())


def bare(html: str) -> bytes:
    from weasyprint import HTML

    from reporting.renderers.pdf import FOLDER
    from reporting.renderers.pdf.standards import VARIANT

    return HTML(string=html, base_url=FOLDER.as_uri() + "/").write_pdf(pdf_variant=VARIANT)


def main(slug: str = "bac-ninh-683-2026", year: str = "2026", period: str = "2026-10") -> int:
    import django

    django.setup()
    from reporting.renderers import render

    data = snapshot_of(slug, year, period)
    if data is None:
        print(f"No plan {slug} in this database; run `make demo SERVE=0` first.")
        return 0
    html = finished(data)
    render(data, "pdf")  # what is imported once is not counted
    ours, floor = [], []
    for _turn in range(TURNS):
        floor.append(seconds(lambda: bare(html)))
        ours.append(seconds(lambda: render(data, "pdf")))
    measured = {
        "pdf_seconds": min(ours),
        "bare_seconds": min(floor),
        "ratio": min(ours) / min(floor),
        "kilobytes": len(render(data, "pdf")) / 1024,
        "peak_megabytes": peak_megabytes(),
    }
    print(json.dumps({key: round(value, 3) for key, value in measured.items()}))
    return int(measured["ratio"] > LIMIT_RATIO or measured["peak_megabytes"] > LIMIT_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
