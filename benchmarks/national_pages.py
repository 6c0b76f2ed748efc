"""Pages of one plan, `verify`, and how soon an open page learns of an approval, with one province and with the country.

    DATABASE_URL=postgres://… REDIS_URL=redis://… python benchmarks/national_pages.py [--sizes 1 34] [--verify]

Each size has a database of its own with the year 2025 filled in and computed. A planner of the old Bắc Ninh opens the
scorecard, a line and its views with Django's test client; the medians of the server's time are compared between the
sizes. With REDIS_URL, reports are approved one by one beside a real worker, and the page's question for its stamp is
put every 50 ms until nothing waits any more and the answer is another one: the new figures stand there. Bars: every
page at most 15 queries and 1.5 times the time with one province; the figures there, with the 1.5 s that a page waits
between questions and the page itself, within 2 s; no difference found by `verify`, which asks for REDIS_URL, as without
approvals there is nothing that could differ. It fails where a bar does not hold.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import filled_country
from benchmarks.scratch import ROOT, database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

CODES = {1: ["24"], 34: []}
PLAN, YEAR = "bac-ninh-1663-2025", 2025
VIEWS = ("trend", "ranking", "months", "map", "groups")
TIMES, APPROVALS, ASK_EVERY = 15, 10, 0.05
# An open page puts its question every 1.5 s and has 2 s in all.
BARS = {"ratio": 1.5, "queries": 15, "seconds_until_seen": 0.5}
REDIS = os.environ.get("REDIS_URL", "")


def prepared(codes: list[str]) -> dict[str, int]:
    """Fill the country, load the plan and compute the year; the counts."""
    from django.core.management import call_command

    from facilities.periods import Month
    from indicators.actions.recompute import recompute_months

    filled = filled_country.fill(codes)
    call_command("load_plan", str(ROOT / "plans" / "data" / f"{PLAN}.yaml"), stdout=io.StringIO())
    recompute_months(Month(YEAR, 1), Month(YEAR, 12))
    return filled


def signed_in() -> Client:
    from django.test import Client

    from facilities.models import Assignment, Role, User
    from plans.models import Plan

    user = User.objects.create_user("plans", password=None)
    Assignment.objects.create(user=user, role=Role.PLANNER, area=Plan.objects.get(slug=PLAN).area)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages(client: Client) -> dict[str, dict[str, float]]:
    """Median milliseconds and queries of each page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from plans.models import Plan

    line = Plan.objects.get(slug=PLAN).lines.exclude(indicator=None).order_by("order").first()
    addresses = {"scorecard": f"/plans/{PLAN}/?year={YEAR}"}
    addresses |= {view: f"{line.get_absolute_url()}?year={YEAR}&view={view}" for view in VIEWS}
    found = {}
    for name, address in addresses.items():
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        queries = len(captured)
        taken = []
        for _ in range(TIMES):
            started = time.perf_counter()
            client.get(address)
            taken.append(time.perf_counter() - started)
        found[name] = {"milliseconds": round(median(taken) * 1000, 1), "queries": queries}
    return found


def seen(client: Client) -> dict[str, float]:
    """Seconds from before an approval until its figures are in the page's answer, the worker draining."""
    from django.conf import settings

    from config.celery import app

    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--pool",
        "solo",
        "--loglevel",
        "ERROR",
    ]
    # DATABASE_URL names the scratch database by now.
    worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "REDIS_URL": REDIS})
    app.conf.update(broker_url=REDIS, task_always_eager=False)
    settings.CELERY_TASK_ALWAYS_EAGER = False
    try:
        taken = sorted(approved_and_seen(client))
    finally:
        worker.terminate()
        worker.wait()
        app.conf.update(task_always_eager=True)
    return {"median": round(median(taken), 2), "worst": round(taken[-1], 2)}


def approved_and_seen(client: Client) -> list[float]:
    from django.utils import timezone

    from facilities.models import Area, Assignment, Role, StaleMark, User
    from indicators.actions.marks import mark_stale
    from indicators.actions.submissions import approve
    from indicators.models import Submission
    from plans.models import Plan

    area = Plan.objects.get(slug=PLAN).area
    reviewer = User.objects.create_user("decides", password=None)
    today = Area.objects.filter(code="24", level=Area.Level.PROVINCE).latest("valid_from")
    Assignment.objects.create(user=reviewer, role=Role.REVIEWER, area=today)
    question = f"/plans/{PLAN}/stamp/?year={YEAR}"
    found = Submission.objects.select_related("facility", "form").filter(
        facility__contributions__area=area, form__code="B4", period=f"{YEAR}-06-01"
    )
    taken = []
    for submission in found.order_by("pk")[: APPROVALS + 1]:
        Submission.objects.filter(pk=submission.pk).update(status="submitted", submitted_at=timezone.now())
        mark_stale([submission])
        while StaleMark.objects.exists():
            time.sleep(ASK_EVERY)
        before = client.get(question).json()["stamp"]
        submission.refresh_from_db()
        started = time.perf_counter()
        approve(submission=submission, by=reviewer)
        # A mark alone changes the answer too, before anything is computed.
        while StaleMark.objects.exists() or client.get(question).json()["stamp"] == before:
            time.sleep(ASK_EVERY)
        taken.append(time.perf_counter() - started)
    return taken[1:]  # the first also starts the worker


def measure(size: int, *, with_verify: bool) -> dict[str, object]:
    with database(f"bench_pages_{size}"):
        found: dict[str, object] = {"provinces": size, **prepared(CODES[size])}
        client = signed_in()
        found["pages"] = pages(client)
        if REDIS:
            found["seconds_until_seen"] = seen(client)
        if with_verify:
            from reporting.actions.verify import verify

            started = time.perf_counter()
            found["verify"] = verify().as_json()
            found["verify_seconds"] = round(time.perf_counter() - started)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 34], choices=CODES)
    parser.add_argument("--verify", action="store_true")
    options = parser.parse_args()
    if options.verify and not REDIS:
        parser.error("--verify needs REDIS_URL.")
    found = []
    for size in options.sizes:
        found.append(measure(size, with_verify=options.verify))
        print(json.dumps(found[-1]), flush=True)
    ratios = {name: ratio(found, name) for name in found[0]["pages"]} if len(found) > 1 else {}
    print(json.dumps({"ratios": ratios, "bars": BARS}))
    if broken := [*broken_bars(found), *(name for name, one in ratios.items() if one > BARS["ratio"])]:
        sys.exit(f"Not held: {', '.join(broken)}")


def ratio(found: list[dict[str, Any]], name: str) -> float:
    """The page's time with the last size, against the first."""
    first, last = (one["pages"][name]["milliseconds"] for one in (found[0], found[-1]))
    return round(last / first, 2)


def broken_bars(found: list[dict[str, Any]]) -> Iterator[str]:
    for one in found:
        if any(page["queries"] > BARS["queries"] for page in one["pages"].values()):
            yield "queries"
        if one.get("seconds_until_seen", {"worst": 0})["worst"] > BARS["seconds_until_seen"]:
            yield "seconds_until_seen"
        if one.get("verify", {"differences": 0})["differences"]:
            yield "verify"


if __name__ == "__main__":
    main()
