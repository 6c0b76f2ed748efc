"""The snapshot as a document on decree 30/2020's page: HTML in pieces, one style sheet, WeasyPrint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.template import Context, Engine

from facilities.text import printable
from reporting.renderers import LibraryMissing
from reporting.renderers.pdf.layout import document

FOLDER = Path(__file__).resolve().parent
ENGINE = Engine(dirs=[FOLDER / "pieces"], autoescape=True)


def render(snapshot: dict[str, Any]) -> bytes:
    """The PDF as bytes. Raises LibraryMissing where Pango is not installed."""
    try:
        # Import here: without Pango the import itself fails, and it takes half a second.
        from weasyprint import HTML
    except OSError as error:
        raise LibraryMissing from error
    from reporting.renderers.pdf.fetcher import OwnFiles

    html = printable(ENGINE.get_template("document.html").render(Context(document(snapshot))))
    return HTML(string=html, base_url=FOLDER.as_uri() + "/", url_fetcher=OwnFiles(FOLDER)).write_pdf()
