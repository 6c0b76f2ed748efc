"""Snapshots into files. One module a format, each with `render(snapshot: dict) -> bytes`; none computes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from reporting.checks import serif_font

# Import a renderer only when it is asked for: WeasyPrint needs system libraries and half a second.
OFFERED = {
    "pdf": "reporting.renderers.pdf",
    "xlsx": "reporting.renderers.xlsx",
    "docx": "reporting.renderers.docx",
}
# Formats that carry their font with them.
EMBED_FONT = ("pdf", "pdfa")


class RenderError(Exception):
    """The file can not be made; the text says why, and what to do, to a person."""


class FormatNotOffered(RenderError):
    def __init__(self, name: str) -> None:
        text = _("Chưa xuất được định dạng “%(name)s”. Hiện có: %(offered)s.")
        super().__init__(text % {"name": name, "offered": ", ".join(OFFERED)})


class LibraryMissing(RenderError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Máy chủ thiếu thư viện dựng PDF. Cài các gói Debian: libpango-1.0-0 libpangoft2-1.0-0 "
                "libharfbuzz-subset0 fonts-croscore."
            )
        )


class FontMissing(RenderError):
    """Another font would stand in, and leave Vietnamese letters out or mix them."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Máy chủ thiếu phông chữ Times đủ dấu tiếng Việt nên chưa dựng PDF. Người quản trị cài gói "
                "fonts-croscore, rồi yêu cầu dựng lại."
            )
        )


def render(snapshot: dict[str, Any], name: str) -> bytes:
    """The snapshot's data as a file of this format, in Vietnamese.

    Raises FormatNotOffered, LibraryMissing, FontMissing.
    """
    if name not in OFFERED:
        raise FormatNotOffered(name)
    if name in EMBED_FONT and serif_font() is None:
        raise FontMissing
    with translation.override("vi"):
        return import_module(OFFERED[name]).render(snapshot)
