"""Which reports a person sees, and the helpers every report view gets its report from. No access reads as 404."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from facilities.models import Agency, Area, Coverage, User
from facilities.permissions import Permission, areas_for
from plans.models import Plan
from reporting.models import Report, Snapshot


def visible_reports(user: User, permission: Permission = Permission.VIEW_REPORT) -> QuerySet[Report]:
    """Reports on plans of the person's areas, with `can_prepare` and their snapshots without the heavy data."""
    may_prepare = Coverage.objects.filter(
        area__in=areas_for(user, Permission.PREPARE_REPORT),
        covered=Coalesce(OuterRef("plan__area"), OuterRef("agency__area")),
    )
    snapshots = Snapshot.objects.defer("data").select_related("by").prefetch_related("files__signatures")
    return (
        Report.objects.within(areas_for(user, permission))
        .select_related("plan__area", "plan__issuer__area", "agency__area")
        .annotate(can_prepare=Exists(may_prepare))
        .prefetch_related(Prefetch("snapshots", queryset=snapshots.order_by("-number")))
    )


def get_report_or_404(user: User, pk: int, permission: Permission = Permission.VIEW_REPORT) -> Report:
    """The report, where a role on its plan's area grants `permission`."""
    report = visible_reports(user, permission).filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def file_is_lost(request: HttpRequest, report: Report) -> HttpResponse:
    """The report's page, which says that a file once made is no longer on the server's disk and what to do."""
    words = _(
        "Tệp này đã dựng nhưng không còn trên máy chủ. Báo quản trị viên khôi phục thư mục tệp báo cáo từ bản sao "
        "lưu; số liệu đã chốt vẫn còn nguyên."
    )
    messages.error(request, words)
    return redirect(report)


def preparable_plans(user: User) -> QuerySet[Plan]:
    """Plans the person may report on."""
    plans = Plan.objects.within(areas_for(user, Permission.PREPARE_REPORT))
    return plans.select_related("area", "issuer__area", "issuer__successor__area")


def preparable_agencies(user: User, plans: Iterable[Plan], today: date) -> QuerySet[Agency]:
    """Agencies that answer today for one of these plans and stand in an area the person may report on."""
    responsible = {plan.issuer.responsible_on(today).pk for plan in plans}
    covered = Area.objects.covered_by(areas_for(user, Permission.PREPARE_REPORT))
    return Agency.objects.filter(pk__in=responsible, area__in=covered).order_by("name")
