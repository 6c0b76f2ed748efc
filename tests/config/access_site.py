"""A site with one of everything an address can name, and one person of every role inside and outside its area."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from facilities.actions.notices import Event, Words, stop_token, tell
from facilities.actions.reforms import enter_reform
from facilities.models import Reform, Role, User
from facilities.periods import Month
from facilities.reform_orders import NewArea, Order
from indicators.actions.corrections import propose_correction
from indicators.actions.runs import start_run
from indicators.models import Correction, RecomputeRun, Submission, Upload
from indicators.values import CellValue
from plans.models import HistoricTotal, Plan, ReportDuty, TaskAgency
from reporting.actions.duties import expect
from reporting.actions.files import render_to_file, request_files
from reporting.actions.reports import freeze, open_report
from reporting.actions.sending import token
from reporting.content.periods import ReportPeriod
from reporting.models import Delivery, ExpectedReport, Report, ReportFile, Signature
from tests.factories import (
    AgencyFactory,
    AreaFactory,
    FacilityFactory,
    ProvinceFactory,
    person,
    settle_places,
)
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.factories_plans import HistoricTotalFactory
from tests.reporting.cases import make_plan
from tests.reporting.outgoing import make_link, make_pdf, make_registered
from tests.world import World, make_world

INSIDE = ("clerk", "reviewer", "planner", "officer", "leader", "auditor", "administrator")
# The same roles in another province, and the clerk of another station of the same one.
OUTSIDE = (*(f"{role} elsewhere" for role in INSIDE[:-1]), "clerk next door")
CELLS = [("X.all", ""), ("X.part", "")]


@dataclass(frozen=True)
class Site:
    world: World
    plan: Plan
    report: Report
    people: dict[str, User]
    submitted: str
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, who: str = "", **options: Any) -> Client:
        """A fresh client of the person (nobody without one); each person signs in once."""
        client = Client(**options)
        if who and who not in self.sessions:
            client.force_login(self.people[who], backend="django.contrib.auth.backends.ModelBackend")
            self.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        if who:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def address(self, name: str, route: URLPattern) -> str:
        """Fill an address with things of the site."""
        return reverse(name, kwargs=self.parts(name, route))

    def parts(self, name: str, route: URLPattern) -> dict[str, Any]:
        """The parts of an address; `name` says which thing a bare `pk` is."""
        known = self._kwargs(name)
        return {key: known[key] for key in route.pattern.converters}

    def _kwargs(self, name: str) -> dict[str, Any]:
        kind = name.rpartition(":")[2]
        rows = {
            "objective": self.plan.objectives,
            "budget-line": self.plan.budget_lines,
            "task": self.plan.tasks,
        }
        pk = next((rows[word].get().pk for word in rows if kind.endswith(word)), self.report.pk)
        if kind == "upload-preview":
            pk = self.people["clerk"].uploads.get().pk
        if name.startswith("reforms:"):
            pk = Reform.objects.get().pk
        if name.startswith("recompute:"):
            pk = RecomputeRun.objects.get().pk
        if kind == "tick":
            pk = ExpectedReport.objects.get().pk
        if kind == "duty-day":
            pk = self.plan.report_duties.get(due=None).pk
        if kind == "notice":
            pk = self.people["clerk"].notices.get().pk
        if kind in {"send-again", "withdraw"}:
            pk = Delivery.objects.get().pk
        # A month nobody began, one in draft, one that waits for a decision.
        # One that is approved, one nobody began.
        period = {
            "form": "2025-09",
            "sync": "2025-09",
            "submission": "2025-09",
            "submission-submit": "2025-10",
        }
        period |= {"correct": "2025-06", "absence": "2025-05"}
        if kind == "correction":
            pk = Correction.objects.get(status="proposed", submission__period="2025-04-01").pk
        return {
            "slug": self.plan.slug,
            "key": self.world.areas["x"].key if name.startswith("places:") else "1.1",
            "area": self.world.areas["x"].key,
            "year": 2025,
            "total": HistoricTotal.objects.get().pk,
            "pk": pk,
            "token": token(Delivery.objects.get())
            if kind.startswith("link")
            else stop_token(self.people["clerk"], "due"),
            "number": 1,
            "format": "xlsx",
            "facility": "T-a1",
            "form": "X",
            "period": period.get(kind, "2025-08"),
        }


def make_site() -> Site:
    """A plan of the merged province with a report and its file; station forms waiting, drafted, not begun."""
    world = make_world()
    form = FormFactory(code="X", cells=CELLS)
    other = ProvinceFactory(parent=world.areas["country"], code="O", name="Tỉnh O")
    commune = AreaFactory(parent=other, code="o1")
    FacilityFactory(code="T-o1", area=commune)
    settle_places()
    settle_duties()
    plan = make_plan(world, "M", slug="thu")
    HistoricTotalFactory(area=world.areas["A"], indicator=plan.lines.get(key="1.1").indicator)
    agency = AgencyFactory(area=world.areas["M"])
    TaskAgency.objects.create(task=plan.tasks.get(), agency=agency, part=TaskAgency.Part.LEAD)
    station = world.facilities["T-a1"]
    SubmissionFactory(facility=station, form=form, period=date(2025, 10, 1))
    waiting = SubmissionFactory(
        facility=station, form=form, status="submitted", values={("X.all", ""): 5, ("X.part", ""): 2}
    )
    for month in (4, 6):
        SubmissionFactory(
            facility=station, form=form, period=date(2025, month, 1), status="approved",
            values={("X.all", ""): 5},
        )  # fmt: skip
    propose_correction(
        submission=Submission.objects.get(period="2025-04-01"),
        cells={("X.all", ""): CellValue(7)},
        reason="Đếm sót.",
        by=person(Role.CLERK, facility=station),
    )
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    snapshot = freeze(report=report, by=None)
    for file in request_files(snapshot=snapshot, formats=["xlsx"], by=None):
        render_to_file(file_id=file.pk)
    owed = {"plan": plan, "reporters": ["Sở A"], "recipient": "UBND tỉnh", "text": "báo cáo"}
    dated = ReportDuty.objects.create(key="dated", due=date(2025, 12, 4), **owed)
    ReportDuty.objects.create(key="yearly", **owed)
    expect(duty=dated, today=date(2025, 12, 1))
    people = make_people(world, other, agency)
    make_signed_file(make_pdf(snapshot), people["leader"])
    make_registered(snapshot, people["planner"])
    make_link(snapshot, people["planner"])
    named = NewArea("z", "Xã", "Xã z mới")
    enter_reform(
        order=Order("rename", date(2026, 1, 1), "NQ 1", [world.areas["z"].pk], [named]), by=people["planner"]
    )
    words = Words("Hôm nay là hạn cuối: còn 2 báo cáo chưa nộp", "– Điểm trạm a1: Biểu X", "/submissions/")
    tell([Event(people["clerk"], "due", "due:2025-09-08", lambda: words)], now=timezone.now())
    start_run(first=Month(2025, 8), last=Month(2025, 8), by=people["administrator"])
    Upload.objects.create(
        user=people["clerk"],
        file_name="thang-8.xlsx",
        at=timezone.now(),
        status="refused",
        problem="Tệp rỗng.",
    )
    return Site(world, plan, report, people, f"{waiting.pk}:{waiting.version}")


def make_signed_file(pdf: ReportFile, by: User) -> None:
    """A signed PDF to download: nothing in it is one, so its page says that it is not intact."""
    signed = b"%PDF-1.7"
    certificate = {
        "subject": "Hoàng Thị Mai",
        "issuer": "CA",
        "serial": "1f",
        "valid_from": "2026-01-01T00:00:00+07:00",
        "valid_to": "2027-01-01T00:00:00+07:00",
        "is_test": True,
    }
    Signature.objects.create(
        file=pdf,
        part="person",
        by=by,
        at=timezone.now(),
        certificate=certificate,
        signed=ContentFile(signed, name="signed.pdf"),
        sha256=hashlib.sha256(signed).hexdigest(),
        size=len(signed),
    )


def make_people(world: World, other: Any, agency: Any) -> dict[str, User]:
    facilities, merged = world.facilities, world.areas["M"]
    scopes = {
        "clerk": (
            {"facility": facilities["S-x"]},
            {"facility": FacilityFactory(area=AreaFactory(parent=other))},
        ),
        "officer": ({"agency": agency}, {"agency": AgencyFactory(area=other)}),
    }
    people = {"clerk next door": person(Role.CLERK, facility=facilities["S-y"])}
    for role in INSIDE[:-1]:
        here, there = scopes.get(role, ({"area": merged}, {"area": other}))
        people[role] = person(role, **here)
        people[f"{role} elsewhere"] = person(role, **there)
    administrator = person(Role.ADMINISTRATOR)
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    return people | {"administrator": administrator}


@cache
def routes() -> dict[str, URLPattern]:
    """Every address of the portal by its full name; one without a name stands under its text."""
    return dict(_walk(get_resolver(), ()))


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield ":".join((*spaces, entry.name or f"unnamed {entry.pattern}")), entry
