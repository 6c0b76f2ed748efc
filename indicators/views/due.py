"""What is due: for a station everything it still owes, for staff what a period still lacks."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.models import Role, User
from facilities.permissions import Permission, facilities_for, grants_anywhere, has_role
from indicators.deadlines import begun_beside, first_asked, owed_for, owed_since
from indicators.presenters.due import due_rows
from indicators.presenters.periods import period_options
from indicators.views.owner import says_whose
from indicators.views.periods import period_or_404

PAGE_SIZE = 50


@require_safe
@says_whose
def due(request: HttpRequest) -> HttpResponse:
    """A clerk's own list runs over all periods; with `?period=` or without an own station, over one."""
    user, today = request.user, timezone.localdate()
    if not grants_anywhere(user, [Permission.VIEW_SUBMISSION]):
        raise Http404
    own = has_role(user, Role.CLERK)
    first = first_asked(today)
    period_text = request.GET.get("period", "")
    options = period_options(first, today)
    if not own and not period_text:
        period_text = options[0].value
    permission = Permission.EDIT_SUBMISSION if own else Permission.VIEW_SUBMISSION
    facilities = facilities_for(user, permission)
    if period_text:
        period, yearly = period_or_404(period_text)
        owed = owed_for(facilities, period, yearly=yearly)
    else:
        owed = {
            one.key: one
            for one in begun_beside(facilities, first, today) + owed_since(facilities, first, today)
        }.values()
    stations = {one.facility.pk: one.facility for one in owed}
    rows = due_rows(owed, today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "total": len(rows),
        "owed": len(owed),
        "late": sum(row.is_late for row in rows),
        "is_own": own,
        "station": next(iter(stations.values())) if own and len(stations) == 1 else None,
        "may_excuse": _may_excuse(user),
        "several": len({row.owed.facility.pk for row in rows}) > 1,
        "periods": options,
        "period": period_text,
    }
    return render(request, "submissions/due_list.html", context)


def _may_excuse(user: User) -> bool:
    """Whether the person may say why something is not filed; each row's page asks again for its facility."""
    return bool(grants_anywhere(user, [Permission.EDIT_SUBMISSION, Permission.REVIEW_SUBMISSION]))
