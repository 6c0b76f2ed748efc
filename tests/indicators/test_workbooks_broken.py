"""Files that are no honest workbook are refused, each with its own reason, in a process with limits."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest

from indicators.workbooks import reader
from indicators.workbooks.apart import ROOT, read_apart
from indicators.workbooks.container import MAX_FILE, OLE, Refused

HEAD = '<?xml version="1.0"?>'
SHEET = "xl/worksheets/sheet1.xml"
RELS = "xl/_rels/workbook.xml.rels"


def good() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["a", 0, None, "NA"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(parts=(), without=(), twice=()) -> bytes:
    stream = io.BytesIO()
    new = dict(parts)
    with (
        zipfile.ZipFile(io.BytesIO(good())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        for name in old.namelist():
            if name not in without and name not in new:
                out.writestr(name, old.read(name))
        for name, data in [*new.items(), *twice]:
            out.writestr(name, data)
    return stream.getvalue()


def sheet(rows: str, before: str = "") -> bytes:
    return changed({SHEET: f"{HEAD}{before}<worksheet><sheetData>{rows}</sheetData></worksheet>"})


def locked() -> bytes:
    data = bytearray(good())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def corrupted() -> bytes:
    data = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset + 60
    data[start : start + 60] = b"\xff" * 60
    return bytes(data)


def outside(kind: str) -> str:
    return f'{HEAD}<Relationships><Relationship Id="x" Type="http://x/{kind}" Target="http://x/" TargetMode="External"/></Relationships>'


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LOL = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
FILE_ENTITY = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
ZEROS = b"0" * 30_000_000
CASES = {
    "empty": (lambda: b"", "empty"),
    "too large": (lambda: b"PK" + b"0" * MAX_FILE, "too_large"),
    "text": (lambda: b"a;b;c", "not_excel"),
    "pdf": (lambda: b"%PDF-1.7", "not_excel"),
    "html renamed": (lambda: b"<html><table></table></html>", "not_excel"),
    "xls renamed": (lambda: OLE + b"\0" * 600, "old_excel"),
    "encrypted": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "encrypted entry": (locked, "encrypted"),
    "only PK": (lambda: b"PK\x03\x04", "damaged"),
    "truncated": (lambda: good()[:2000], "damaged"),
    "end cut": (lambda: good()[:-30], "damaged"),
    "bytes changed": (corrupted, "damaged"),
    "bomb": (lambda: changed({"xl/media/x.png": ZEROS}), "bomb"),
    "bomb in a sheet": (lambda: sheet(" " * 30_000_000), "bomb"),
    "nested zip": (lambda: changed({"xl/media/x.zip": good()}), "nested_archive"),
    "nested workbook": (lambda: changed({"xl/media/x.xlsx": good()}), "nested_archive"),
    "thousand parts": (lambda: changed({f"xl/p{n}.xml": "<a/>" for n in range(1000)}), "too_many_parts"),
    "duplicate": (lambda: changed(twice=[("xl/workbook.xml", "<a/>")]), "duplicate_part"),
    "duplicate by case": (lambda: changed({"XL/Workbook.xml": "<a/>"}), "duplicate_part"),
    "path up": (lambda: changed({"../../etc/x.xml": "<a/>"}), "bad_path"),
    "absolute path": (lambda: changed({"/etc/x.xml": "<a/>"}), "bad_path"),
    "backslash path": (lambda: changed({"xl\\..\\x.xml": "<a/>"}), "bad_path"),
    "strange part": (lambda: changed({"xl/run.exe": "MZ"}), "strange_part"),
    "macros": (lambda: changed({"xl/vbaProject.bin": "x"}), "macros"),
    "macro sheet": (lambda: changed({"xl/macrosheets/sheet1.xml": "<a/>"}), "macros"),
    "macro type": (
        lambda: changed(
            {"[Content_Types].xml": '<Types><Override ContentType="x.macroEnabled.main+xml"/></Types>'}
        ),
        "macros",
    ),
    "external book": (lambda: changed({"xl/externalLinks/externalLink1.xml": "<a/>"}), "external_links"),
    "external template": (
        lambda: changed({"xl/_rels/x.rels": outside("attachedTemplate")}),
        "external_links",
    ),
    "ole object": (lambda: changed({"xl/embeddings/o.bin": "x"}), "embedded"),
    "active x": (lambda: changed({"xl/activeX/a.xml": "<a/>"}), "embedded"),
    "connection": (lambda: changed({"xl/connections.xml": "<a/>"}), "connections"),
    "dde": (lambda: sheet("<row r='1'><c r='A1'><f>cmd|'/c calc'!A0</f></c></row>"), "dde"),
    "entities": (lambda: sheet("<row r='1'><c r='A1'><v>&l9;</v></c></row>", LOL), "doctype"),
    "file entity": (lambda: sheet("<row><c><v>&f;</v></c></row>", FILE_ENTITY), "doctype"),
    "deep": (lambda: sheet("<a>" * 5000 + "</a>" * 5000), "too_deep"),
    "a million empty rows": (
        lambda: sheet("".join(f'<row r="{n}" s="{n * 7919 % 9973}"/>' for n in range(1, 1_000_001))),
        "too_many_rows",
    ),
    "16k columns": (
        lambda: sheet("<row r='1'>" + "".join(f"<c><v>{n * 7919}</v></c>" for n in range(16_000)) + "</row>"),
        "too_many_columns",
    ),
    "shared strings": (
        lambda: changed(
            {
                "xl/sharedStrings.xml": "<sst>"
                + "".join(f"<si><t>{n * 7919}</t></si>" for n in range(150_000))
                + "</sst>"
            }
        ),
        "too_many_strings",
    ),
    "long text": (
        lambda: sheet(f"<row r='1'><c t='inlineStr'><is><t>{'ab c' * 10_000}</t></is></c></row>"),
        "too_long",
    ),
    "bad utf-8": (lambda: changed({SHEET: b"<worksheet>\xff\xfe</worksheet>"}), "bad_xml"),
    "unclosed": (lambda: changed({SHEET: "<worksheet><sheetData>"}), "bad_xml"),
    "no workbook": (lambda: changed(without=["xl/workbook.xml"]), "missing_part"),
    "no sheet": (lambda: changed(without=[SHEET]), "missing_part"),
    "no content types": (lambda: changed(without=["[Content_Types].xml"]), "missing_part"),
    "string out of range": (lambda: sheet("<row r='1'><c t='s'><v>999</v></c></row>"), "bad_structure"),
    "address elsewhere": (lambda: sheet("<row r='1'><c r='A9'><v>1</v></c></row>"), "bad_structure"),
    "one cell twice": (
        lambda: sheet("<row r='1'><c r='A1'><v>1</v></c><c r='A1'><v>2</v></c></row>"),
        "bad_structure",
    ),
}
MEASURED: list[tuple[float, str]] = []


@pytest.mark.parametrize("name", CASES)
def test_a_broken_file_is_refused_with_its_reason(name, tmp_path):
    make, code = CASES[name]
    path = tmp_path / "x.xlsx"
    path.write_bytes(make())
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        read_apart(path)
    MEASURED.append((time.monotonic() - began, name))
    assert refused.value.code == code
    assert MEASURED[-1][0] <= 5.5


def test_the_three_states_are_read_apart(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(good())
    assert read_apart(path) == {"Sheet": [[1, 1, "s", "a"], [1, 2, "n", "0"], [1, 4, "s", "NA"]]}


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system does not say what a process holds"
)
def test_no_reader_takes_more_than_300_megabytes(tmp_path):
    taken = {}
    for name, (make, _code) in CASES.items():
        path = tmp_path / "x.xlsx"
        path.write_bytes(make())
        command = [sys.executable, "-m", "indicators.workbooks.reader", str(path)]
        done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, timeout=10, check=False)
        taken[name] = json.loads(done.stdout)["memory"] / 1024 if done.stdout else 0
    print(f"{len(taken)} files; largest {max(taken.values()):.0f} MB")
    assert 0 < max(taken.values()) <= 300


def test_a_part_that_asks_for_a_later_zip_is_damaged_not_a_fault_of_ours(tmp_path):
    """zipfile answers NotImplementedError while it opens the directory; that is a RuntimeError too."""
    data = bytearray(good())
    data[data.rindex(b"PK\x01\x02") + 6] = 99
    (path := tmp_path / "later.xlsx").write_bytes(data)
    with pytest.raises(NotImplementedError):
        zipfile.ZipFile(path)
    with pytest.raises(Refused) as refused:
        reader.read(path)
    assert refused.value.code == "damaged"
