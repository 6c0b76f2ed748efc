"""Read a workbook's cells in a process of its own: `python -m indicators.workbooks.reader FILE` (no Django).

Prints one JSON: {"sheets": {name: [[row, column, kind, text], …]}} or {"refused": code, "detail": place},
with "memory": the most this process held, in kB.
Kinds: n number, s text, b true or false, d date, e error value, f formula. Rows and columns count from 1.
"""

from __future__ import annotations

import json
import posixpath
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from indicators.workbooks.container import Refused, check_head, check_parts
from indicators.workbooks.elements import walk

# What the zip itself is refused by, while its directory or a part is unpacked. NotImplementedError is zipfile's word
# for what it does not know: a part that asks for a later version of zip, or for patched data.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
# What reading a part as a workbook runs into: a number, name, index or date that can not be. Asked for after DAMAGED,
# for NotImplementedError is a RuntimeError, and so is a password zipfile asks for.
MISSHAPEN = (ValueError, KeyError, IndexError, OverflowError, RuntimeError)
MEMORY, CPU_SECONDS = 300 * 1024 * 1024, 4
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20, 20_000, 300, 200_000
MAX_STRINGS, MAX_CHARS, MAX_OUT = 100_000, 33_000, 16 * 1024 * 1024
DATE_IDS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
DDE = re.compile(r"\bDDE\w*\s*\(|\|\s*'?[^|]*'?!", re.IGNORECASE)
PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")
QUIET_LINKS = ("/hyperlink",)


def main(path: str) -> int:
    """Limit this process, read the file, print. Never raises for what the file holds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    try:
        answer: dict[str, Any] = {"sheets": read(Path(path))}
    except Refused as error:
        answer = {"refused": error.code, "detail": error.detail}
    except MemoryError:
        answer = {"refused": "memory", "detail": ""}
    answer["memory"] = own_peak()
    text = json.dumps(answer)
    if len(text) > MAX_OUT:
        text = json.dumps({"refused": "too_many_cells", "detail": ""})
    sys.stdout.write(text)
    return 0


def own_peak() -> int:
    """The most memory this program held, in kB; 0 where the system does not say.

    Not ru_maxrss: that keeps what the process that started this one held.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0


def read(path: Path) -> dict[str, list[list[Any]]]:
    """Every cell that holds something, by sheet. Raises Refused."""
    size = path.stat().st_size
    head = path.open("rb").read(8) if size else b""
    check_head(head, size, path.read_bytes() if size and head[:1] == b"\xd0" else b"")
    try:
        with zipfile.ZipFile(path) as archive:
            check_parts(archive)
            return _sheets(archive)
    except expat.ExpatError as error:
        raise Refused("bad_xml") from error
    except DAMAGED as error:
        raise Refused("damaged") from error
    except MISSHAPEN as error:
        raise Refused("bad_structure") from error


def _sheets(archive: zipfile.ZipFile) -> dict[str, list[list[Any]]]:
    names = set(archive.namelist())
    if missing := {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} - names:
        raise Refused("missing_part", sorted(missing)[0])
    for _path, tag, attributes, _text in walk(archive, "[Content_Types].xml"):
        if tag in {"Override", "Default"} and "macroenabled" in attributes.get("ContentType", "").lower():
            raise Refused("macros")
    for name in sorted(name for name in names if name.endswith(".rels")):
        _check_links(archive, name)
    targets = {
        a["Id"]: a["Target"]
        for _p, t, a, _x in walk(archive, "xl/_rels/workbook.xml.rels")
        if t == "Relationship"
    }
    listed = [a for _p, tag, a, _x in walk(archive, "xl/workbook.xml") if tag == "sheet"]
    if not listed or len(listed) > MAX_SHEETS:
        raise Refused("too_many_sheets", str(len(listed)))
    strings, dates = _strings(archive), _date_styles(archive)
    found: dict[str, list[list[Any]]] = {}
    total = 0
    for sheet in listed:
        part = posixpath.normpath(posixpath.join("xl", targets[sheet["id"]].removeprefix("/xl/")))
        if part not in names:
            raise Refused("missing_part", part)
        if sheet["name"] in found:
            raise Refused("bad_structure", sheet["name"])
        found[sheet["name"]] = list(_cells(archive, part, strings, dates))
        total += len(found[sheet["name"]])
        if total > MAX_CELLS:
            raise Refused("too_many_cells")
    return found


