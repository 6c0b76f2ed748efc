"""The PDF is one file for reading and for the archive, the same bytes on any day, in one font or not at all."""

import hashlib
import io
import os
import re
import subprocess
import sys
import time
import uuid
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pdfplumber
import pikepdf
import pytest
from pdfua import Validator

from reporting import checks
from reporting.checks import FACES, missing_libraries, serif_font
from reporting.renderers import FontMissing, RenderError, render
from tests.reporting.cases import small_snapshot

pytestmark = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
UA, A = "{http://www.aiim.org/pdfua/ns/id/}", "{http://www.aiim.org/pdfa/ns/id/}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"


@pytest.fixture(scope="module")
def content():
    return render(small_snapshot(), "pdf")


@pytest.fixture(scope="module")
def opened(content):
    with pikepdf.open(io.BytesIO(content)) as file:
        yield file


def test_the_rules_of_pdf_ua_find_nothing(content, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    report = Validator().validate(str(path))
    assert [finding for outcome in report.outcomes for finding in outcome.findings] == []
    assert len([outcome for outcome in report.outcomes if not outcome.skipped]) >= 11


def test_both_standards_are_named_in_one_packet_and_the_property_of_the_other_described(opened):
    packet = ET.fromstring(opened.Root.Metadata.read_bytes())
    assert len(packet.findall(f"{RDF}RDF")) == 1
    named = {key: value for element in packet.iter() for key, value in element.attrib.items()}
    assert (named[f"{A}part"], named[f"{A}conformance"], named[f"{UA}part"]) == ("2", "A", "1")
    assert [element.text for element in packet.iter(f"{SCHEMA}prefix")] == ["pdfuaid"]


def test_the_catalogue_says_language_title_tags_and_colours(opened):
    root = opened.Root
    assert (str(root.Lang), root.MarkInfo.Marked, root.ViewerPreferences.DisplayDocTitle) == (
        "vi",
        True,
        True,
    )
    assert str(opened.docinfo["/Title"]) == "Kết quả thực hiện Kế hoạch năm 2025"
    [intent] = root.OutputIntents
    assert intent.S == "/GTS_PDFA1" and intent.DestOutputProfile.N == 3
    assert opened.trailer.ID and not opened.is_encrypted
    assert opened.pdf_version == "1.7"
    assert not {"/AA", "/OpenAction", "/AcroForm"} & set(root.keys())


def test_every_font_is_embedded_and_tells_its_letters(opened):
    fonts = [
        item
        for item in opened.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    ]
    whole = [font for font in fonts if font.Subtype == "/Type0"]
    inner = [font for font in fonts if "/FontDescriptor" in font]
    assert whole and all("/ToUnicode" in font for font in whole)
    assert inner and all({"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()) for font in inner)
    assert all(re.fullmatch(r"/[A-Z]{6}\+Tinos.*", str(font.BaseFont)) for font in whole)


def elements(opened, kind):
    found = (item for item in opened.objects if isinstance(item, pikepdf.Dictionary))
    return [item for item in found if item.get("/Type") == "/StructElem" and f"/{kind}" == item.S]


def test_head_cells_name_their_columns_and_only_tables_of_figures_are_tables(opened):
    heads = elements(opened, "TH")
    assert heads and all(head.A.Scope == "/Column" and head.get("/ID") for head in heads)
    for table in elements(opened, "Table"):
        assert any(row.S == "/THead" for row in table.K)
    assert len(elements(opened, "H1")) == 1 and len(elements(opened, "H2")) == 5


def test_a_head_repeated_on_the_next_page_has_a_name_of_its_own():
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["lines"]["rows"] *= 40
    with pikepdf.open(io.BytesIO(render(snapshot, "pdf"))) as file:
        heads = [str(head.ID) for head in elements(file, "TH")]
        assert len(set(heads)) == len(heads) > len(snapshot["content"]["tables"]["lines"]["columns"]) * 2
        assert [str(name) for name in list(file.Root.StructTreeRoot.IDTree.Names)[::2]] == sorted(heads)
        used = {str(name) for cell in elements(file, "TD") for name in cell.A.get("/Headers", ())}
        assert used == set(heads)


def test_page_numbers_are_no_text_to_be_read(content, opened):
    with pdfplumber.open(io.BytesIO(content)) as file:
        for page in file.pages:
            marks = {(char["tag"], char["mcid"]) for char in page.chars if char["top"] < 50}
            assert marks <= {("Artifact", None)}
            assert all(char["tag"] for char in page.chars)
    parents = opened.Root.StructTreeRoot.ParentTree.Nums
    assert any(None in list(marked) for marked in list(parents)[1::2])


def test_two_days_and_two_processes_write_the_same_bytes(content, monkeypatch):
    later = time.time() + 86_400 * 400
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))
    assert hashlib.sha256(render(small_snapshot(), "pdf")).digest() == hashlib.sha256(content).digest()
    script = (
        "import django; django.setup(); import hashlib\n"
        "from reporting.renderers import render\nfrom tests.reporting.cases import small_snapshot\n"
        "print(hashlib.sha256(render(small_snapshot(), 'pdf')).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    other = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True
    )
    assert other.stdout.strip() == hashlib.sha256(content).hexdigest()


def test_without_its_font_there_is_no_file_and_a_person_reads_why(monkeypatch, tmp_path):
    with monkeypatch.context() as bare:
        bare.setattr(checks, "FONT_FOLDERS", (tmp_path,))
        with pytest.raises(RenderError, match="Times.*fonts-croscore"):
            render(small_snapshot(), "pdf")
    # Installed meanwhile: the next try finds it.
    assert render(small_snapshot(), "pdf").startswith(b"%PDF")


def test_a_font_is_complete_with_its_four_faces(monkeypatch, tmp_path):
    folder = serif_font().parent
    for face in FACES[:-1]:
        (tmp_path / f"Tinos-{face}.ttf").symlink_to(folder / f"Tinos-{face}.ttf")
    monkeypatch.setattr(checks, "FONT_FOLDERS", (tmp_path,))
    assert serif_font() is None
    (tmp_path / f"Tinos-{FACES[-1]}.ttf").symlink_to(folder / f"Tinos-{FACES[-1]}.ttf")
    assert serif_font() == tmp_path / "Tinos-Regular.ttf"


def test_a_file_with_letters_of_another_font_is_not_handed_out():
    from reporting.renderers.pdf.standards import write

    laid_out = SimpleNamespace(
        metadata=SimpleNamespace(generate_rdf_metadata=None),
        write_pdf=lambda **options: b"%PDF",
        fonts={"a": SimpleNamespace(family="Tinos"), "b": SimpleNamespace(family="DejaVu Serif")},
    )
    with pytest.raises(FontMissing, match="phông thay vào: DejaVu Serif"):
        write(laid_out)
    del laid_out.fonts["b"]
    assert write(laid_out) == b"%PDF"


def test_letters_the_font_lacks_are_seen_to_be_missing():
    snapshot = small_snapshot()
    snapshot["content"]["closing"] = "Kết quả 漢😀 đạt, vie\u0323\u0302t"
    with pdfplumber.open(io.BytesIO(render(snapshot, "pdf"))) as file:
        text = " ".join(page.extract_text() or "" for page in file.pages)
    assert "Kết quả \ufffd\ufffd đạt, việt./." in text
