"""Signing and checking PDFs: what a signature covers, what breaks it, which keys and images are taken."""

import io
import random
from datetime import timedelta

import pytest
from asn1crypto import pkcs12, x509
from PIL import Image

from reporting.checks import missing_libraries, serif_font
from reporting.signatures import keys, pictures, places
from reporting.signatures.appearance import Look, words_of
from reporting.signatures.certificates import TRIAL_MARK, Certificate, read_certificate, shown
from reporting.signatures.keys import PKCS12_LIMIT, open_file
from reporting.signatures.sign import SigningFailed, place_in, sign
from reporting.signatures.validate import check, read_roots
from tests.reporting.signing_world import (
    LATER,
    NOW,
    PASSWORD,
    PERSON,
    drawing,
    key_file,
    pdf,
    real_root,
    root,
)

needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
pytestmark = [
    needs_pango,
    # fontTools and pyHanko keep the font file open until it is collected.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
AGENCY = "Sở Y tế tỉnh Bắc Ninh"


def person_signs(content: bytes, *, real: bool = False, image=None, name: str = PERSON) -> bytes:
    key, place = open_file(key_file(name, real=real), PASSWORD, NOW), place_in(content)
    box = places.signature_box(place) if image else places.words_box(place, below=False)
    look = Look(box, key.certificate, NOW, serif_font(), image)
    return sign(content, key, field="person", page=place.page, look=look)


def agency_signs(content: bytes) -> bytes:
    key, place = open_file(key_file(AGENCY), PASSWORD, NOW), place_in(content)
    look = Look(places.words_box(place, below=True), key.certificate, NOW, serif_font(), is_agency=True)
    return sign(content, key, field="agency", page=place.page, look=look)


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
    assert found.certificate.name == PERSON and abs(found.signed_at - NOW) < timedelta(minutes=10)
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


@pytest.mark.parametrize("count", [200])
def test_one_changed_byte_anywhere_is_found(twice, count):
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


def test_signing_and_checking_open_no_connection(socket_disabled, monkeypatch):
    import asyncio
    import socket

    real = asyncio.run  # the event loop itself needs a pair of local sockets
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: opened.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: opened.append(a))
    assert real is asyncio.run
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


def old_file(algorithm, password: str = PASSWORD, *, curve: bool = False) -> bytes:
    """A key file as older programs write it, or with an elliptic key."""
    from cryptography import x509 as pyca
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import PrivateFormat
    from cryptography.hazmat.primitives.serialization.pkcs12 import (
        load_key_and_certificates,
        serialize_key_and_certificates,
    )

    key, certificate, others = load_key_and_certificates(key_file(), PASSWORD.encode())
    if curve:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = pyca.CertificateBuilder().subject_name(certificate.subject)
        builder = builder.issuer_name(certificate.issuer).public_key(key.public_key())
        builder = builder.serial_number(7).not_valid_before(NOW - timedelta(days=1)).not_valid_after(LATER)
        certificate = builder.sign(root().key, hashes.SHA256())
    encryption = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048)
    encryption = encryption.key_cert_algorithm(algorithm).build(password.encode())
    return serialize_key_and_certificates(None, key, certificate, others, encryption)


@pytest.mark.parametrize("curve", [False, True])
def test_files_of_older_programs_and_elliptic_keys_sign(curve):
    from cryptography.hazmat.primitives.serialization.pkcs12 import PBES

    for algorithm in (PBES.PBESv1SHA1And3KeyTripleDESCBC, PBES.PBESv2SHA256AndAES256CBC):
        key, place = open_file(old_file(algorithm, curve=curve), PASSWORD, NOW), place_in(pdf())
        look = Look(place.box, key.certificate, NOW, serif_font())
        assert check(sign(pdf(), key, field="person", page=0, look=look)).is_intact


def test_signing_a_broken_file_is_refused_in_words(caplog):
    key = open_file(key_file(), PASSWORD, NOW)
    look = Look(places.Box(0, 0, 99, 99), key.certificate, NOW, serif_font())
    with pytest.raises(SigningFailed, match="Chưa ký được"):
        sign(b"%PDF-1.7 half", key, field="person", page=0, look=look)
    assert PASSWORD not in caplog.text


