"""Documents on their way out: finished files with made-up bytes, registered, sent with a link."""

import hashlib
from datetime import date

from django.core.files.base import ContentFile
from django.utils import timezone

from facilities.models import User
from plans.models import Plan
from reporting.actions.register import register
from reporting.actions.reports import freeze, open_report
from reporting.actions.sending import Recipient, request_deliveries
from reporting.content.periods import ReportPeriod
from reporting.models import Delivery, IssuedDocument, ReportFile, Signature, Snapshot
from tests.reporting.cases import make_plan
from tests.world import World

ON = date(2026, 1, 5)


def make_snapshot(world: World, letter: str = "M", *formats: str) -> Snapshot:
    """A frozen report with finished files of `formats` (by default PDF and Excel)."""
    return make_other(make_plan(world, letter, slug="thu"), "year", *formats)


def make_other(plan: Plan, period: str, *formats: str) -> Snapshot:
    """Another report of the plan."""
    snapshot = freeze(report=open_report(plan=plan, period=ReportPeriod(2025, period), by=None), by=None)
    for name in formats or ("pdf", "xlsx"):
        make_file(snapshot, name)
    return snapshot


def make_file(snapshot: Snapshot, name: str, content: bytes | None = None) -> ReportFile:
    content = content or f"{name} of {snapshot.pk}".encode()
    file = ReportFile(
        snapshot=snapshot,
        format=name,
        status="done",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        finished_at=timezone.now(),
    )
    file.file.save(f"bao-cao-{snapshot.pk}.{name}", ContentFile(content), save=True)
    return file


def make_pdf(snapshot: Snapshot) -> ReportFile:
    return make_file(snapshot, "pdf")


def sign(snapshot: Snapshot, by: User, part: str = "person") -> Signature:
    """A signed file beside the PDF; no real signature, only other bytes."""
    file = snapshot.files.get(format="pdf")
    content = f"signed by {part}".encode()
    signature = Signature(
        file=file,
        part=part,
        by=by,
        at=timezone.now(),
        certificate={},
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    signature.signed.save(f"signed-{part}.pdf", ContentFile(content), save=True)
    return signature


def make_registered(snapshot: Snapshot, by: User, number: int = 5, on: date = ON) -> IssuedDocument:
    return register(snapshot=snapshot, number=number, symbol="BC-SYT", on=on, by=by, signer="Nguyễn Văn Đức")


def make_link(snapshot: Snapshot, by: User, address: str = "vanthu@ubnd.example", days: int = 30) -> Delivery:
    asked = request_deliveries(
        snapshot=snapshot, recipients=[Recipient("UBND tỉnh", address)], way="link", days=days, by=by
    )
    return asked.new[0]
