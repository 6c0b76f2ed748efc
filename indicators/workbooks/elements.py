"""Walk the elements of one part without building a tree; no document types, bounded depth and number (pure)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from indicators.workbooks.container import Refused

MAX_DEPTH, MAX_ELEMENTS, PIECE = 40, 1_500_000, 64 * 1024
Event = tuple[tuple[str, ...], str, dict[str, str], str]


def walk(archive: zipfile.ZipFile, name: str, starts: tuple[str, ...] = ()) -> Iterator[Event]:
    """Yield (tags around, tag, attributes, text) as elements end; those of `starts` as they begin too.

    Names lose their namespace's prefix. An event of a beginning carries attribute "" = "start".
    Raises Refused, ExpatError.
    """
    walker = _Walker(name, starts)
    with archive.open(name) as stream:
        while piece := stream.read(PIECE):
            walker.parser.Parse(piece, False)
            yield from walker.events
            walker.events.clear()
    walker.parser.Parse(b"", True)
    yield from walker.events


class _Walker:
    def __init__(self, name: str, starts: tuple[str, ...]) -> None:
        self.name, self.starts = name, starts
        self.open: list[tuple[str, dict[str, str], list[str]]] = []
        self.events: list[Event] = []
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_ignored: object) -> None:
        raise Refused("doctype", self.name)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= MAX_DEPTH:
            raise Refused("too_deep", self.name)
        if self.count > MAX_ELEMENTS:
            raise Refused("too_many_elements", self.name)
        bare = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        tag = tag.rpartition(":")[2]
        self.open.append((tag, bare, []))
        if tag in self.starts:
            self.events.append(((), tag, {**bare, "": "start"}, ""))

    def text(self, text: str) -> None:
        if self.open:
            self.open[-1][2].append(text)

    def end(self, _tag: str) -> None:
        tag, attributes, pieces = self.open.pop()
        around = tuple(one[0] for one in self.open)
        self.events.append((around, tag, attributes, "".join(pieces)))
