"""The package for the exchange axis: same bytes each time, well-formed whatever was typed, every part's hash inside."""

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied

from facilities.models import AuditEvent
from reporting.actions.official_files import FileChanged
from reporting.actions.package import document_of, package, package_name
from reporting.exchange import EDXML, OWN, XLINK, Document, Enclosure, Organ, metadata_xml, write_package
from tests.reporting.outgoing import make_registered, make_snapshot, sign

NS = {"e": EDXML, "p": OWN}
DOCUMENT = Document(
    sender=Organ("Sở Y tế tỉnh Bắc Ninh", "H05.10", "UBND tỉnh Bắc Ninh"),
    number=5,
    symbol="BC-SYT",
    on=date(2026, 2, 5),
    place="Bắc Ninh",
    subject="Kết quả năm 2025",
    signer="Nguyễn Văn Đức",
    position="PHÓ GIÁM ĐỐC",
    competence="KT.",
    addressees=["UBND tỉnh Bắc Ninh;", "- Bộ Y tế."],
    recipients=["Như trên;", "Các Sở, ngành;", "................;", "Lưu: VT, SYT."],
)
FILES = [
    Enclosure("05.pdf", "application/pdf", b"%PDF one"),
    Enclosure("05.xlsx", "application/x", b"PK two"),
]
HOSTILE = [
    "<b>&amp;</b>", "]]>", '"><Subject>x</Subject>', "<!--", "<?xml?>", "a\x00b\x08\x0c", "\ud800", "\ufffe\uffff", "‮đảo", "=1+1", "'", "&#0;",
    "\r\n\t", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;", "ệ" * 5000, "{{ x }}", "../../x", "\u2028\u2029",
]  # fmt: skip


def packed(document=DOCUMENT, files=FILES) -> bytes:
    out = io.BytesIO()
    write_package(out, document, files)
    return out.getvalue()


def texts(root, path):
    return [element.text for element in root.findall(f".//{path}", NS)]


def test_the_header_says_what_the_register_says():
    root = ElementTree.fromstring(metadata_xml(DOCUMENT, FILES))
    assert [child.tag for child in root.iter()][:4] == [
        f"{{{EDXML}}}{name}" for name in ("edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader")
    ]
    expected = {
        "e:From/e:OrganId": ["H05.10"],
        "e:From/e:OrganizationInCharge": ["UBND tỉnh Bắc Ninh"],
        "e:From/e:OrganName": ["Sở Y tế tỉnh Bắc Ninh"],
        "e:To/e:OrganName": ["UBND tỉnh Bắc Ninh", "Bộ Y tế"],
        "e:Code/e:CodeNumber": ["5"],
        "e:Code/e:CodeNotation": ["BC-SYT"],
        "e:PromulgationInfo/e:Place": ["Bắc Ninh"],
        "e:PromulgationInfo/e:PromulgationDate": ["2026/02/05"],
        "e:DocumentType/e:TypeName": ["Báo cáo"],
        "e:MessageHeader/e:Subject": ["Kết quả năm 2025"],
        "e:SignerInfo/e:Competence": ["KT."],
        "e:SignerInfo/e:Position": ["PHÓ GIÁM ĐỐC"],
        "e:SignerInfo/e:FullName": ["Nguyễn Văn Đức"],
        "e:ToPlaces/e:Place": ["Các Sở, ngành"],
        "e:DocumentId": ["H05.10,2026/02/05,05/BC-SYT"],
    }
    assert {path: texts(root, path) for path in expected} == expected


def test_every_part_is_named_with_its_hash_in_the_metadata_and_the_sums():
    archive = zipfile.ZipFile(io.BytesIO(packed()))
    assert archive.testzip() is None
    assert archive.namelist() == ["05.pdf", "05.xlsx", "metadata.xml", "SHA256SUMS"]
    root = ElementTree.fromstring(archive.read("metadata.xml"))
    for reference in root.iterfind(".//e:Reference", NS):
        content = archive.read(reference.get(f"{{{XLINK}}}href"))
        assert reference.find("p:Sha256", NS).text == hashlib.sha256(content).hexdigest()
        assert reference.find("p:Size", NS).text == str(len(content))
    assert texts(root, "e:AttachmentName") == ["05.pdf", "05.xlsx"]
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, _two, name = line.partition("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest


def test_the_same_document_is_the_same_bytes():
    assert packed() == packed()
    assert packed(replace(DOCUMENT, number=6)) != packed()


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_was_typed_is_text(text):
    fields = ("symbol", "place", "subject", "signer", "position", "competence")
    document = replace(
        DOCUMENT,
        addressees=[text],
        recipients=[text],
        sender=Organ(text, text, text),
        **dict.fromkeys(fields, text),
    )
    root = ElementTree.fromstring(metadata_xml(document, FILES))
    plain = ElementTree.fromstring(metadata_xml(DOCUMENT, FILES))
    shapes = [
        [element.tag for element in tree.iter() if "Place" not in element.tag] for tree in (root, plain)
    ]
    assert set(shapes[0]) == set(shapes[1])
    [subject] = texts(root, "e:MessageHeader/e:Subject")
    letters = [char for char in text if char.isalnum()]
    assert [char for char in subject or "" if char.isalnum()] == letters


# --- of a registered document ----------------------------------------------------------------------------
@pytest.fixture
def issued(db, world, cast):
    snapshot = make_snapshot(world, "M", "pdf", "xlsx", "docx")
    sign(snapshot, cast.leader)
    issued = make_registered(snapshot, cast.planner)
    issued.snapshot = snapshot
    return issued


def test_a_registered_documents_package_holds_its_signed_pdf_excel_and_word(issued, cast, settings):
    settings.EXCHANGE_CODES = {issued.agency.short_name: "H05.10"}
    content = package(issued=issued, by=cast.planner)
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = ["05-BC-SYT-2026.pdf", "05-BC-SYT-2026.xlsx", "05-BC-SYT-2026.docx"]
    assert archive.namelist()[:3] == names and package_name(issued) == "05-BC-SYT-2026.zip"
    assert archive.read(names[0]) == b"signed by person"
    assert package(issued=issued, by=cast.planner) == content
    assert AuditEvent.objects.filter(verb="pack_document").count() == 2
    said = document_of(issued)
    assert said.sender.code == "H05.10" and said.place == "M" and said.competence == "Trực tiếp"


def test_a_package_is_not_made_of_a_file_that_changed(issued, cast, settings):
    path = settings.MEDIA_ROOT / issued.snapshot.files.get(format="docx").file.name
    path.write_bytes(b"half")
    with pytest.raises(FileChanged):
        package(issued=issued, by=cast.planner)
    with pytest.raises(PermissionDenied):
        package(issued=issued, by=cast.leader)
    assert not AuditEvent.objects.filter(verb="pack_document").exists()
