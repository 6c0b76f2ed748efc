"""Every commune's own sheet as one PDF and as a ZIP: seconds, peak memory, and the ratio to bare WeasyPrint.

    python benchmarks/commune_sheets.py [SLUG YEAR PERIOD]

Bare WeasyPrint writes the same finished HTML of the same sheets and joins nothing. Processor time is compared, so
that a busy machine does not decide; 99 sheets may take 120 s and 500 MB. Reads the database of DATABASE_URL, which
must hold the plan and computed months (as `make demo` leaves it), and changes nothing in it.
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

LIMIT_SECONDS, LIMIT_MEGABYTES, LIMIT_RATIO = 120, 500, 1.15


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(slug: str = "bac-ninh-683-2026", year: str = "2026", period: str = "2026-10") -> int:
    import django

    django.setup()
    from django.db import DatabaseError
    from django.utils import timezone

    from plans.models import Plan
    from reporting.content import build_content
    from reporting.models import Report
    from reporting.renderers import render

    try:
        plan = Plan.objects.select_related("area", "issuer__area").filter(slug=slug).first()
    except DatabaseError:
        plan = None
    if plan is None:
        print(f"No plan {slug} in this database; run `make demo SERVE=0` first.")
        return 0
    measured: dict[str, float] = {}
    started = time.process_time()
    report = Report(kind=Report.Kind.SHEETS, plan=plan, year=int(year), period=period)
    content = build_content(report, today=timezone.localdate())
    data = {"revision": 1, "frozen_at": "2026-11-10T08:00:00+07:00", "dateline": "", "content": content}
    measured["snapshot_seconds"] = time.process_time() - started
    measured["sheets"] = len(content["tables"])
    for name in ("pdf", "zip"):
        started, began = time.process_time(), time.perf_counter()
        measured[f"{name}_kilobytes"] = len(render(data, name)) / 1024
        measured[f"{name}_seconds"] = time.process_time() - started
        measured[f"{name}_seconds_on_the_wall"] = time.perf_counter() - began
    measured["peak_megabytes"] = peak_megabytes()
    measured["bare_seconds"] = bare(data)
    measured["ratio"] = measured["pdf_seconds"] / measured["bare_seconds"]
    print(json.dumps({key: round(value, 2) for key, value in measured.items()}))
    return int(
        measured["pdf_seconds"] > LIMIT_SECONDS
        or measured["peak_megabytes"] > LIMIT_MEGABYTES
        or measured["ratio"] > LIMIT_RATIO
    )


def bare(data: dict) -> float:
    """Seconds WeasyPrint alone needs for the finished pages of the same sheets."""
    from django.template import Context
    from weasyprint import HTML

    from reporting.renderers.layout import document
    from reporting.renderers.pdf import ENGINE, FOLDER

    shown = document(data)
    piece = ENGINE.get_template("sheet.html")
    pages = [piece.render(Context({**shown, "annex": annex})) for annex in shown["annexes"]]
    started = time.process_time()
    for page in pages:
        HTML(string=page, base_url=FOLDER.as_uri() + "/").write_pdf()
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
