"""A page as a PDF: what it prints stands in it, nothing is fetched."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


class PdfUnavailable(Exception):
    """The machine lacks what draws PDF; the text says what to install."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Máy chủ thiếu thư viện dựng PDF. Cài các gói Debian: libpango-1.0-0 libpangoft2-1.0-0 "
                "libharfbuzz-subset0 fonts-croscore."
            )
        )


def as_pdf(html: str) -> bytes:
    """The document as PDF. Raises PdfUnavailable without Pango; an address in it is never opened."""
    try:
        # Import here: without Pango the import itself fails, and it takes half a second.
        from weasyprint import HTML
    except OSError as error:
        raise PdfUnavailable from error
    return HTML(string=html, url_fetcher=_refuse).write_pdf()


def _refuse(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"A PDF made from a page fetches nothing: {url}")
