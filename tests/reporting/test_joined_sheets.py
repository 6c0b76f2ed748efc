"""The sheets of all communes in one file: one tagged document of both standards, with a bookmark and labels a sheet."""

import io
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from pdfua import Validator

from reporting.renderers import render
from tests.reporting.cases import small_snapshot
from tests.reporting.test_pdf_standards import UA, A, elements
from tests.reporting.test_renderers import needs_pango

pytestmark = needs_pango
NAMES = ["Phường x", "Xã y", "Xã z"]


@pytest.fixture(scope="module")
def content():
    """Three sheets, the second of several pages."""
    snapshot = small_snapshot()
    told = snapshot["content"]
    table = told["tables"]["lines"]
    rows = [table["rows"], table["rows"] * 40, table["rows"]]
    told["kind"], told["header"]["subject"] = "sheets", "Kết quả\x01 thực hiện Kế hoạch năm 2025\u202e"
    told["tables"] = {
        f"sheet:{name}": {**table, "key": f"sheet:{name}", "title": name, "rows": own}
        for name, own in zip(NAMES, rows, strict=True)
    }
    told["annexes"] = [{"label": "", "tables": [key]} for key in told["tables"]]
    return render(snapshot, "pdf")


@pytest.fixture
def opened(content):
    with pikepdf.open(io.BytesIO(content)) as file:
        yield file


def test_the_rules_of_pdf_ua_find_nothing(content, tmp_path):
    path = tmp_path / "sheets.pdf"
    path.write_bytes(content)
    report = Validator().validate(str(path))
    assert [finding for outcome in report.outcomes for finding in outcome.findings] == []
    assert len([outcome for outcome in report.outcomes if not outcome.skipped]) >= 11


def test_the_file_is_sound_and_names_both_standards_and_the_whole(opened):
    assert opened.check_pdf_syntax() == []
    packet = ET.fromstring(opened.Root.Metadata.read_bytes())
    named = {key: value for element in packet.iter() for key, value in element.attrib.items()}
    assert (named[f"{A}part"], named[f"{A}conformance"], named[f"{UA}part"]) == ("2", "A", "1")
    title = packet.find(".//{http://purl.org/dc/elements/1.1/}title")
    assert "".join(title.itertext()) == str(opened.docinfo.Title) == "Kết quả thực hiện Kế hoạch năm 2025"
    root = opened.Root
    assert (str(root.Lang), root.MarkInfo.Marked, root.ViewerPreferences.DisplayDocTitle) == (
        "vi",
        True,
        True,
    )
    [intent] = root.OutputIntents
    assert intent.S == "/GTS_PDFA1" and opened.trailer.ID and opened.pdf_version == "1.7"


def test_one_document_has_a_part_a_commune_in_their_order(opened):
    [document] = opened.Root.StructTreeRoot.K
    assert document.S == "/Document" and len(elements(opened, "Document")) == 1
    assert [(str(part.S), str(part.T)) for part in document.K] == [("/Part", name) for name in NAMES]
    assert all(part.P.objgen == document.objgen for part in document.K)


def test_every_marked_word_of_every_page_leads_to_its_element_and_back(opened):
    nums = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
    assert sorted(parents) == [page.obj.StructParents for page in opened.pages] == [*range(len(opened.pages))]
    for page in opened.pages:
        marked = list(parents[page.obj.StructParents])
        found = [parent for parent in marked if parent is not None]
        assert len(found) > 20
        assert all(parent.Pg.objgen == page.obj.objgen for parent in found)
        assert all(mcid in [*parent.K] for mcid, parent in enumerate(marked) if parent is not None)


def test_head_cells_have_names_of_their_own_which_their_cells_know(opened):
    names = list(opened.Root.StructTreeRoot.IDTree.Names)
    ids = [str(name) for name in names[::2]]
    heads = elements(opened, "TH")
    assert ids == sorted(set(ids)) and len(ids) == len(heads) > 3 * 4
    assert all(name == head.ID for name, head in zip(names[::2], names[1::2], strict=True))
    used = [str(name) for cell in elements(opened, "TD") for name in cell.A.get("/Headers", ())]
    assert set(used) == set(ids)


def test_a_bookmark_a_commune_and_pages_labelled_by_sheet(opened):
    with opened.open_outline() as outline:
        marks = [(item.title, opened.pages.index(pikepdf.Page(item.destination[0]))) for item in outline.root]
    labels = [page.label for page in opened.pages]
    last = len(labels) - 1
    assert marks == [("Phường x", 0), ("Xã y", 1), ("Xã z", last)] and last > 3
    assert labels == ["1.1", *[f"2.{number}" for number in range(1, last)], "3.1"]
