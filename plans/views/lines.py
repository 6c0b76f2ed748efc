"""One line of a plan: how it stands, what is entered on it, and down to the stations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.models import Area
from facilities.models.areas import AreaNotFound
from facilities.permissions import Permission
from plans.actions.entered import enter_figure
from plans.forms.entered import EnteredForm
from plans.forms.errors import add_errors
from plans.models import Plan, PlanIndicator
from plans.presenters.choices import Choices, boundary_words, read_choices
from plans.presenters.line import present_line
from plans.presenters.line_sheets import communes_sheet, months_sheet
from plans.presenters.places import SORTS, is_computed
from plans.presenters.stations import read_stations
from plans.standing import LineStanding, assess_lines
from plans.views.access import get_plan_or_404
from plans.views.responses import DOWNLOADS, WRITERS, sheet_response


@require_http_methods(["GET", "HEAD", "POST"])
def line_detail(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    permission = Permission.ENTER_FIGURE if request.method == "POST" else Permission.VIEW_PLAN
    plan = get_plan_or_404(request.user, slug, permission)
    choices = read_choices(plan, request.GET)
    standing = _standing_or_404(plan, key, choices)
    form = EnteredForm(request.POST or None, line=standing.line, year=choices.year)
    if request.method == "POST" and form.is_valid() and _enter(request, form, standing.line):
        messages.success(request, _("Đã ghi số liệu."))
        return redirect(f"{standing.line.get_absolute_url()}?{choices.query}")
    sort = request.GET.get("sort", "")
    page = present_line(standing, choices, sort=sort if sort in SORTS else SORTS[0])
    file_format = request.GET.get("format", "")
    if file_format in WRITERS:
        make = months_sheet if request.GET.get("table") == "months" else communes_sheet
        return sheet_response(make(page, choices), file_format)
    context = {"plan": plan, "choices": choices, "page": page, "form": form, "downloads": DOWNLOADS}
    status = 422 if form.is_bound else 200
    return render(request, "plans/line_detail.html", context, status=status)


@require_safe
def line_stations(request: HttpRequest, slug: str, key: str, area: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.VIEW_SUBMISSION)
    choices = read_choices(plan, request.GET)
    standing = _standing_or_404(plan, key, choices)
    place = _commune_or_404(plan, choices, area)
    if not is_computed(standing.line):
        raise Http404
    stations = read_stations(standing.line, place, choices)
    context = {
        "plan": plan,
        "choices": choices,
        "line": standing.line,
        "place": place,
        "place_name": boundary_words(place),
        "stations": stations,
    }
    return render(request, "plans/line_stations.html", context)


def _standing_or_404(plan: Plan, key: str, choices: Choices) -> LineStanding:
    for standing in assess_lines(plan, choices.year, choices.as_of, choices.area):
        if standing.line.key == key:
            return standing
    raise Http404


def _commune_or_404(plan: Plan, choices: Choices, key: str) -> Area:
    """A commune that lies wholly inside the plan's area or the boundaries chosen."""
    inside = Area.objects.covered_by(Area.objects.filter(pk__in=[plan.area_id, choices.area.pk]))
    try:
        return inside.filter(level=Area.Level.COMMUNE).named(key)
    except AreaNotFound as error:
        raise Http404 from error


def _enter(request: HttpRequest, form: EnteredForm, line: PlanIndicator) -> bool:
    try:
        enter_figure(line=line, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
