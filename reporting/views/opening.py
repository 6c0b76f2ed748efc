"""Beginning a report: its kind, then what that kind asks for."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reporting.actions.opening import NothingToCombine, ReviewTooShort, SameBoundaries, begin
from reporting.actions.reports import ReportError
from reporting.content import BUILDERS
from reporting.content.boundaries import area_today
from reporting.models import Report
from reporting.opening_forms import OpeningForm, form_of
from reporting.presenters.beginning import first_choice, kind_choices
from reporting.views.access import preparable_agencies, preparable_plans

# The question an error belongs to; any other is about the year.
FIELDS = {ReviewTooShort: "start_year", NothingToCombine: "agency", SameBoundaries: "boundaries"}


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Choose the kind, then plan or agency, years and period; go on to the page that prepares it."""
    kind, form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("reports:preparing", begin(wanted=form.wanted, by=request.user).pk)
        except ReportError as error:
            form.add_error(FIELDS.get(type(error), "year"), str(error))
    kinds = kind_choices(kind)
    context = {
        "form": form,
        "kind": kind,
        "kinds": kinds,
        "words": next(one.words for one in kinds if one.is_current),
        "asked": {name: request.GET[name] for name in ("plan", "year") if name in request.GET},
    }
    return render(request, "reporting/report_form.html", context)


def _form(request: HttpRequest) -> tuple[str, OpeningForm]:
    """The form of the kind asked for, a plan's report where none or an unknown one is."""
    queryset, today = preparable_plans(request.user), timezone.localdate()
    plans = list(queryset)
    if not plans:
        raise Http404
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = asked if asked in BUILDERS else Report.Kind.PLAN.value
    initial = first_choice(queryset, kind, request.GET.get("plan", ""), request.GET.get("year", ""), today)
    form = form_of(kind)(
        request.POST or None,
        kind=kind,
        plans=queryset,
        agencies=preparable_agencies(request.user, plans, today),
        can_restate=any(area_today(plan, today) for plan in plans),
        today=today,
        initial=initial,
    )
    return kind, form
