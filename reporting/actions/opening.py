"""Beginning a report of any kind; what can not be made of the plan or agency is refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Agency, User
from facilities.permissions import Permission, require
from plans.models import Plan
from reporting.actions.reports import ReportError, get_or_open, open_report
from reporting.content import BUILDERS
from reporting.content.boundaries import area_today
from reporting.content.combined import plans_of
from reporting.content.periods import ReportPeriod
from reporting.models import Report

Kind, Boundaries = Report.Kind, Report.Boundaries
# Which kinds may be restated on today's boundaries.
RESTATED = (Kind.PLAN, Kind.REVIEW, Kind.BRIEF)


class KindNotOffered(ReportError):
    def __init__(self, kind: str) -> None:
        offered = ", ".join(sorted(str(name) for name in BUILDERS))
        super().__init__(
            _("Chưa lập được loại báo cáo “%(kind)s”. Hiện có: %(offered)s.")
            % {"kind": kind, "offered": offered}
        )


class ReviewTooShort(ReportError):
    def __init__(self) -> None:
        super().__init__(_("Sơ kết, tổng kết gồm từ hai năm trở lên: chọn năm đầu trước năm cuối."))


class NothingToCombine(ReportError):
    def __init__(self, agency: Agency, year: int) -> None:
        text = _("Năm %(year)s không có kế hoạch nào thuộc trách nhiệm hiện nay của %(agency)s.")
        super().__init__(text % {"year": year, "agency": agency.name})


class SameBoundaries(ReportError):
    def __init__(self, plan: Plan) -> None:
        text = _(
            "Kế hoạch này không có ranh giới nào khác để quy về: địa bàn của kế hoạch (%(area)s) còn nguyên, hoặc nay "
            "không có đơn vị cùng cấp. Chọn ranh giới của kế hoạch."
        )
        super().__init__(text % {"area": plan.area.name})


class BoundariesFixed(ReportError):
    """The kind counts on each plan's own boundaries."""

    def __init__(self) -> None:
        super().__init__(_("Loại báo cáo này chỉ lập trên ranh giới của kế hoạch."))


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. A combined report names an agency, every other a plan; `start_year` is a review's."""

    kind: str
    period: ReportPeriod
    plan: Plan | None = None
    agency: Agency | None = None
    start_year: int | None = None
    boundaries: str = Boundaries.OWN


@transaction.atomic
def begin(*, wanted: Wanted, by: User | None) -> Report:
    """The report asked for, begun where it does not exist yet. `by` None is the system itself.

    Raises PermissionDenied, KindNotOffered, YearOutsidePlan, PeriodNotBegun, ReviewTooShort, NothingToCombine,
    SameBoundaries, BoundariesFixed.
    """
    if wanted.kind not in BUILDERS:
        raise KindNotOffered(wanted.kind)
    if wanted.kind == Kind.COMBINED:
        return _begin_combined(wanted, by)
    start = wanted.start_year if wanted.kind == Kind.REVIEW else None
    if wanted.kind == Kind.REVIEW and (start is None or start >= wanted.period.year):
        raise ReviewTooShort
    if wanted.boundaries == Boundaries.TODAY:
        _check_restating(wanted)
    return open_report(
        plan=wanted.plan,
        period=wanted.period,
        by=by,
        kind=wanted.kind,
        start_year=start,
        boundaries=wanted.boundaries,
    )


def _begin_combined(wanted: Wanted, by: User | None) -> Report:
    if wanted.boundaries != Boundaries.OWN:
        raise BoundariesFixed
    today = timezone.localdate()
    agency = wanted.agency.responsible_on(today)
    if by is not None:
        require(by, Permission.PREPARE_REPORT, agency.area)
    if not plans_of(agency, wanted.period.year, today):
        raise NothingToCombine(agency, wanted.period.year)
    return get_or_open(by, wanted.period, kind=Kind.COMBINED, agency=agency)


def _check_restating(wanted: Wanted) -> None:
    if wanted.kind not in RESTATED:
        raise BoundariesFixed
    if area_today(wanted.plan, timezone.localdate()) is None:
        raise SameBoundaries(wanted.plan)