def test_the_space_is_read_from_the_pdf_and_stands_between_office_and_name():
    import pdfplumber

    place = place_in(pdf())
    with pdfplumber.open(io.BytesIO(pdf())) as found:
        page = found.pages[place.page]
        office = page.search("GIÁM ĐỐC")[0]
        assert place.box.left >= page.width / 2 and place.box.right <= page.width
        assert page.height - place.box.top >= office["bottom"] - 3
    assert round(place.box.height / places.MILLIMETRE) == 28


def test_the_stamp_is_of_true_size_and_covers_the_left_third_of_the_signature():
    place = places.Place(0, places.Box(300, 100, 500, 180))
    signature, stamp = places.signature_box(place), places.stamp_box(place, 34)
    assert (signature.left + signature.right) / 2 == 400
    assert round(stamp.width / places.MILLIMETRE, 3) == round(stamp.height / places.MILLIMETRE, 3) == 34
    assert round((stamp.right - signature.left) / signature.width, 3) == 0.333
    assert stamp.left < signature.left


def test_the_words_of_both_parts_do_not_lie_over_each_other():
    place = places.Place(0, places.Box(300, 100, 500, 180))
    person, agency = places.words_box(place, below=False), places.words_box(place, below=True)
    assert person.bottom == agency.top and (person.top, agency.bottom) == (180, 100)


def test_a_pdf_without_a_space_for_signatures_is_refused():
    from pyhanko.pdf_utils.writer import PdfFileWriter

    written = io.BytesIO()
    PdfFileWriter().write(written)
    with pytest.raises(places.NoPlace, match="không có chỗ ký"):
        place_in(written.getvalue())


def test_the_drawing_carries_its_words_and_an_embedded_font(twice):
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(twice))
    for embedded in reader.embedded_signatures:
        fonts = embedded.sig_field["/AP"]["/N"]["/Resources"]["/Font"]
        for name in fonts:
            descendant = fonts[name]["/DescendantFonts"].raw_get(0).get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]
            # Widths are in thousandths of an em: no letter of this font is wider than one.
            widths = [w for entry in descendant["/W"] if isinstance(entry, list) for w in entry]
            assert widths and max(widths) <= 1000
        assert embedded.sig_field["/F"] == 4 or embedded.sig_field["/F"] & 4
        assert PERSON in embedded.sig_field["/TU"] or AGENCY in embedded.sig_field["/TU"]


def look_of(name: str, *, is_test: bool, image=None) -> Look:
    certificate = Certificate(name, name, "CA", "1", NOW, LATER, is_test)
    return Look(places.Box(0, 0, 99, 99), certificate, NOW, serif_font(), image)


def test_a_trial_says_so_in_its_drawing_with_and_without_an_image():
    picture = pictures.read_ink(drawing(), pictures.BLUE)
    for image in (None, picture):
        assert "CHỨNG THƯ THỬ NGHIỆM\nkhông có giá trị pháp lý" in words_of(
            look_of("A", is_test=True, image=image)
        )
        assert "THỬ NGHIỆM" not in words_of(look_of("A", is_test=False, image=image))
    assert words_of(look_of("A", is_test=False)) == f"Người ký: A\n{NOW.isoformat(timespec='seconds')}"


HOSTILE = [
    "<script>alert(1)</script>",
    "%(ts)s %s %(x)s %",
    "Nguyễn\u202eỎB\u2066 A\u200b",
    "A\x00B\nC\r\tD",
    "()\\ ] >> endobj",
    "名前 नाम 🙂",
    "Ư" * 32,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_drawn_as_text_and_bounded(name):
    signed = person_signs(pdf(), name=name)
    checked = check(signed)
    assert checked.is_intact
    found = checked.signatures[0].certificate
    assert found.name == shown(name) and len(found.name) <= 120
    assert not set(found.name) & set("\u202e\u2066\u200b\x00\n\r\t")


def test_a_very_long_subject_is_cut():
    subject = x509.Name.build({"common_name": "A" * 50, "organization_name": "B" * 9000})
    cut = shown(subject.human_friendly)
    assert len(cut) == 120 and cut.endswith("…")


@pytest.mark.parametrize(
    ("data", "password", "kind"),
    [
        (b"", PASSWORD, keys.NotAKeyFile),
        (b"not a key", PASSWORD, keys.NotAKeyFile),
        (b"\x30" * (PKCS12_LIMIT + 1), PASSWORD, keys.NotAKeyFile),
        ("key", "sai", keys.WrongPassword),
        ("key", "", keys.WrongPassword),
    ],
)
def test_a_file_that_is_no_key_or_a_wrong_password_is_told_apart(data, password, kind):
    with pytest.raises(kind):
        open_file(key_file() if data == "key" else data, password, NOW)


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"days": (-300, -1)}, keys.Expired, "hết hạn"),
        ({"days": (1, 300)}, keys.NotYetValid, "có hiệu lực từ"),
        ({"uses": frozenset({"key_encipherment"})}, keys.WrongUse, "key usage"),
    ],
)
def test_a_certificate_that_may_not_sign_now_is_refused_with_its_cause(fields, kind, words):
    with pytest.raises(kind, match=words):
        open_file(key_file(**fields), PASSWORD, NOW)


