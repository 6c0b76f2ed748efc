"""Snapshots into files. One module a format, each with `render(snapshot: dict) -> bytes`; none computes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from reporting.checks import serif_font
from reporting.said import Said

Progress = Callable[[int], None]
# Import a renderer only when it is asked for: WeasyPrint needs system libraries and half a second.
OFFERED = {
    "pdf": "reporting.renderers.pdf",
    "xlsx": "reporting.renderers.xlsx",
    "docx": "reporting.renderers.docx",
}
# Formats that carry their font with them.
EMBED_FONT = ("pdf", "pdfa", "zip")
# Sheets of communes are handed out and reckoned with; there is no text in them to edit.
OFFERED_OF = {
    "sheets": {
        "pdf": "reporting.renderers.pdf",
        "xlsx": "reporting.renderers.xlsx",
        "zip": "reporting.renderers.zip",
    }
}
# These tell how far they are, in percent; the others take seconds.
TELLING = ("pdf", "zip")


class RenderError(Exception):
    """The file can not be made; the text, or what is `Said`, tells a person why and what to do."""


class FormatNotOffered(RenderError):
    def __init__(self, name: str, kind: str = "plan") -> None:
        text = _("Chưa xuất được định dạng “%(name)s”. Hiện có: %(offered)s.")
        super().__init__(text % {"name": name, "offered": ", ".join(offered(kind))})


class LibraryMissing(RenderError):
    def __init__(self) -> None:
        super().__init__(Said("library_missing"))


class FontMissing(RenderError):
    """Another font (`others`, where known) would stand in, and leave Vietnamese letters out or mix them."""

    def __init__(self, others: Sequence[str] = ()) -> None:
        said = Said("font_replaced", {"names": ", ".join(others)}) if others else Said("font_missing")
        super().__init__(said)


def offered(kind: str) -> dict[str, str]:
    """The formats a kind of report is made in, each with its renderer."""
    return OFFERED_OF.get(kind, OFFERED)


def ignore(_percent: int) -> None:
    """Nobody waits to hear how far it is."""


def render(snapshot: dict[str, Any], name: str, progress: Progress = ignore) -> bytes:
    """The snapshot's data as a file of this format, in Vietnamese.

    `progress` is called with the percentage done, never less than before, by formats that take long.
    Raises FormatNotOffered, LibraryMissing, FontMissing.
    """
    kind = snapshot["content"].get("kind", "plan")
    if name not in offered(kind):
        raise FormatNotOffered(name, kind)
    if name in EMBED_FONT and serif_font() is None:
        raise FontMissing
    with translation.override("vi"):
        renderer = import_module(offered(kind)[name])
        return renderer.render(snapshot, progress) if name in TELLING else renderer.render(snapshot)