def _check_links(archive: zipfile.ZipFile, name: str) -> None:
    for _path, tag, attributes, _text in walk(archive, name):
        outside = tag == "Relationship" and attributes.get("TargetMode") == "External"
        if outside and not attributes.get("Type", "").endswith(QUIET_LINKS):
            raise Refused("external_links", name)


def _strings(archive: zipfile.ZipFile) -> list[str]:
    """Shared texts; readings of Asian scripts beside them (rPh) are no part of a text."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings: list[str] = []
    pieces: list[str] = []
    for path, tag, _attributes, text in walk(archive, "xl/sharedStrings.xml"):
        if tag == "t" and "rPh" not in path:
            pieces.append(text)
        elif tag == "si":
            strings.append(_bounded("".join(pieces)))
            pieces.clear()
            if len(strings) > MAX_STRINGS:
                raise Refused("too_many_strings")
    return strings


def _date_styles(archive: zipfile.ZipFile) -> set[int]:
    """Numbers of the cell styles that print a number as a date."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    formats, styles = set(DATE_IDS), []
    for path, tag, attributes, _text in walk(archive, "xl/styles.xml"):
        if tag == "numFmt":
            code = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", attributes.get("formatCode", "").lower())
            if re.search("[dmyhs]", code.replace("general", "").replace("standard", "")):
                formats.add(int(attributes["numFmtId"]))
        elif tag == "xf" and "cellXfs" in path:
            styles.append(int(attributes.get("numFmtId", "0")))
    return {index for index, code in enumerate(styles) if code in formats}


def _cells(archive: zipfile.ZipFile, part: str, strings: list[str], dates: set[int]) -> Iterator[list[Any]]:
    rows, count, column, row = 0, 0, 0, 0
    parts: dict[str, str] = {}
    seen: set[tuple[int, int]] = set()
    for path, tag, attributes, text in walk(archive, part, starts=("row",)):
        if tag == "row" and attributes.get("") == "start":
            rows, column = rows + 1, 0
            row = int(attributes.get("r", row + 1))
            if rows > MAX_ROWS:
                raise Refused("too_many_rows", part)
        elif tag in {"v", "f"}:
            parts[tag] = text
        elif tag == "t" and "rPh" not in path:
            parts["t"] = parts.get("t", "") + text
        elif tag == "c":
            column, at = _place(attributes.get("r", ""), column, row)
            kind, words = _content(attributes, parts, strings, dates)
            parts = {}
            if kind:
                if column > MAX_COLUMNS:
                    raise Refused("too_many_columns", part)
                if (at, column) in seen:
                    raise Refused("bad_structure", attributes.get("r", ""))
                seen.add((at, column))
                count += 1
                if count > MAX_CELLS:
                    raise Refused("too_many_cells", part)
                yield [at, column, kind, words]


def _place(text: str, before: int, row: int) -> tuple[int, int]:
    """Column and row of an address; a cell without one follows the cell before."""
    if not text:
        return before + 1, row
    match = PLACE.match(text)
    if not match or int(match[2]) != row:
        raise Refused("bad_structure", text)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column, row


def _content(
    attributes: dict[str, str], parts: dict[str, str], strings: list[str], dates: set[int]
) -> tuple[str, str]:
    """Kind and text of a cell; ("", "") where it holds nothing."""
    if "f" in parts:
        if DDE.search(parts["f"]):
            raise Refused("dde", attributes.get("r", ""))
        return "f", _bounded(f"={parts['f']}")
    kind, value = attributes.get("t", "n"), parts.get("v", "")
    if kind == "inlineStr":
        return ("s", _bounded(parts["t"])) if parts.get("t") else ("", "")
    if not value:
        return "", ""
    if kind == "s":
        index = int(value)
        if index < 0:
            raise Refused("bad_structure", attributes.get("r", ""))
        return ("s", strings[index]) if strings[index] else ("", "")
    known = {"str": "s", "b": "b", "e": "e", "d": "d"}.get(kind)
    if known:
        return known, _bounded(value)
    return "d" if int(attributes.get("s", "0")) in dates else "n", _bounded(value)


def _bounded(text: str) -> str:
    if len(text) > MAX_CHARS:
        raise Refused("too_long")
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
