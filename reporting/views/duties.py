"""Pages of report duties: who owes what by when, ticking off what came, setting a day the plan does not name."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from facilities.permissions import Permission, areas_for
from facilities.table_responses import DOWNLOADS, WRITERS, sheet_response
from facilities.text import as_key
from plans.models import ReportDuty
from reporting.actions.duties import DutyError, set_day, tick
from reporting.duty_forms import DayForm, TickForm
from reporting.models import ExpectedReport
from reporting.presenters.duties import expected_reports, in_state, rows_of, sheet, undated, years_of

ROWS_A_PAGE = 40
FIRST_YEAR, LAST_YEAR = 2000, 2100


@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    """Reports owed on the person's areas, filtered by year and state; duties without a day below."""
    today = timezone.localdate()
    every = _expected(request)
    year, state = request.GET.get("year", ""), request.GET.get("state", "")
    found = in_state(every, state, today)
    due_year = as_key(year)
    if is_year := due_year in range(FIRST_YEAR, LAST_YEAR + 1):
        found = found.filter(due_on__year=due_year)
    if (file_format := request.GET.get("format", "")) in WRITERS:
        words = str(dict(ExpectedReport.State.choices).get(state, ""))
        facts = [
            (_("Ngày"), f"{today:%d/%m/%Y}"),
            (_("Năm"), year if is_year else ""),
            (_("Tình trạng"), words),
        ]
        return sheet_response(sheet(rows_of(found, today), [fact for fact in facts if fact[1]]), file_format)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(page.object_list, today),
        "years": years_of(every),
        "states": ExpectedReport.State.choices,
        "year": year,
        "state": state,
        "today": f"{today:%Y-%m-%d}",
        "undated": _duties(request),
        "downloads": DOWNLOADS,
    }
    return render(request, "reporting/duty_list.html", context)


@require_http_methods(["GET", "POST"])
def tick_expected(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a report came, or take that back."""
    expected = _expected(request).filter(pk=pk, can_tick=True).first()
    if expected is None:
        raise Http404
    if request.method == "POST" and "undo" in request.POST:
        tick(expected=expected, on=None, note="", by=request.user)
        messages.success(request, _("Đã bỏ ghi nhận."))
        return redirect("reports:duties")
    form = TickForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            tick(expected=expected, on=form.day, note=form.cleaned_data["note"], by=request.user)
        except DutyError as error:
            form.add_error("on", str(error))
        else:
            messages.success(request, _("Đã ghi nhận báo cáo của %(name)s.") % {"name": expected.reporter})
            return redirect("reports:duties")
    return render(
        request, "reporting/duty_form.html", {"form": form, "expected": expected, "duty": expected.duty}
    )


@require_http_methods(["GET", "POST"])
def duty_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the yearly day of a duty."""
    duty = _duties(request).filter(pk=pk, can_set=True).first()
    if duty is None:
        raise Http404
    initial = {"month": duty.month, "day": duty.day, "years_after": duty.years_after}
    form = DayForm(request.POST or None, initial=initial, years_after=duty.years_after)
    if request.method == "POST" and form.is_valid():
        try:
            set_day(duty=duty, by=request.user, **form.cleaned_data)
        except DutyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã đặt hạn báo cáo."))
            return redirect("reports:duties")
    return render(request, "reporting/duty_form.html", {"form": form, "duty": duty})


def _expected(request: HttpRequest) -> QuerySet[ExpectedReport]:
    user = request.user
    return expected_reports(
        areas_for(user, Permission.VIEW_REPORT), areas_for(user, Permission.PREPARE_REPORT)
    )


def _duties(request: HttpRequest) -> QuerySet[ReportDuty]:
    user = request.user
    return undated(areas_for(user, Permission.VIEW_REPORT), areas_for(user, Permission.PREPARE_REPORT))