def test_a_key_that_is_too_short_or_missing_is_refused(monkeypatch):
    from cryptography.hazmat.primitives.serialization import NoEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    only = serialize_key_and_certificates(None, None, None, [root().certificate], NoEncryption())
    with pytest.raises(keys.NoKey, match="khoá bí mật"):
        open_file(only, "", NOW)
    monkeypatch.setattr(keys, "RSA_BITS", 4096)
    with pytest.raises(keys.WeakKey, match="4096"):
        open_file(key_file(), PASSWORD, NOW)


def test_a_file_that_asks_for_hours_of_hashing_is_not_opened():
    container = pkcs12.Pfx.load(key_file())
    container["mac_data"]["iterations"] = 2_000_000_000
    with pytest.raises(keys.NotAKeyFile):
        open_file(container.dump(force=True), PASSWORD, NOW)


def test_the_mark_of_a_trial_is_found_in_subject_and_issuer_however_written():
    from reporting.signatures.trial import make_key_file

    own = key_file("Không dấu", real=True)
    marked = make_key_file(real_root(), "A", PASSWORD, start=NOW, mark="chung  thu THU nghiem")
    under_trial = make_key_file(root(), "A", PASSWORD, start=NOW, mark="Phòng")
    found = [open_file(data, PASSWORD, NOW).certificate.is_test for data in (own, marked, under_trial)]
    assert found == [False, True, True]
    assert TRIAL_MARK in open_file(key_file(), PASSWORD, NOW).certificate.subject


def test_only_the_strokes_of_an_image_are_used_in_the_colour_of_the_decree():
    for opaque in (True, False):
        ink = pictures.read_ink(drawing(opaque=opaque), pictures.BLUE)
        assert ink.mode == "RGBA" and ink.info == {}
        assert {ink.getpixel((x, y))[:3] for x, y in ((0, 0), (ink.width // 2, ink.height // 2))} == {
            pictures.BLUE
        }
        assert ink.getpixel((ink.width - 1, 0))[3] == 0
        assert ink.getpixel((ink.width // 2, ink.height // 2))[3] == 255


def png(mode: str, size: tuple[int, int], colour=0, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind)
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        drawing()[:200],
        png("RGB", (9, 9), kind="JPEG"),
        png("1", (3000, 3000)),
        png("L", (99, 99), 255),
        png("RGBA", (9, 9), (0, 0, 0, 0)),
        b"x" * (pictures.BYTES_LIMIT + 1),
    ],
)
def test_an_image_that_is_no_drawing_is_refused(data):
    with pytest.raises(pictures.PictureProblem, match="PNG"):
        pictures.read_ink(data, pictures.BLUE)


def test_a_large_drawing_is_made_smaller():
    ink = pictures.read_ink(drawing(size=(1900, 1900)), pictures.RED)
    assert max(ink.size) == pictures.LONGEST_SIDE


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


def test_a_certificate_without_a_name_of_its_own_shows_what_it_has():
    name = x509.Name.build({"organization_name": "Sở Y tế"})
    own = open_file(key_file(), PASSWORD, NOW).signer.signing_cert.copy()
    own["tbs_certificate"]["subject"] = name
    assert read_certificate(own).name == "Sở Y tế"
