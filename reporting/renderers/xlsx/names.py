"""The order and the names of the sheets. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from facilities.text import printable

SUMMARY, SOURCE, CHART = "Tóm tắt", "Nguồn", "Biểu đồ"
# Tables of a plan's own report, in the order of its sheets.
KNOWN = {
    "lines": "Chỉ tiêu",
    "communes": "Theo xã",
    "tasks": "Nhiệm vụ",
    "tasks_by_agency": "Nhiệm vụ theo cơ quan",
    "budget": "Kinh phí",
    "quality": "Chất lượng số liệu",
    "completeness": "Đầy đủ theo chỉ tiêu",
}
LONGEST = 31
# Charts that the summary has room for.
MOST_DRAWN = 4
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


def ordered_keys(content: dict[str, Any]) -> list[str]:
    """Keys of the tables: in a plan's report the known ones, else as the annexes and the sections name them."""
    annexes = [key for annex in content.get("annexes", []) for key in annex["tables"]]
    first = KNOWN if content.get("kind", "plan") == "plan" else ()
    named = [*first, *annexes, *block_keys(content, "table"), *KNOWN, *sorted(content["tables"])]
    return [key for key in dict.fromkeys(named) if key in content["tables"]]


def chart_keys(content: dict[str, Any]) -> list[str]:
    """Keys of the charts in the order of the document."""
    charts = content.get("charts") or {}
    return [key for key in dict.fromkeys([*block_keys(content, "chart"), *sorted(charts)]) if key in charts]


def block_keys(content: dict[str, Any], kind: str) -> list[str]:
    return [block["key"] for part in content["sections"] for block in part["blocks"] if block["kind"] == kind]


def chart_names(content: dict[str, Any]) -> dict[str, str]:
    """For each chart the name of the sheet of its figures: its own, or where charts are many one for all."""
    keys = chart_keys(content)
    if len(keys) > MOST_DRAWN:
        return dict.fromkeys(keys, CHART)
    return {key: f"{CHART} {n}" if len(keys) > 1 else CHART for n, key in enumerate(keys, start=1)}


def sheet_names(content: dict[str, Any]) -> dict[str, str]:
    """For each table the name of its sheet: as known, else from its title; no two alike in any case."""
    names: dict[str, str] = {}
    taken = {name.casefold() for name in (SUMMARY, SOURCE, *chart_names(content).values())}
    for key in ordered_keys(content):
        name = free_name(KNOWN.get(key) or short_title(content["tables"][key]["title"]) or key, taken)
        taken.add(name.casefold())
        names[key] = name
    return names


def short_title(title: str) -> str:
    """The table's title without what no sheet's name may hold; capitals become a sentence's."""
    bare = " ".join(FORBIDDEN.sub(" ", printable(title)).split()).strip("'")
    return bare[:1] + bare[1:].lower() if bare.isupper() else bare


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, cut at a word to what Excel allows, numbered where another sheet has it."""
    known, number = set(taken), 1
    while True:
        tail = f" ({number})" if number > 1 else ""
        cut = _cut(name, LONGEST - len(tail)) + tail
        if cut.casefold() not in known:
            return cut
        number += 1


def _cut(name: str, length: int) -> str:
    # Excel counts in UTF-16; letters beyond it are rare enough to leave out.
    plain = "".join(char for char in name if ord(char) <= 0xFFFF)
    if len(plain) <= length:
        return plain
    whole = plain[: length + 1].rpartition(" ")[0]
    return (whole or plain[:length]).rstrip(" ,;–-'")
