"""The snapshot as a document on decree 30/2020's page: HTML in pieces, one style sheet, WeasyPrint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from facilities.text import printable
from reporting.renderers import LibraryMissing, Progress, ignore
from reporting.renderers.pdf.joining import one_file
from reporting.renderers.pdf.layout import document

FOLDER = Path(__file__).resolve().parent
ENGINE = Engine(dirs=[FOLDER / "pieces"], autoescape=True)
# The leadership's page is one page: where much is in trouble its letters shrink, in points.
BRIEF_LETTERS = ("11.5", "11", "10.5", "10", "9.5", "9")


def render(snapshot: dict[str, Any], progress: Progress = ignore) -> bytes:
    """The PDF as bytes. Raises LibraryMissing where Pango is not installed."""
    shown = document(snapshot)
    if shown.get("kind") == "sheets":
        return one_file(shown, (content for _name, content in single_sheets(shown, progress)))
    if shown.get("kind") == "brief":
        return _on_one_page(shown)
    return laid_out("document.html", shown).write_pdf()


def single_sheets(shown: dict[str, Any], progress: Progress = ignore) -> Iterator[tuple[str, bytes]]:
    """The title and the PDF of every commune, one at a time: a layout takes 20 kB a cell and is let go."""
    total = len(shown["annexes"])
    for number, annex in enumerate(shown["annexes"], start=1):
        yield annex["title"], laid_out("sheet.html", {**shown, "annex": annex}).write_pdf()
        progress(100 * number // total)
    if not total:
        yield shown["header"]["subject"], laid_out("sheet.html", shown).write_pdf()


def _on_one_page(shown: dict[str, Any]) -> bytes:
    for letters in BRIEF_LETTERS:
        page = laid_out("brief.html", {**shown, "letters": letters})
        if len(page.pages) == 1:
            break
    return page.write_pdf()


def laid_out(piece: str, shown: dict[str, Any]) -> Any:
    """WeasyPrint's document of a piece. Raises LibraryMissing."""
    try:
        # Import here: without Pango the import itself fails, and it takes half a second.
        from weasyprint import HTML
    except OSError as error:
        raise LibraryMissing from error
    from reporting.renderers.pdf.fetcher import OwnFiles

    html = printable(ENGINE.get_template(piece).render(Context(shown)))
    return HTML(string=html, base_url=FOLDER.as_uri() + "/", url_fetcher=OwnFiles(FOLDER)).render()
