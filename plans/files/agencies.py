"""A file of agencies: a list of entries, each with its life and its successor."""

from __future__ import annotations

from pathlib import Path

from plans.files.entry import Entry
from plans.files.shapes import AgencyEntry
from plans.files.source import Source


def read_agencies(path: Path) -> list[AgencyEntry]:
    """Read and check one agency file. Raises InvalidFile. Successors may stand in another file."""
    source = Source(path)
    if not isinstance(source.data, list):
        source.report((), "phải là một danh sách cơ quan")
    items = source.data if isinstance(source.data, list) else []
    agencies = [_agency(Entry(source, item, (position,))) for position, item in enumerate(items)]
    keys = [(agency.name, agency.area) for agency in agencies]
    for name, area in sorted({key for key in keys if keys.count(key) > 1}):
        source.report((), f"“{name}” ở {area} ghi hai lần")
    source.finish()
    return agencies


def _agency(entry: Entry) -> AgencyEntry:
    entry.only("name", "short", "area", "superior", "valid_from", "valid_to", "successor")
    valid_from, valid_to = entry.day("valid_from", required=True), entry.day("valid_to")
    if valid_from and valid_to and valid_to <= valid_from:
        entry.wrong("valid_to", "ngày kết thúc phải sau ngày bắt đầu")
    successor = entry.entry("successor")
    return AgencyEntry(
        name=entry.text("name", required=True, longest=200),
        short=entry.text("short", longest=40),
        area=entry.area("area"),
        superior=entry.text("superior", longest=200),
        valid_from=valid_from,
        valid_to=valid_to,
        successor=(successor.text("name", required=True), successor.area("area")) if successor else None,
    )
