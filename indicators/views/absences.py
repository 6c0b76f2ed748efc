"""Why a form is not filed yet: said by its clerk or its reviewer, on the form itself or from a list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.permissions import Permission
from facilities.text import printable
from indicators.actions.absences import MOST_CHARS, AlreadyFiled, explain_absence
from indicators.actions.figures import FigureError
from indicators.models import Absence, Submission
from indicators.presenters.periods import period_words
from indicators.views.access import Place, get_facility_or_404, get_place_or_404
from indicators.views.addresses import back_to


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Ask for and keep the reason (`reason`; "" takes it away); `next` names the list the person came from."""
    owner = get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION)
    if not (owner.can_edit or owner.can_review):
        raise Http404
    place = get_place_or_404(owner, form, period)
    if request.method == "POST":
        return _explained(request, place)
    if place.submission and place.submission.status != Submission.Status.DRAFT:
        messages.error(request, str(AlreadyFiled()))
        return redirect("submissions:form", *place.key)
    return _page(request, place)


def _explained(request: HttpRequest, place: Place) -> HttpResponse:
    reason = printable(request.POST.get("reason", ""))
    try:
        kept = explain_absence(
            facility=place.facility, form=place.form, period=place.period, reason=reason, by=request.user
        )
    except (AlreadyFiled, FigureError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã ghi lý do chưa nộp.") if kept else _("Đã bỏ lý do chưa nộp."))
    return redirect(back_to(request, _form(place)))


def _page(request: HttpRequest, place: Place) -> HttpResponse:
    said = Absence.objects.filter(facility=place.facility, form_code=place.form.code, period=place.period)
    context = {
        "place": place,
        "period": period_words(place.period, yearly=place.form.is_yearly),
        "absence": said.select_related("by").first(),
        "back": back_to(request, _form(place)),
        "most": MOST_CHARS,
    }
    return render(request, "submissions/absence_form.html", context)


def _form(place: Place) -> str:
    return reverse("submissions:form", args=place.key)
