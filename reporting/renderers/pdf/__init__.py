"""The snapshot as a document on decree 30/2020's page: HTML in pieces, one style sheet, WeasyPrint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template import Context, Engine

from facilities.text import printable
from reporting.checks import serif_font
from reporting.renderers import FontMissing, LibraryMissing, Progress, ignore
from reporting.renderers.layout import document
from reporting.renderers.pdf.joining import one_file
from reporting.renderers.pdf.letters import drawable

if TYPE_CHECKING:
    from weasyprint.document import Document

FOLDER = Path(__file__).resolve().parent
ENGINE = Engine(dirs=[FOLDER / "pieces"], autoescape=True)
# The leadership's page is one page: where much is in trouble its letters shrink, in points.
BRIEF_LETTERS = ("11.5", "11", "10.5", "10", "9.5", "9")


def render(snapshot: dict[str, Any], progress: Progress = ignore) -> bytes:
    """The PDF as bytes. Raises LibraryMissing where Pango is not installed, FontMissing without Tinos."""
    shown = document(snapshot)
    if shown.get("kind") == "sheets":
        return one_file(shown, single_sheets(shown, progress))
    if shown.get("kind") == "brief":
        return _on_one_page(shown)
    return written(laid_out("document.html", shown))


def single_sheets(shown: dict[str, Any], progress: Progress = ignore) -> Iterator[tuple[str, bytes]]:
    """The title and the PDF of every commune, one at a time: a layout takes 20 kB a cell and is let go."""
    total = len(shown["annexes"])
    for number, annex in enumerate(shown["annexes"], start=1):
        page = laid_out("sheet.html", {**shown, "annex": annex})
        yield annex["title"], written(page, prefix=f"{number:04}-")
        progress(100 * number // total)
    if not total:
        yield shown["header"]["subject"], written(laid_out("sheet.html", shown))


def _on_one_page(shown: dict[str, Any]) -> bytes:
    for letters in BRIEF_LETTERS:
        page = laid_out("brief.html", {**shown, "letters": letters})
        if len(page.pages) == 1:
            break
    return written(page)


def html_of(piece: str, shown: dict[str, Any], font: Path) -> str:
    """The finished HTML: every text as typed, in letters that the font draws."""
    return drawable(printable(ENGINE.get_template(piece).render(Context(shown))), font)


def laid_out(piece: str, shown: dict[str, Any]) -> Document:
    """The piece on pages. Raises LibraryMissing, FontMissing."""
    try:
        # Import here: without Pango the import itself fails, and it takes half a second.
        from weasyprint import HTML
    except OSError as error:
        raise LibraryMissing from error
    from reporting.renderers.pdf.fetcher import OwnFiles
    from reporting.renderers.pdf.standards import VARIANT

    font = serif_font()
    if font is None:
        raise FontMissing
    html = html_of(piece, shown, font)
    page = HTML(string=html, base_url=FOLDER.as_uri() + "/", url_fetcher=OwnFiles(FOLDER))
    return page.render(pdf_variant=VARIANT)


def written(pages: Document, prefix: str = "") -> bytes:
    """The pages as a file for reading and for the archive; `prefix` as in `standards.write`. Raises FontMissing."""
    # Import here: it needs Pango too.
    from reporting.renderers.pdf.standards import write

    return write(pages, prefix)
