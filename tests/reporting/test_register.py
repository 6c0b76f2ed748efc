"""The register: each number once an agency and year, the file that was issued, what the PDF prints."""

import threading
from datetime import date, timedelta
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, connections
from django.test import TransactionTestCase
from django.utils import timezone

from facilities.models import AuditEvent
from reporting.actions.official_files import FileChanged, FileNotReady, issued_pdf, official_parts
from reporting.actions.register import (
    AlreadyIssued,
    AlreadySent,
    DateAhead,
    NumberTaken,
    SignerMissing,
    differences,
    next_number,
    print_number,
    register,
    take_signed_file,
)
from reporting.actions.reports import ReportBusy, freeze
from reporting.content import build_content
from reporting.content.printed import Printed
from reporting.models import IssuedDocument, Report
from tests.reporting.outgoing import (
    ON,
    make_file,
    make_link,
    make_other,
    make_registered,
    make_snapshot,
    sign,
)
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(world):
    return make_snapshot(world)


def test_a_document_gets_its_number_and_the_hash_of_its_pdf(snapshot, cast):
    issued = make_registered(snapshot, cast.planner)
    assert (issued.number_text, issued.on, issued.signer) == ("05/BC-SYT", ON, "Nguyễn Văn Đức")
    assert issued.sha256 == snapshot.files.get(format="pdf").sha256
    assert (issued.agency, issued.office) == (snapshot.report.issuer_on(ON), "GIÁM ĐỐC")
    event = AuditEvent.objects.get(verb="register_document")
    assert event.details["number"] == "05/BC-SYT" and event.details["sha256"] == issued.sha256


def test_the_next_number_follows_the_highest_of_agency_and_year(snapshot, cast):
    agency = make_registered(snapshot, cast.planner, number=41).agency
    assert [next_number(agency, year) for year in (2026, 2025)] == [42, 1]


def test_a_number_is_given_once_an_agency_and_year(world, snapshot, cast):
    make_registered(snapshot, cast.planner)
    other = make_other(snapshot.report.plan, "h1")
    with pytest.raises(NumberTaken, match="Số tiếp theo còn trống: 6"):
        make_registered(other, cast.planner)
    assert make_registered(other, cast.planner, on=date(2025, 12, 31)).number == 5


def test_a_snapshot_is_registered_once(snapshot, cast):
    make_registered(snapshot, cast.planner)
    with pytest.raises(AlreadyIssued, match="05/BC-SYT ngày 05/01/2026"):
        make_registered(snapshot, cast.planner, number=6)
    assert IssuedDocument.objects.count() == 1


