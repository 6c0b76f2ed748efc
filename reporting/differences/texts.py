"""The words of two contents: head and foot by their parts, sections block by block."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from reporting.content.printed import place_and_day
from reporting.differences.changes import TextChange

HEAD = ("superior", "issuer", "number", "subject", "addressees")
FOOT = ("recipients", "office", "signer")
TYPED = ("typed", "addition")


def compare_texts(old: dict[str, Any], new: dict[str, Any]) -> Iterator[TextChange]:
    before, after = _head(old), _head(new)
    for place, text in after.items():
        if not _is_same(place, before[place], text):
            yield TextChange("head", place, before[place], text)
    sections = [{one["label"]: one for one in content["sections"]} for content in (old, new)]
    for label in dict.fromkeys([*sections[0], *sections[1]]):
        was, now = (one.get(label, {"title": "", "blocks": []}) for one in sections)
        yield from _blocks(f"{label}. {now['title'] or was['title']}", was["blocks"], now["blocks"])


def _is_same(place: str, old: str, new: str) -> bool:
    if place == "dateline":
        return place_and_day(old) == place_and_day(new)
    return old == new


def _head(content: dict[str, Any]) -> dict[str, str]:
    parts = {key: content["header"].get(key, "") for key in HEAD}
    parts |= {key: content["footer"].get(key, "") for key in FOOT}
    parts |= {key: content.get(key, "") for key in ("dateline", "legal_bases", "opening", "closing")}
    parts["agency"] = content["agency"]["name"]
    parts["boundaries"] = content["boundaries"]["text"]
    parts["as_of"] = content["period"]["as_of_text"]
    plan = content.get("plan")
    parts["plan"] = f"{plan['number']} {plan['title']}".strip() if plan else ""
    return {key: "\n".join(part) if isinstance(part, list) else part for key, part in parts.items()}


def _blocks(place: str, old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> Iterator[TextChange]:
    """Typed parts and computed sentences that bear a key by their key, other sentences by their order."""
    before, after = _keyed(old), _keyed(new)
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        texts = (was["text"] if was else "", now["text"] if now else "")
        if texts[0] != texts[1]:
            one = now or was
            kind = one["kind"] if one["kind"] in TYPED else "computed"
            yield TextChange(kind, one.get("prompt") or place, *texts)
    lines = [
        [block["text"] for block in blocks if "text" in block and "key" not in block] for blocks in (old, new)
    ]
    for tag, a, b, c, d in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if tag != "equal":
            yield TextChange("computed", place, "\n".join(lines[0][a:b]), "\n".join(lines[1][c:d]))


def _keyed(blocks: Sequence[dict[str, Any]]) -> dict[Hashable, dict[str, Any]]:
    return {
        (block["kind"] if block["kind"] in TYPED else "", block["key"]): block
        for block in blocks
        if "text" in block and "key" in block
    }
