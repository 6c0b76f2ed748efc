"""100 stations save batches of 40 fields at once: errors, and their p95 beside that of a bare view with one query.

    DATABASE_URL=postgres://… REDIS_URL=redis://… python benchmarks/entry_load.py [--rounds 10] [--stations 100]

The server is gunicorn with 5 workers, as docker-compose runs it, on a scratch PostgreSQL database; the load comes from
this process, on the same cores. Rounds of saves and of the bare view take turns, 100 requests at once each. Sessions
and CSRF tokens are real; every save changes every field, so each writes 40 values and 40 rows of history. Bars: no
error, no acknowledged value lost, ratio of the two p95 at most 8.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.load_client import Answer, Ask, percentile, send_all  # noqa: E402
from benchmarks.scratch import ROOT, database  # noqa: E402

HOST, PORT, WORKERS = "127.0.0.1", 8731, 5
FORM, PERIOD, FIELDS, BAR = "B4", "2026-10", 40, 8
REDIS = os.environ.get("REDIS_URL", "")
PACKAGE = re.compile(rb'<script id="entry-package" type="application/json">(.*?)</script>', re.DOTALL)


@dataclass
class Station:
    """A clerk's browser: cookies, and what the page's package told."""

    page: str
    session: str
    token: str = ""
    sync: str = ""
    user: str = ""
    version: int = 0
    cells: list[str] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        cookies = f"sessionid={self.session}" + (f"; csrftoken={self.token}" if self.token else "")
        return {"Host": f"{HOST}:{PORT}", "Cookie": cookies}

    def open(self, answer: Answer) -> None:
        """Read the form page as the browser does."""
        found = PACKAGE.search(answer.body)
        if answer.status != 200 or not found:
            sys.exit(f"The form page answered {answer.status} and holds no package: {self.page}")
        package = json.loads(found[1])
        self.token, self.sync = answer.cookie("csrftoken"), package["urls"]["sync"]
        self.user, self.version = str(package["user"]["id"]), package["version"]
        self.cells = [row["cell"] for section in package["sections"] for row in section["rows"]]

    def save(self, number: int) -> Ask:
        """A batch that changes every field; figures stay in proportion, so that no value is impossible."""
        self.sent = {cell: 20 + (number * 7 + index) % 60 for index, cell in enumerate(self.cells)}
        body = {"operation": str(uuid.uuid4()), "version": self.version, "cells": self.sent}
        extra = {"Content-Type": "application/json", "X-CSRFToken": self.token, "X-Entry-User": self.user}
        return Ask.of("POST", self.sync, self.headers() | extra, json.dumps(body).encode())


def prepare(count: int) -> list[Station]:
    """Bắc Ninh's stations with a quarter of figures, a clerk signed in at each of `count`, and a form of 40 fields."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db.models import Q
    from django.urls import reverse

    from facilities.models import Assignment, Role, User
    from indicators.models import DataElement, Duty, Form, FormItem

    quiet = io.StringIO()
    call_command("load_places", province=["24"], stdout=quiet)
    call_command("load_catalogue", stdout=quiet)
    call_command("generate_figures", "--from", "2026-07", "--to", "2026-09", stdout=quiet)
    form = Form.objects.get(code=FORM, valid_from="2025-07-01")
    last = form.items.order_by("section__order", "order").last()
    for number in range(FIELDS - form.items.count()):
        element = DataElement.objects.create(code=f"{FORM}.them_{number}", name=f"Ô thêm {number}")
        FormItem.objects.create(
            form=form, section=last.section, element=element, group=last.group, order=last.order + 1 + number
        )
    month = date.fromisoformat(f"{PERIOD}-01")
    due = Duty.objects.filter(Q(to_month=None) | Q(to_month__gt=month), form=form, from_month__lte=month)
    found = []
    for duty in due.select_related("facility").order_by("facility__code")[:count]:
        user = User.objects.create(username=f"load-{duty.facility.code}", last_name="Trạm", first_name="Thử")
        Assignment.objects.create(user=user, role=Role.CLERK, facility=duty.facility)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        page = reverse("submissions:form", args=[duty.facility.code, FORM, PERIOD])
        found.append(Station(page, session.session_key))
    return found


