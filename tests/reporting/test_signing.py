"""Signing a report: who may, in which order, once; what is kept when something fails."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from facilities.models import AuditEvent
from reporting.actions import files, signing
from reporting.actions.reports import freeze
from reporting.actions.signing import sign_as_person, sign_for_agency
from reporting.actions.signing_refusals import (
    AlreadySigned,
    FileDiffers,
    NoAgencyKey,
    NobodyNamed,
    NoFile,
    NotLatest,
    NotStored,
    OtherName,
    PersonFirst,
    TrialRefused,
)
from reporting.actions.verify import verify
from reporting.checks import missing_libraries, serif_font
from reporting.models import Signature
from reporting.signatures.agencies import AgencyFileProblem
from reporting.signatures.keys import Expired, WrongPassword
from reporting.signatures.pictures import PictureProblem
from reporting.signatures.places import NoPlace
from reporting.signatures.validate import check
from tests.reporting.signing_world import (
    NOW,
    PASSWORD,
    PERSON,
    drawing,
    give_agency_key,
    key_file,
    make_report,
    store_pdf,
)
from tests.world import make_cast, make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"),
]


@pytest.fixture
def snapshot(world):
    snapshot = make_report(world).snapshots.get()
    store_pdf(snapshot)
    return snapshot


@pytest.fixture
def agency(snapshot, settings, tmp_path):
    give_agency_key(settings, tmp_path / "signing", snapshot.data["content"]["agency"]["name"])


def person_signs(snapshot, by, **fields):
    return sign_as_person(
        **{"snapshot": snapshot, "data": key_file(), "password": PASSWORD, "by": by} | fields
    )


def stored_files(settings) -> set[str]:
    return {path.name for path in (Path(settings.MEDIA_ROOT) / "reports").iterdir()}


def test_the_person_signs_and_the_unsigned_file_stays(snapshot, cast, settings):
    before = stored_files(settings)
    signature = person_signs(snapshot, cast.leader, picture=drawing())
    content = Path(signature.signed.path).read_bytes()
    file = snapshot.files.get()
    assert content.startswith(Path(file.file.path).read_bytes())
    assert check(content).is_intact and signature.size == len(content)
    assert stored_files(settings) == before | {Path(signature.signed.name).name}
    assert signature.signed.name.endswith("-da-ky.pdf")
    assert signature.certificate["subject"].startswith(PERSON) and signature.certificate["is_test"] is True
    assert file.last_signature == signature


def test_the_agency_signs_after_the_person_and_both_stay_valid(snapshot, cast, agency):
    first = person_signs(snapshot, cast.leader, picture=drawing())
    second = sign_for_agency(snapshot=snapshot, by=cast.planner)
    content = Path(second.signed.path).read_bytes()
    assert content.startswith(Path(first.signed.path).read_bytes())
    checked = check(content)
    assert checked.is_intact and [one.field for one in checked.signatures] == ["person", "agency"]
    assert snapshot.files.get().last_signature == second


def test_verify_counts_signed_files_and_finds_a_changed_one(snapshot, cast):
    signed = Path(person_signs(snapshot, cast.leader).signed.path)
    assert (verify().files, verify().differing["files"]) == (2, 0)
    signed.write_bytes(signed.read_bytes() + b" ")
    assert verify().differing["files"] == 1


def test_the_log_tells_who_signed_what_and_holds_no_secret(snapshot, cast, agency):
    person_signs(snapshot, cast.leader)
    sign_for_agency(snapshot=snapshot, by=cast.planner)
    events = AuditEvent.objects.filter(verb="sign_report").order_by("pk")
    assert [(event.actor, event.details["part"]) for event in events] == [
        (cast.leader.display_name, "person"),
        (cast.planner.display_name, "agency"),
    ]
    assert events[0].details["sha256"] == Signature.objects.get(part="person").sha256
    assert PASSWORD not in str([event.details for event in events])


def test_who_may_not_sign_does_not(snapshot, cast, agency):
    for person in (cast.planner, cast.reviewer, cast.clerk, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            person_signs(snapshot, person)
    person_signs(snapshot, cast.leader)
    for person in (cast.leader, cast.reviewer, cast.clerk, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            sign_for_agency(snapshot=snapshot, by=person)
    assert Signature.objects.count() == 1


def test_nobody_signs_twice_and_the_agency_not_first(snapshot, cast, agency):
    with pytest.raises(PersonFirst):
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    person_signs(snapshot, cast.leader)
    with pytest.raises(AlreadySigned):
        person_signs(snapshot, cast.leader)
    sign_for_agency(snapshot=snapshot, by=cast.planner)
    with pytest.raises(AlreadySigned):
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    assert Signature.objects.count() == 2


def revise(snapshot):
    report = snapshot.report
    report.narrative = {"limits": "Bổ sung"}
    report.save()
    return freeze(report=report, by=None, reason="Bổ sung")


def test_only_the_newest_snapshot_is_signed_and_a_revision_anew(snapshot, cast, agency):
    person_signs(snapshot, cast.leader)
    later = revise(snapshot)
    with pytest.raises(NotLatest):
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    with pytest.raises(NoFile):
        person_signs(later, cast.leader)
    store_pdf(later)
    with pytest.raises(PersonFirst):
        sign_for_agency(snapshot=later, by=cast.planner)
    assert person_signs(later, cast.leader).file.snapshot == later
    assert check(Path(snapshot.files.get().last_signature.signed.path).read_bytes()).is_intact


def test_a_file_changed_on_the_server_is_not_signed(snapshot, cast, agency):
    stored = Path(snapshot.files.get().file.path)
    good = stored.read_bytes()
    stored.write_bytes(good.replace(b"%%EOF", b"%%EOG"))
    with pytest.raises(FileDiffers):
        person_signs(snapshot, cast.leader)
    stored.write_bytes(good)
    signed = Path(person_signs(snapshot, cast.leader).signed.path)
    signed.write_bytes(signed.read_bytes() + b" ")
    with pytest.raises(FileDiffers):
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    signed.unlink()
    with pytest.raises(NoFile):
        sign_for_agency(snapshot=snapshot, by=cast.planner)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"password": "sai"}, WrongPassword),
        ({"now": NOW + timedelta(days=301)}, Expired),
        ({"picture": b"GIF89a"}, PictureProblem),
    ],
)
def test_what_can_not_sign_leaves_nothing(snapshot, cast, settings, fields, kind):
    before = stored_files(settings)
    with pytest.raises(kind):
        person_signs(snapshot, cast.leader, **fields)
    assert stored_files(settings) == before
    assert not Signature.objects.exists() and not AuditEvent.objects.filter(verb="sign_report").exists()


def test_a_document_without_a_space_for_signatures_is_refused(snapshot, cast):
    snapshot.files.all().delete()
    store_pdf(snapshot, _empty_pdf())
    with pytest.raises(NoPlace):
        person_signs(snapshot, cast.leader)


def _empty_pdf() -> bytes:
    import io

    from pyhanko.pdf_utils.writer import PdfFileWriter

    written = io.BytesIO()
    PdfFileWriter().write(written)
    return written.getvalue()


def test_another_persons_certificate_is_asked_about_once(snapshot, cast):
    snapshot.data["content"]["footer"]["signer"] = "Hoàng Thị Mai"
    snapshot.save()
    with pytest.raises(OtherName, match="Hoàng Thị Mai"):
        person_signs(snapshot, cast.leader)
    named = key_file("HOÀNG THỊ MAI - Giám đốc")
    assert person_signs(snapshot, cast.leader, data=named).certificate["subject"].startswith("HOÀNG")
    Signature.objects.all().delete()
    assert person_signs(snapshot, cast.leader, other_name=True)


def test_a_document_that_names_nobody_takes_no_certificate_unasked(snapshot, cast):
    del snapshot.data["content"]["footer"]["signer"]
    snapshot.save()
    with pytest.raises(NobodyNamed, match=PERSON):
        person_signs(snapshot, cast.leader)
    assert not Signature.objects.exists()
    assert person_signs(snapshot, cast.leader, other_name=True)


def test_a_real_portal_refuses_trial_certificates(snapshot, cast, settings, agency):
    settings.SIGNING_TRIALS = False
    with pytest.raises(TrialRefused, match="thử nghiệm"):
        person_signs(snapshot, cast.leader)
    assert person_signs(snapshot, cast.leader, data=key_file(real=True)).certificate["is_test"] is False
    with pytest.raises(TrialRefused):
        sign_for_agency(snapshot=snapshot, by=cast.planner)


def test_an_agency_signs_only_what_it_issues(snapshot, cast, settings, tmp_path):
    person_signs(snapshot, cast.leader)
    give_agency_key(settings, tmp_path / "signing", "Sở Y tế tỉnh khác")
    with pytest.raises(NoAgencyKey, match="SIGNING_AGENCIES"):
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    settings.SIGNING_AGENCIES = ""
    with pytest.raises(NoAgencyKey):
        sign_for_agency(snapshot=snapshot, by=cast.planner)


@pytest.mark.parametrize(
    "text",
    [
        "- [",
        "x",
        "- agency: A",
        "- {agency: A, pkcs12: a, pkcs11: {module: m}}",
        "- {agency: A, pkcs12: a.p12}",
    ],
)
def test_a_broken_file_of_keys_is_said_without_its_content(snapshot, cast, settings, tmp_path, text):
    person_signs(snapshot, cast.leader)
    path = tmp_path / "agencies.yaml"
    path.write_text(text)
    settings.SIGNING_AGENCIES = str(path)
    with pytest.raises(AgencyFileProblem, match="agencies.yaml"):
        sign_for_agency(snapshot=snapshot, by=cast.planner)


@pytest.mark.parametrize("lost", ["p12", "password", "png"])
def test_a_lost_key_password_or_stamp_of_the_agency_is_said(snapshot, cast, agency, tmp_path, lost):
    person_signs(snapshot, cast.leader)
    next((tmp_path / "signing").glob(f"*.{lost}")).unlink()
    with pytest.raises(AgencyFileProblem, match="Báo quản trị"):
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    assert Signature.objects.count() == 1


def test_a_full_disk_leaves_nothing_and_signing_goes_on_afterwards(snapshot, cast, settings, monkeypatch):
    before = stored_files(settings)

    def half(self, name, content):
        path = Path(self.path(name))
        path.write_bytes(content.read(1000))
        raise OSError(28, "No space left on device")

    storage = type(snapshot.files.get().file.storage._wrapped)
    monkeypatch.setattr(storage, "_save", half)
    with pytest.raises(NotStored, match="đĩa đầy"):
        person_signs(snapshot, cast.leader)
    assert stored_files(settings) == before and not Signature.objects.exists()
    monkeypatch.undo()
    assert person_signs(snapshot, cast.leader).size


def test_a_row_that_can_not_be_written_takes_its_file_along(snapshot, cast, settings, monkeypatch):
    before = stored_files(settings)
    monkeypatch.setattr(signing.Signature.objects, "create", lambda **fields: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        person_signs(snapshot, cast.leader)
    assert stored_files(settings) == before


def test_a_rendering_on_a_full_disk_leaves_no_part(snapshot, settings, monkeypatch):
    before = stored_files(settings)
    storage = snapshot.files.get().file.storage
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        files.write_whole(storage, "reports/x.pdf", b"content")
    assert stored_files(settings) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_signs():
    world = make_world()
    cast, snapshot = make_cast(world), make_report(world).snapshots.get()
    store_pdf(snapshot)
    data, start, ends = key_file(), threading.Barrier(2), []

    def press():
        start.wait(timeout=10)
        try:
            ends.append(person_signs(snapshot, cast.leader, data=data).part)
        except AlreadySigned:
            ends.append("already")
        finally:
            connections.close_all()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join(timeout=60)
    assert sorted(ends) == ["already", "person"], connection.vendor
    assert Signature.objects.count() == 1


def test_a_token_without_its_driver_is_said(snapshot, cast, agency, settings, monkeypatch):
    from reporting.signatures import agencies
    from reporting.signatures.keys import Token, TokenProblem

    person_signs(snapshot, cast.leader)
    [entry] = agencies.read_agencies(Path(settings.SIGNING_AGENCIES)).values()
    token = Token("/khong/co/driver.so", "SYT", "123456", "SYT")
    monkeypatch.setattr(signing, "agency_key", lambda snapshot: replace(entry, pkcs12=None, token=token))
    with pytest.raises(TokenProblem, match="SYT") as caught:
        sign_for_agency(snapshot=snapshot, by=cast.planner)
    assert "123456" not in str(caught.value)
