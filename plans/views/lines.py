"""One line of a plan: how it stands, what is entered on it, and down to the stations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.models import Area, User
from facilities.permissions import Permission, has_permission
from plans.actions.entered import enter_figure
from plans.forms.entered import EnteredForm
from plans.forms.errors import add_errors
from plans.models import Plan, PlanIndicator
from plans.presenters.choices import Choices, boundary_words
from plans.presenters.line_views import NAMES, Asked, show
from plans.presenters.places import is_computed
from plans.presenters.stations import read_stations
from plans.standing import LineStanding, assess_lines
from plans.standing.telling import Telling
from plans.views.access import choices_for, get_commune_or_404, get_plan_or_404
from plans.views.line_files import FORMATS, file_of, offered


@require_http_methods(["GET", "HEAD", "POST"])
def line_detail(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    permission = Permission.ENTER_FIGURE if request.method == "POST" else Permission.VIEW_PLAN
    plan = get_plan_or_404(request.user, slug, permission)
    choices = choices_for(request.user, plan, request.GET)
    standing = _standing_or_404(plan, key, choices)
    form = EnteredForm(request.POST or None, line=standing.line, year=choices.year)
    if request.method == "POST" and form.is_valid() and _enter(request, form, standing.line):
        messages.success(request, _("Đã ghi số liệu."))
        return redirect(f"{standing.line.get_absolute_url()}?{choices.query}")
    file_format = request.GET.get("format", "")
    is_file = file_format in FORMATS
    asked = Asked.of(request.GET, inside=plan.can_see_submissions and not is_file)
    if not asked.inside:
        [standing] = Telling(choices.area).told([standing])
    shown = show(standing, choices, asked)
    if is_file:
        return file_of(request, shown, choices, file_format)
    context = {
        **shown.context,
        "plan": plan,
        "choices": choices,
        "shown": shown,
        "views": NAMES.items(),
        "form": form,
        "downloads": offered(shown),
        "kept": asked.query,
        "can_enter_history": plan.can_edit and _may_enter(request.user, plan, choices.area),
    }
    status = 422 if form.is_bound else 200
    return render(request, "plans/line_detail.html", context, status=status)


@require_safe
def line_stations(request: HttpRequest, slug: str, key: str, area: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.VIEW_SUBMISSION)
    choices = choices_for(request.user, plan, request.GET)
    standing = _standing_or_404(plan, key, choices)
    place = get_commune_or_404(choices, area)
    if not is_computed(standing.line) or not plan.can_see_submissions:
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


def _may_enter(user: User, plan: Plan, area: Area) -> bool:
    """Whoever enters figures of the plan does so for its own place; other boundaries are asked about."""
    return area.pk == plan.area_id or has_permission(user, Permission.ENTER_FIGURE, area)


def _enter(request: HttpRequest, form: EnteredForm, line: PlanIndicator) -> bool:
    try:
        enter_figure(line=line, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
