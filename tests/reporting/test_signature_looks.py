"""Where a signature stands on the page and how it looks: places, words, images."""

import io
import re

import pytest
from asn1crypto import x509
from PIL import Image

from reporting.checks import missing_libraries, serif_font
from reporting.signatures import pictures, places
from reporting.signatures.appearance import Look, words_of
from reporting.signatures.certificates import Certificate, shown
from reporting.signatures.sign import place_in
from reporting.signatures.validate import check
from tests.reporting.signing_world import (
    AGENCY,
    LATER,
    NOW,
    PERSON,
    agency_signs,
    drawing,
    pdf,
    person_signs,
)

needs_pango = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
pytestmark = needs_pango


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


def lines_of(embedded) -> list[str]:
    """The lines a signature's drawing says of itself, as programs that read aloud and copy take them."""
    data = embedded.sig_field["/AP"]["/N"].data
    escaped = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
    found = re.findall(rb"/ActualText \(((?:\\.|[^\\)])*)\)", data, re.DOTALL)
    plain = [
        escaped.sub(lambda one: bytes([int(one[1], 8)]) if one[1].isdigit() else one[1], text)
        for text in found
    ]
    return [text.decode("utf-16" if text.startswith(b"\xfe\xff") else "ascii") for text in plain]


def test_the_drawing_carries_its_words_and_an_embedded_font():
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(agency_signs(person_signs(pdf()))))
    person, agency = (lines_of(one) for one in reader.embedded_signatures)
    when = NOW.isoformat(timespec="seconds")
    trial = ["CHỨNG THƯ THỬ NGHIỆM", "không có giá trị pháp lý"]
    assert person == [*trial, f"Người ký: {PERSON}", when]
    assert agency == [*trial, f"Cơ quan: {AGENCY}", when]
    for embedded in reader.embedded_signatures:
        fonts = embedded.sig_field["/AP"]["/N"]["/Resources"]["/Font"]
        for name in fonts:
            descendant = fonts[name]["/DescendantFonts"].raw_get(0).get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]
            # Widths are in thousandths of an em: no letter of this font is wider than one.
            widths = [w for entry in descendant["/W"] if isinstance(entry, list) for w in entry]
            assert widths and max(widths) <= 1000
        assert embedded.sig_field["/F"] & 4  # printed
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
