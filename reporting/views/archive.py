"""The archive: documents that were issued, found again and proved."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from facilities.permissions import Permission, areas_for
from facilities.table_files import as_csv, as_xlsx
from facilities.text import as_key, printable
from reporting.models import IssuedDocument
from reporting.presenters.archive import ArchiveQuery, archive_sheet, choices, is_intact

DOCUMENTS_A_PAGE = 30
YEARS = range(2000, 2101)
WORDS_LENGTH = 200
WRITERS = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Issued documents of the person's areas. `?check=` proves one file, `?format=` takes all that were found."""
    documents = IssuedDocument.objects.within(areas_for(request.user, Permission.VIEW_REPORT))
    query = _query(request)
    years, agencies = choices(documents)
    found = query.of(documents)
    if file_format := request.GET.get("format"):
        if file_format not in WRITERS:
            raise Http404
        write, content_type = WRITERS[file_format]
        sheet = archive_sheet(found, query, agencies)
        response = HttpResponse(write(sheet), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{sheet.name}.{file_format}"'
        return response
    page = Paginator(found, DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "query": query,
        "years": years,
        "agencies": agencies,
        "formats": (("xlsx", "Excel"), ("csv", "CSV")),
        "checked": _checked(page.object_list, as_key(request.GET.get("check", ""))),
    }
    return render(request, "reporting/archive.html", context)


def _checked(documents: list[IssuedDocument], pk: int | None) -> dict[str, object]:
    """The document that was to be proved, and whether its stored file still is the one registered."""
    one = next((one for one in documents if one.pk == pk), None) if pk else None
    return {"pk": one.pk, "is_intact": is_intact(one)} if one else {}


def _query(request: HttpRequest) -> ArchiveQuery:
    year = as_key(request.GET.get("year", ""))
    return ArchiveQuery(
        words=printable(request.GET.get("q", ""))[:WORDS_LENGTH].strip(),
        year=year if year in YEARS else None,
        agency=as_key(request.GET.get("agency", "")),
    )
