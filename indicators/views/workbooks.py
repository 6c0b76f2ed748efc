"""Workbooks: a form or a whole month downloaded, filled in elsewhere, uploaded, looked at, confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.models import Area, Facility, Role, User
from facilities.models.areas import AreaNotFound
from facilities.permissions import Permission, facilities_for, grants_anywhere, has_role
from indicators.actions import uploads
from indicators.deadlines import Owed, first_asked, owed_for
from indicators.models import Form, Upload
from indicators.presenters.choices import area_options, form_options
from indicators.presenters.periods import period_options
from indicators.presenters.workbooks import shown
from indicators.views.access import get_facility_or_404, get_place_or_404
from indicators.views.periods import period_or_404
from indicators.workbooks.contents import Book, area_book, form_book
from indicators.workbooks.writer import write

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES, MOST_LINES = 10, 2_000  # places on a page of the preview; lines (facility × form) in one workbook
MOST_UPLOADS = 20


@require_safe
def form_workbook(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """The form of one facility for a period."""
    place = get_place_or_404(
        get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION), form, period
    )
    book = form_book(place.facility, place.form, place.period, place.submission)
    return _file(book, f"{place.form.code}-{place.facility.code}-{place.period_text}")


@require_safe
def area_workbook(request: HttpRequest) -> HttpResponse:
    """A month (or year) of the person's facilities: `?period=`, and `form=`, `area=` for a part of them."""
    period_text, form, area = (request.GET.get(name, "") for name in ("period", "form", "area"))
    if not grants_anywhere(request.user, [Permission.VIEW_SUBMISSION]):
        raise Http404
    if form and not Form.objects.filter(code=form).exists():
        raise Http404
    owed = _owed(request.user, period_text, form, area)
    problem = ""
    if not owed:
        problem = _("Không có biểu nào phải nộp theo lựa chọn này. Chọn kỳ, biểu hoặc địa bàn khác.")
    elif len(owed) > MOST_LINES:
        problem = _("Quá nhiều cơ sở cho một tệp. Chọn một biểu hoặc một địa bàn.")
    if problem:
        messages.error(request, problem)
        chosen = urlencode({"period": period_text, "form": form, "area": area})
        return redirect(f"{reverse('submissions:upload')}?{chosen}")
    book = area_book(owed, owed[0].period, yearly=owed[0].form.is_yearly)
    return _file(book, "-".join(part for part in ("so-lieu", form, area, period_text) if part))


def _owed(user: User, period_text: str, form: str, area: str) -> list[Owed]:
    """What the person's facilities owe for the period, without what the person did not ask for."""
    period, yearly = period_or_404(period_text)
    if period > timezone.localdate():
        raise Http404
    facilities = _facilities(user)
    if area:
        try:
            named = Area.objects.named(area)
        except AreaNotFound as error:
            raise Http404 from error
        within = Facility.objects.within(Area.objects.filter(pk=named.pk))
        facilities = facilities.filter(pk__in=within.values("pk"))
    return [one for one in owed_for(facilities, period, yearly=yearly) if form in {"", one.form.code}]


def _facilities(user: User) -> QuerySet[Facility]:
    """A clerk's own stations; of anybody else what they read."""
    own = has_role(user, Role.CLERK)
    return facilities_for(user, Permission.EDIT_SUBMISSION if own else Permission.VIEW_SUBMISSION)


def _file(book: Book, name: str) -> HttpResponse:
    answer = HttpResponse(write(book), content_type=XLSX)
    safe = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe}.xlsx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Download a month, upload a filled workbook, and the person's uploads of the last days."""
    may = grants_anywhere(request.user, [Permission.VIEW_SUBMISSION, Permission.EDIT_SUBMISSION])
    can_edit = Permission.EDIT_SUBMISSION in may
    if not may or (request.method == "POST" and not can_edit):
        raise Http404
    if request.method == "POST":
        if file := request.FILES.get("file"):
            return redirect("submissions:upload-preview", uploads.receive(file=file, by=request.user).pk)
        messages.error(request, _("Chưa chọn tệp nào. Chọn tệp .xlsx rồi bấm Tải lên."))
        return redirect("submissions:upload")
    return render(request, "submissions/upload_list.html", _choices(request) | {"can_edit": can_edit})


def _choices(request: HttpRequest) -> dict[str, Any]:
    """What can be downloaded, with what the address names chosen, and what the person uploaded lately."""
    today, facilities = timezone.localdate(), _facilities(request.user)
    return {
        "periods": period_options(first_asked(today), today),
        "forms": form_options(facilities),
        "areas": [] if has_role(request.user, Role.CLERK) else area_options(facilities),
        "chosen": {name: request.GET.get(name, "") for name in ("period", "form", "area")},
        "uploads": Upload.objects.filter(user=request.user).defer("preview")[:MOST_UPLOADS],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the upload would change; POST confirms, or with `page` turns the page and keeps what is ticked.

    Nobody else's upload is found.
    """
    found = Upload.objects.filter(pk=pk, user=request.user).first()
    if found is None:
        raise Http404
    if request.method == "POST" and "page" not in request.POST:
        try:
            uploads.confirm(upload=found, by=request.user, mine=request.POST.getlist("mine"))
        except uploads.NotWaiting:
            messages.error(request, _("Tệp này không còn chờ xác nhận: không ghi gì thêm."))
        return redirect("submissions:upload-preview", pk)
    view = shown(found)
    asked = request.POST if request.method == "POST" else request.GET
    context = {
        "upload": found,
        "view": view,
        "page": Paginator(view.places if view else [], PLACES).get_page(asked.get("page")),
        "mine": set(request.POST.getlist("mine")),
        "is_ready": found.status == Upload.Status.READY,
    }
    return render(request, "submissions/upload_preview.html", context)
