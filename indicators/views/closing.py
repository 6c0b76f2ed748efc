"""Closing a period in an area, and opening it again."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.models import Area
from facilities.periods import format_period
from facilities.permissions import Permission, areas_for
from facilities.text import as_key, printable
from indicators.actions.closing import ClosingRefused, can_close, close_period, reopen_period
from indicators.deadlines import first_asked
from indicators.models import ClosedPeriod
from indicators.presenters.closing import period_rows, standing_of_period
from indicators.presenters.periods import period_words
from indicators.views.periods import period_or_404

ACTIONS = frozenset({"close", "reopen"})


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """Periods of an area the person answers for; POST `action` is `close` or `reopen`.

    Closing while something is missing, open or waiting asks for a tick of its own (`confirm`).
    """
    found = areas_for(request.user, Permission.CLOSE_PERIOD).by_name()
    areas = sorted(found, key=lambda area: area.level)
    if not areas:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    area = _area(areas, asked.get("area", ""))
    if request.method != "POST":
        text = request.GET.get("period", "")
        return _page(request, areas, area, period_or_404(text) if text else None)
    return _acted(request, areas, area, period_or_404(request.POST.get("period", "")))


def _acted(request: HttpRequest, areas: list[Area], area: Area, period: tuple[date, bool]) -> HttpResponse:
    first, yearly = period
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        problem = _("Chưa làm gì: bấm nút Khóa hoặc Mở lại của kỳ này.")
        return _page(request, areas, area, period, problem=problem, status=422)
    try:
        if action == "reopen":
            closed = ClosedPeriod.objects.filter(area=area, period=first, yearly=yearly).first()
            if closed is None:
                raise ClosingRefused(_("Kỳ này đã được mở lại."))
            reason = printable(request.POST.get("reason", ""))
            reopen_period(closed=closed, by=request.user, reason=reason)
            words = _("Đã mở lại %(period)s.")
        else:
            standing = standing_of_period(area, first, yearly=yearly)
            if not standing.is_complete and not request.POST.get("confirm"):
                raise ClosingRefused(_("Chưa khóa: kỳ này còn báo cáo chưa hoàn tất, cần đánh dấu xác nhận."))
            note = printable(request.POST.get("note", ""))
            close_period(area=area, period=first, yearly=yearly, by=request.user, note=note)
            words = _("Đã khóa %(period)s.")
    except ClosingRefused as error:
        return _page(request, areas, area, period, problem=str(error), status=409)
    messages.success(request, words % {"period": period_words(first, yearly=yearly)})
    return redirect(f"{reverse('submissions:closing')}?area={area.pk}")


def _page(
    request: HttpRequest,
    areas: list[Area],
    area: Area,
    period: tuple[date, bool] | None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    rows = period_rows(area, first_asked(today), today, also=period)
    context = {"areas": areas, "area": area, "rows": rows, "problem": problem, "chosen": None}
    if period is not None:
        first, yearly = period
        text = format_period(first, yearly=yearly)
        context |= {
            "chosen": next((row for row in rows if row.text == text), None),
            "standing": standing_of_period(area, first, yearly=yearly),
            "note": request.POST.get("note", ""),
            "reason": request.POST.get("reason", ""),
            "can_close": can_close(first, yearly=yearly, today=today),
        }
    return render(request, "submissions/closing.html", context, status=status)


def _area(areas: list[Area], text: str) -> Area:
    """One of the areas the role is held on; the first without a choice."""
    if not text:
        return areas[0]
    for area in areas:
        if area.pk == as_key(text):
            return area
    raise Http404
