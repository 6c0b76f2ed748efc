"""Signing and checking PDFs: what a signature covers, what breaks it, whom it is trusted to be of."""

import io
import os
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.checks import missing_libraries, serif_font
from reporting.signatures import pictures, places
from reporting.signatures.appearance import Look
from reporting.signatures.keys import open_file
from reporting.signatures.sign import SigningFailed, place_in, sign
from reporting.signatures.validate import check, read_roots
from tests.reporting.signing_world import (
    NOW,
    PASSWORD,
    PERSON,
    agency_signs,
    drawing,
    key_file,
    pdf,
    person_signs,
    real_root,
    root,
)

needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
pytestmark = needs_pango


@pytest.fixture(scope="module")
def once():
    return person_signs(pdf())


@pytest.fixture(scope="module")
def twice(once):
    return agency_signs(once)


def trial_roots():
    return read_roots(root().pem)


def test_a_signed_file_validates_and_keeps_the_unsigned_one_at_its_beginning(once):
    assert once.startswith(pdf())
    [found] = check(once, trial_roots()).signatures
    assert (found.field, found.is_intact, found.covers_file) == ("person", True, True)
    assert found.certificate.name == PERSON and abs(found.signed_at - timezone.now()) < timedelta(hours=2)
    assert check(once).is_intact


def test_the_first_signature_survives_the_second(once, twice):
    assert twice.startswith(once)
    person, agency = check(twice).signatures
    assert (person.field, person.is_intact, person.covers_file) == ("person", True, False)
    assert (agency.field, agency.is_intact, agency.covers_file) == ("agency", True, True)
    assert check(twice).is_intact


def covered(content: bytes) -> list[int]:
    """The positions the last signature covers: all but its own hexadecimal digits."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    start, length, second, rest = PdfFileReader(io.BytesIO(content)).embedded_signatures[-1].byte_range
    return [*range(start, start + length), *range(second, second + rest)]


def test_one_changed_byte_anywhere_is_found(twice):
    """Each check follows the first signature through all that came after: CHANGED_BYTES=200 tries more of them."""
    count = int(os.environ.get("CHANGED_BYTES", "20"))
    positions = random.Random(30).sample(covered(twice), count - 2)
    last = covered(twice)[-1]
    unseen = []
    for position in [*positions, 0, last]:
        changed = bytearray(twice)
        changed[position] ^= 0x01
        if check(bytes(changed)).is_intact:
            unseen.append(position)
    assert unseen == []


def test_what_is_appended_cut_off_or_never_signed_is_not_intact(twice, once):
    assert not check(twice + b"\n%x").is_intact
    assert not check(twice[:-20]).is_intact
    assert not check(pdf()).is_intact and check(pdf()).signatures == []
    assert not check(b"").is_intact and not check(b"%PDF-1.7").is_intact


def test_an_image_laid_over_after_signing_breaks_the_signature(once):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(once))
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"0 0 99 99 re f")))
    written = io.BytesIO()
    writer.write(written)
    assert not check(written.getvalue()).is_intact


def test_only_a_real_certificate_under_a_configured_root_is_trusted(once):
    real = person_signs(pdf(), real=True)
    roots = read_roots(real_root().pem + root().pem)
    assert len(roots) == 2
    trust = [check(content, roots).signatures[0].is_trusted for content in (real, once)]
    assert trust == [True, False]
    assert check(once, roots).has_trial and not check(real, roots).has_trial
    assert not check(real).signatures[0].is_trusted
    assert not check(real, trial_roots()).signatures[0].is_trusted


def test_a_certificate_is_judged_at_the_time_of_signing(once):
    real = person_signs(pdf(), real=True)
    roots = read_roots(real_root().pem)
    times = (NOW, NOW + timedelta(days=299), NOW + timedelta(days=301), NOW - timedelta(days=2))
    trust = [check(real, roots, {"person": at}).signatures[0].is_trusted for at in times]
    assert trust == [True, True, False, False]
    assert check(real, roots, {"person": times[2]}).is_intact


def test_signing_and_checking_open_no_connection(monkeypatch):
    import socket

    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: opened.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: opened.append(a))
    assert check(agency_signs(person_signs(pdf())), trial_roots()).is_intact
    assert opened == []


def test_a_time_stamp_server_that_does_not_answer_is_said(monkeypatch):
    from reporting.signatures.sign import NoTimestamp

    key, place = open_file(key_file(), PASSWORD, NOW), place_in(pdf())
    look = Look(place.box, key.certificate, NOW, serif_font())
    url = "http://127.0.0.1:9/tsa"
    with pytest.raises(NoTimestamp, match="dấu thời gian"):
        sign(pdf(), key, field="person", page=0, look=look, timestamp_url=url)


def test_with_a_time_stamp_server_the_signature_carries_its_stamp(monkeypatch):
    from pyhanko.sign import timestamps

    key, place = open_file(key_file(), PASSWORD, NOW), place_in(pdf())
    stamper = timestamps.DummyTimeStamper(key.signer.signing_cert, key.signer.signing_key)
    asked = []

    def server(url, timeout):
        asked.append((url, timeout))
        return stamper

    monkeypatch.setattr(timestamps, "HTTPTimeStamper", server)
    look = Look(place.box, key.certificate, NOW, serif_font())
    url = "http://tsa.example.vn"
    [found] = check(sign(pdf(), key, field="person", page=0, look=look, timestamp_url=url)).signatures
    assert found.is_intact and found.has_timestamp and asked == [(url, 5)]
    assert not check(person_signs(pdf())).signatures[0].has_timestamp


def test_signing_a_broken_file_is_refused_in_words(caplog):
    key = open_file(key_file(), PASSWORD, NOW)
    look = Look(places.Box(0, 0, 99, 99), key.certificate, NOW, serif_font())
    with pytest.raises(SigningFailed, match="Chưa ký được"):
        sign(b"%PDF-1.7 half", key, field="person", page=0, look=look)
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("variant", ["pdf/a-3u", "pdf/ua-1"])
def test_the_identification_of_an_archive_or_readable_file_stays(variant):
    from pyhanko.pdf_utils.reader import PdfFileReader
    from weasyprint import HTML

    html = (
        '<html lang="vi"><title>Báo cáo</title><body style="font-family: Tinos">'
        '<div id="signature" style="height: 28mm; position: relative">'
        '<i id="signature-end" style="position: absolute; right: 0; bottom: 0"></i></div>Tên</body></html>'
    )
    content = HTML(string=html).write_pdf(pdf_variant=variant)
    signed = agency_signs(person_signs(content, image=pictures.read_ink(drawing(), pictures.BLUE)))
    before, after = (PdfFileReader(io.BytesIO(one)) for one in (content, signed))
    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert (b"pdfaid" if "a-3" in variant else b"pdfuaid") in after.root["/Metadata"].data
    infos = [{key: str(one.trailer["/Info"][key]) for key in one.trailer["/Info"]} for one in (before, after)]
    assert infos[0] == infos[1] != {}
    for kept in {"/Lang", "/OutputIntents", "/MarkInfo", "/StructTreeRoot"} & set(before.root):
        assert kept in after.root
    assert check(signed).is_intact
