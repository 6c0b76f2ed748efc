"""Totals of past years, entered and corrected from the page of a line that they belong to."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from facilities.models import Area, User
from facilities.permissions import Permission, areas_for
from indicators.models import Group
from plans.actions.history import LEVELS, delete_total, save_total
from plans.forms.history import HistoryForm
from plans.models import HistoricTotal, Plan, PlanIndicator
from plans.presenters.choices import related_areas
from plans.views.access import get_line_or_404, get_plan_or_404
from plans.views.editing.steps import delete_and_return, save_form


@require_http_methods(["GET", "HEAD", "POST"])
def edit_total(request: HttpRequest, slug: str, key: str, total: int | None = None) -> HttpResponse:
    plan, line = _line_or_404(request.user, slug, key)
    areas = enterable_areas(request.user, plan)
    row = _total_or_404(line, areas, total) if total else _new(line)
    initial = {} if total else {"area": plan.area_id}
    return save_form(
        request,
        HistoryForm(request.POST or None, instance=row, areas=areas, initial=initial),
        lambda: save_total(total=row, by=request.user),
        plan=plan,
        title=_("Sửa số tổng năm trước") if total else _("Số tổng năm trước"),
        back=_back(line),
        delete=reverse("plans:delete-total", args=[slug, key, total]) if total else "",
        subject=line.name,
    )


@require_POST
def remove_total(request: HttpRequest, slug: str, key: str, total: int) -> HttpResponse:
    plan, line = _line_or_404(request.user, slug, key)
    row = _total_or_404(line, enterable_areas(request.user, plan), total)
    return delete_and_return(
        request,
        lambda: delete_total(total=row, by=request.user),
        back=_back(line),
        plan=plan,
        subject=f"{row.area}, {row.year}: {line.name}",
        gone=[row.source],
    )


def enterable_areas(user: User, plan: Plan) -> QuerySet[Area]:
    """Provinces and districts of any time in the plan's place and its other boundaries, where the person enters."""
    places = Area.objects.filter(pk__in=[plan.area_id, *(area.pk for area in related_areas(plan.area))])
    inside = Area.objects.covered_by(places).filter(level__in=LEVELS)
    own = Area.objects.covered_by(areas_for(user, Permission.ENTER_FIGURE))
    return inside.filter(pk__in=own.values("pk"))


def _line_or_404(user: User, slug: str, key: str) -> tuple[Plan, PlanIndicator]:
    """A line that an indicator measures: only such have a history across plans."""
    plan = get_plan_or_404(user, slug, Permission.ENTER_FIGURE)
    line = get_line_or_404(plan, key)
    if line.indicator is None:
        raise Http404
    return plan, line


def _new(line: PlanIndicator) -> HistoricTotal:
    return HistoricTotal(indicator=line.indicator, group=line.group or Group.objects.get(code=""))


def _total_or_404(line: PlanIndicator, areas: QuerySet[Area], pk: int) -> HistoricTotal:
    totals = HistoricTotal.objects.select_related("area", "indicator", "group")
    group = {"group": line.group_id} if line.group_id else {"group__code": ""}
    row = totals.filter(pk=pk, indicator=line.indicator_id, area__in=areas, **group).first()
    if row is None:
        raise Http404
    return row


def _back(line: PlanIndicator) -> str:
    return f"{line.get_absolute_url()}#history"
