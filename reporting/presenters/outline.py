"""The document as the officer writes in it: computed sentences where they will stand, fields between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reporting.content.sections import COMPUTED
from reporting.document_forms import AdditionsForm, NarrativeForm, Row
from reporting.presenters.carried import Carried

Content = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """A block of a section; `row` is the field typed in there, or the one added to after a computed sentence."""

    kind: str
    text: str
    row: Row | None = None
    draft: str = ""
    has_words: bool = False


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: list[Block] = field(default_factory=list)


def outline(
    content: Content, narrative: NarrativeForm, additions: AdditionsForm, drafts: Carried
) -> list[Section]:
    """The sections with their fields; tables and charts are named by their titles."""
    return [
        Section(
            f"{section['label']}. {section['title']}" if section["label"] else section["title"],
            [
                _block(block, content, narrative, additions, drafts)
                for block in section["blocks"]
                if _is_shown(block)
            ],
        )
        for section in content["sections"]
    ]


def _is_shown(block: dict[str, Any]) -> bool:
    """An addition stands in the field of its sentence."""
    return block["kind"] != "addition"


def _block(
    block: dict[str, Any],
    content: Content,
    narrative: NarrativeForm,
    additions: AdditionsForm,
    drafts: Carried,
) -> Block:
    kind = block["kind"]
    if kind == "typed" and block["key"] in narrative.keys:
        return Block(kind, "", narrative.row(block["key"]), drafts.texts.get(block["key"], ""))
    if kind in COMPUTED and block.get("key") in additions.keys:
        row = additions.row(block["key"])
        return Block(kind, block["text"], row, has_words=bool(row.bound.value() or row.bound.errors))
    if kind in ("table", "chart"):
        named = content.get(f"{kind}s", {}).get(block["key"], {})
        return Block(kind, named.get("title", "") if isinstance(named, dict) else "")
    return Block(kind, block.get("text", ""))


def addition_keys(content: Content) -> list[str]:
    """Keys of the sentences that can be added to, in their order."""
    return [block["key"] for block in _blocks(content) if block["kind"] in COMPUTED and block.get("key")]


def typed_keys(content: Content) -> list[str]:
    return [block["key"] for block in _blocks(content) if block["kind"] == "typed"]


def _blocks(content: Content) -> Iterator[dict[str, Any]]:
    return (block for section in content["sections"] for block in section["blocks"])