@contextlib.contextmanager
def serving() -> Iterator[None]:
    """Gunicorn as docker-compose runs it, but for the secure cookies of PRODUCTION."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.bare_settings",
        "PYTHONPATH": str(ROOT),
    }
    if REDIS:
        environment["REDIS_URL"] = REDIS
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"{HOST}:{PORT}",
        "--workers",
        str(WORKERS),
    ]
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=environment)
    try:
        for _attempt in range(100):
            answer = send_all([bare_ask()], HOST, PORT)[0]
            if answer.status == 200:
                break
            time.sleep(0.2)
        else:
            sys.exit(f"The server does not answer: {answer.status} {answer.body[:200]!r}")
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def bare_ask() -> Ask:
    return Ask.of("GET", "/bare/", {"Host": f"{HOST}:{PORT}"})


def one_round(stations: list[Station], number: int, measured: dict[str, Any]) -> None:
    """All stations save at once; then as many ask for the bare view at once."""
    for name, asks in (
        ("save", [station.save(number) for station in stations]),
        ("bare", [bare_ask() for _ in stations]),
    ):
        wall, own = time.perf_counter(), time.process_time()
        answers = send_all(asks, HOST, PORT)
        measured[f"{name}_wall"] += time.perf_counter() - wall
        measured["own"] += time.process_time() - own
        measured[name] += [answer.seconds for answer in answers]
        measured["errors"] += [f"{name} {a.status}: {a.body[:200]!r}" for a in answers if a.status != 200]
        if name == "save":
            for station, answer in zip(stations, answers, strict=True):
                if answer.status == 200:
                    station.version = answer.json["version"]


def lost_values(stations: list[Station]) -> int:
    """Cells whose stored value is not the one last acknowledged."""
    from indicators.expressions import cell_text
    from indicators.models import DataValue

    lost = 0
    for station in stations:
        code = station.page.strip("/").split("/")[1]
        rows = DataValue.objects.filter(
            submission__facility__code=code, submission__form__code=FORM, submission__period=f"{PERIOD}-01"
        ).values_list("element__code", "group__code", "value")
        stored = {cell_text((element, group)): value for element, group, value in rows}
        lost += sum(stored.get(cell) != value for cell, value in station.sent.items())
    return lost


def report(measured: dict[str, Any], lost: int, fields: int) -> int:
    seconds = {
        name: [percentile(measured[name], share) for share in (0.5, 0.95)] for name in ("save", "bare")
    }
    ratio = seconds["save"][1] / seconds["bare"][1]
    for name, words in (("save", f"save of {fields} fields"), ("bare", "bare view, 1 query")):
        p50, p95 = (1000 * value for value in seconds[name])
        each = 1000 * measured[f"{name}_wall"] / len(measured[name])
        print(
            f"{words:22} {len(measured[name])} requests   p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   {each:5.1f} ms each"
        )
    requests = len(measured["save"]) + len(measured["bare"])
    print(f"load generator: {1000 * measured['own'] / requests:.2f} ms of processor time a request")
    for error in measured["errors"][:5]:
        print(f"  {error}")
    print(
        f"errors {len(measured['errors'])}   acknowledged values lost {lost}   ratio of p95 {ratio:.1f}   bar {BAR}"
    )
    return int(bool(measured["errors"]) or lost > 0 or ratio > BAR)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--stations", type=int, default=100)
    chosen = parser.parse_args()
    with database("bench_entry"):
        stations = prepare(chosen.stations)
        if len(stations) < chosen.stations:
            sys.exit(f"Only {len(stations)} stations owe {FORM} for {PERIOD}.")
        with serving():
            pages = send_all([Ask.of("GET", s.page, s.headers()) for s in stations], HOST, PORT)
            for station, answer in zip(stations, pages, strict=True):
                station.open(answer)
            measured: dict[str, Any] = {
                "save": [], "bare": [], "errors": [], "own": 0.0, "save_wall": 0.0, "bare_wall": 0.0
            }  # fmt: skip
            for number in range(chosen.rounds):
                one_round(stations, number, measured)
        return report(measured, lost_values(stations), len(stations[0].cells))


if __name__ == "__main__":
    sys.exit(main())