def test_what_can_not_be_registered_is_said_in_words(world, snapshot, cast):
    with pytest.raises(DateAhead):
        make_registered(snapshot, cast.planner, on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(SignerMissing):
        register(snapshot=snapshot, number=5, symbol="BC-SYT", on=ON, by=cast.planner)
    with pytest.raises(PermissionDenied):
        make_registered(snapshot, cast.leader)
    with pytest.raises(FileNotReady, match="PDF"):
        make_registered(make_other(snapshot.report.plan, "h1", "xlsx"), cast.planner)
    assert not IssuedDocument.objects.exists()


def test_the_documents_own_signer_wins_over_what_is_typed(world, cast):
    snapshot = make_snapshot(world)
    snapshot.report.document = {"signer": "Tạ Quang", "office": "Phó Giám đốc", "authority": "KT."}
    snapshot.report.save()
    again = freeze(report=snapshot.report, by=cast.planner, reason="Người ký")
    make_file(again, "pdf")
    issued = make_registered(again, cast.planner)
    assert (issued.signer, issued.office) == ("Tạ Quang", "KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC")


def test_the_signed_pdf_is_the_one_issued(snapshot, cast):
    person, agency = sign(snapshot, cast.leader), sign(snapshot, cast.leader, "agency")
    issued = make_registered(snapshot, cast.planner)
    assert issued.sha256 == agency.sha256 != person.sha256
    assert official_parts(snapshot, issued, "xlsx")[0].is_signed


def test_a_signature_after_the_number_is_taken_over_until_something_was_sent(snapshot, cast):
    issued = make_registered(snapshot, cast.planner)
    signed = sign(snapshot, cast.leader)
    assert issued_pdf(snapshot, issued).sha256 == issued.sha256
    assert take_signed_file(issued=issued, by=cast.planner).sha256 == signed.sha256
    make_link(snapshot, cast.planner)
    sign(snapshot, cast.leader, "agency")
    with pytest.raises(AlreadySent):
        take_signed_file(issued=issued, by=cast.planner)
    issued.refresh_from_db()
    assert issued.sha256 == signed.sha256


def test_a_file_that_is_gone_or_changed_does_not_leave(snapshot, cast, settings):
    issued = make_registered(snapshot, cast.planner)
    part = issued_pdf(snapshot, issued)
    assert part.is_intact() and part.read().startswith(b"pdf")
    path = settings.MEDIA_ROOT / part.stored
    path.write_bytes(b"other")
    assert not part.is_intact()
    with pytest.raises(FileChanged, match="SHA-256"):
        part.read()
    path.unlink()
    assert not part.is_intact()
    with pytest.raises(FileChanged):
        part.read()


# --- what the PDF prints --------------------------------------------------------------------------------
def printed(number, dateline):
    return Printed.of({"content": {"header": {"number": number}}, "dateline": dateline})


@pytest.mark.parametrize(
    ("number", "dateline", "expected"),
    [
        ("Số:         /BC-SYT", "Bắc Ninh, ngày       tháng       năm 2026", Printed(None, "BC-SYT", None)),
        ("Số: 05/BC-SYT", "Bắc Ninh, ngày 05 tháng 02 năm 2026", Printed(5, "BC-SYT", date(2026, 2, 5))),
        ("Số: 1205/BC-UBND", "Huế, ngày 15 tháng 11 năm 2026", Printed(1205, "BC-UBND", date(2026, 11, 15))),
        ("Số:         /BC-......", "ngày 31 tháng 02 năm 2026", Printed(None, "BC-", None)),
        ("", "", Printed(None, "", None)),
    ],
)  # fmt: skip
def test_number_and_date_are_read_back_from_the_head(number, dateline, expected):
    assert printed(number, dateline) == expected


def test_differences_between_pdf_and_register_are_named():
    head = printed("Số: 05/BC-SYT", "Bắc Ninh, ngày 05 tháng 02 năm 2026")
    assert differences(head, 5, "BC-SYT", date(2026, 2, 5)) == []
    assert differences(head, 6, "BC-SYT", date(2026, 2, 6)) == [
        "Bản PDF in số 05/BC-SYT.",
        "Bản PDF in ngày 05/02/2026.",
    ]
    open_head = printed("Số:         /BC-SYT", "")
    assert differences(open_head, 6, "BC-SYT", date(2026, 2, 6)) == [
        "Bản PDF để trống số.",
        "Bản PDF để trống ngày.",
    ]


def test_a_date_is_printed_also_where_the_number_already_stands(snapshot, cast):
    report = snapshot.report
    Report.objects.filter(pk=report.pk).update(document={"number": "05/BC-SYT"})
    freeze(report=report, by=cast.planner, reason="Số")
    again = print_number(report=report, number=5, symbol="BC-SYT", on=ON, by=cast.planner)
    assert Printed.of(again.data) == Printed(5, "BC-SYT", ON)


def test_a_number_the_register_would_refuse_is_not_printed(snapshot, cast):
    report = snapshot.report
    ahead = timezone.localdate() + timedelta(days=1)
    with pytest.raises(DateAhead):
        print_number(report=report, number=5, symbol="BC-SYT", on=ahead, by=cast.planner)
    make_registered(snapshot, cast.planner, number=5)
    with pytest.raises(NumberTaken):
        print_number(report=report, number=5, symbol="BC-SYT", on=ON, by=cast.planner)
    report.refresh_from_db()
    assert report.document == {}


def test_a_number_written_into_the_document_is_printed_by_the_snapshot_it_makes(snapshot, cast):
    report = snapshot.report
    again = print_number(report=report, number=5, symbol="BC-SYT", on=ON, by=cast.planner)
    assert Printed.of(again.data) == Printed(5, "BC-SYT", ON)
    assert Printed.of(snapshot.data).number is None
    before = AuditEvent.objects.count()
    same = print_number(report=report, number=5, symbol="BC-SYT", on=ON, by=cast.planner)
    assert (same, AuditEvent.objects.count()) == (again, before)


class PrintedOrNot(TransactionTestCase):
    def test_a_number_whose_freezing_is_refused_is_not_left_in_the_document(self):
        world = make_world()
        planner, report = make_cast(world).planner, make_snapshot(world).report
        given = {"report": report, "number": 5, "symbol": "BC-SYT", "on": ON, "by": planner}
        with (
            mock.patch("reporting.actions.reports.build_content", side_effect=ReportBusy),
            pytest.raises(ReportBusy),
        ):
            print_number(**given)
        report.refresh_from_db()
        assert (report.document, report.snapshots.count()) == ({}, 1)
        assert not AuditEvent.objects.filter(verb="print_number").exists()

    def test_a_collision_while_freezing_is_tried_again_with_the_number(self):
        world = make_world()
        planner, report = make_cast(world).planner, make_snapshot(world).report
        collisions = iter([IntegrityError("somebody froze"), None])

        def build(*args, **kwargs):
            if error := next(collisions):
                raise error
            return build_content(*args, **kwargs)

        with mock.patch("reporting.actions.reports.build_content", build):
            frozen = print_number(report=report, number=5, symbol="BC-SYT", on=ON, by=planner)
        assert Printed.of(frozen.data).number == 5
        assert AuditEvent.objects.filter(verb="print_number").count() == 1


class RegisteredAtOnce(TransactionTestCase):
    def test_two_documents_at_once_never_share_a_number(self):
        if connection.vendor == "sqlite":
            pytest.skip("one writer at a time")
        world = make_world()
        planner = make_cast(world).planner
        first = make_snapshot(world)
        others = [make_other(first.report.plan, period) for period in ("h1", "m9", "2025-03")]
        snapshots = [first, *others]
        barrier, said = threading.Barrier(4), []

        def run(snapshot):
            try:
                barrier.wait()
                said.append(make_registered(snapshot, planner).number)
            except NumberTaken as error:
                said.append(str(error))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(one,)) for one in snapshots]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said.count(5) == 1 and IssuedDocument.objects.count() == 1
        assert all("đã cấp cho văn bản khác" in words for words in said if words != 5)
