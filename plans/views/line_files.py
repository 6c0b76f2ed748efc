"""A view of a line as a file: a table, a workbook with its charts, a drawing, a page of paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from facilities.pdf_files import PdfUnavailable, as_pdf
from facilities.table_responses import WRITERS, file_response, sheet_response
from plans.presenters.choices import Choices
from plans.presenters.line_books import workbook_of
from plans.presenters.line_views import MONTHS, Shown, draw_one

FORMATS = ("xlsx", "csv", "svg", "pdf")
SVG, PDF = "image/svg+xml", "application/pdf"


def file_of(request: HttpRequest, shown: Shown, choices: Choices, file_format: str) -> HttpResponse:
    """The view as `file_format`, one of FORMATS; `chart` says which drawing. Its communes are those that may leave."""
    if request.GET.get("table") == "months" and file_format in WRITERS:
        return sheet_response(shown.months(), file_format)
    if file_format == "csv":
        return sheet_response(shown.sheet(), "csv")
    name = shown.sheet().name
    if file_format == "xlsx":
        return file_response(workbook_of(shown), WRITERS["xlsx"][1], f"{name}.xlsx")
    if file_format == "svg":
        return file_response(_drawing(shown, request.GET.get("chart", "1")), SVG, f"{name}.svg")
    return _paper(request, shown, choices, name)


def offered(shown: Shown) -> list[tuple[str, str]]:
    """What the view can be taken away as; several drawings are offered one by one beside them."""
    found = [("xlsx", "Excel"), ("csv", "CSV"), ("pdf", "PDF")]
    return [*found, ("svg", "SVG")] if shown.charts and shown.asked.view != MONTHS else found


def _drawing(shown: Shown, number: str) -> bytes:
    position = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 0
    if not 1 <= position <= len(shown.charts):
        raise Http404
    return draw_one(shown.charts[position - 1]).encode()


def _paper(request: HttpRequest, shown: Shown, choices: Choices, name: str) -> HttpResponse:
    context = {**shown.context, "plan": choices.plan, "choices": choices, "shown": shown,
               "facts": shown.sheet().facts}  # fmt: skip
    try:
        content = as_pdf(render_to_string("plans/line_paper.html", context))
    except PdfUnavailable as error:
        messages.error(request, str(error))
        return redirect(f"{request.path}?{choices.query}{shown.asked.query}")
    return file_response(content, PDF, f"{name}.pdf")
