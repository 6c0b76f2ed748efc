"""A report that is being prepared, as HTML for the screen: the pieces of the PDF, drawn by the browser."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.template import Context

from facilities.text import printable
from reporting.renderers.layout import document
from reporting.renderers.pdf import ENGINE, FOLDER

# The document's fonts are of the same width as those people have; a browser fetches none.
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
# Rules of pages mean nothing on a screen, and the portal's policy refuses styles inside a page.
PAGE_RULES = re.compile(r"<style>.*?</style>", re.S)
SCREEN = """
html { background: #fff; }
body { width: 210mm; max-width: none; margin: 0 auto; padding: 20mm 20mm 20mm 30mm; box-sizing: border-box; }
html, body { font-family: "Times New Roman", Tinos, "Liberation Serif", serif; }
body > .annex { margin-top: 24mm; border-top: 1px dashed #767676; padding-top: 8mm; overflow-x: auto; }
"""


def preview_html(content: dict[str, Any], dateline: str, now: datetime) -> str:
    """The whole document of a content that is not frozen. Its style sheet stands beside it as `document.css`."""
    snapshot = {"content": content, "dateline": dateline, "revision": 0, "frozen_at": now.isoformat()}
    html = ENGINE.get_template("document.html").render(Context(document(snapshot)))
    return printable(PAGE_RULES.sub("", html))


def preview_css() -> str:
    """The style sheet of the PDF for a screen: the page's margins around the text, no fonts to fetch."""
    return FONT_FACE.sub("", (FOLDER / "document.css").read_text(encoding="utf-8")) + SCREEN
