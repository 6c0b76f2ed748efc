"""What stations submitted, listed for review."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.permissions import Permission, facilities_for, grants_anywhere
from facilities.text import fold
from indicators.deadlines import first_asked
from indicators.models import Form, Submission
from indicators.presenters.choices import form_options
from indicators.presenters.corrections import open_corrections
from indicators.presenters.periods import period_options
from indicators.presenters.review import CHECKED_AT_ONCE, SubmissionQuery, review_rows, with_findings
from indicators.views.periods import period_or_404

PAGE_SIZE, PAGE_OF_CHECKED = 50, 200
ALL = "all"


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Submissions of the person's facilities; those waiting for a decision, the oldest first, by default."""
    held = grants_anywhere(request.user, [Permission.VIEW_SUBMISSION, Permission.REVIEW_SUBMISSION])
    if Permission.VIEW_SUBMISSION not in held:
        raise Http404
    today = timezone.localdate()
    asked = _asked(request.GET)
    found = _found(request, asked)
    too_many = asked.warned and found.count() > CHECKED_AT_ONCE
    if asked.warned and not too_many:
        found = with_findings(found)
    check = request.GET.get("check", "")
    size = PAGE_OF_CHECKED if check else PAGE_SIZE
    page = Paginator(found, size).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": review_rows(list(page.object_list)),
        "total": page.paginator.count,
        "asked": asked,
        "too_many": too_many,
        "check": check,
        "periods": period_options(first_asked(today), today),
        "forms": form_options(facilities_for(request.user, Permission.VIEW_SUBMISSION)),
        "statuses": Submission.Status.choices,
        "can_review": Permission.REVIEW_SUBMISSION in held,
        "corrections": open_corrections(request.user).count() if Permission.REVIEW_SUBMISSION in held else 0,
        "can_approve": Permission.REVIEW_SUBMISSION in held and asked.status == Submission.Status.SUBMITTED,
    }
    return render(request, "submissions/review_list.html", context)


def _asked(query: QueryDict) -> SubmissionQuery:
    """Read the filters; a period or status that does not exist reads as not found."""
    status = query.get("status", Submission.Status.SUBMITTED)
    if status != ALL and status not in Submission.Status.values:
        raise Http404
    text = query.get("period", "")
    period, yearly = period_or_404(text) if text else (None, False)
    return SubmissionQuery(
        status="" if status == ALL else status,
        period_text=text,
        period=period,
        yearly=yearly,
        form=query.get("form", ""),
        search=query.get("q", "").strip(),
        warned=query.get("warned") == "1",
    )


def _found(request: HttpRequest, asked: SubmissionQuery) -> QuerySet[Submission]:
    found = Submission.objects.filter(
        facility__in=facilities_for(request.user, Permission.VIEW_SUBMISSION)
    ).select_related("facility", "form", "submitted_by")
    if asked.status:
        found = found.filter(status=asked.status)
    if asked.period:
        kind = Form.Periodicity.YEAR if asked.yearly else Form.Periodicity.MONTH
        found = found.filter(period=asked.period, form__periodicity=kind)
    if asked.form:
        found = found.filter(form__code=asked.form)
    if asked.search:
        found = found.filter(facility__folded_name__contains=fold(asked.search))
    return found.order_by("period", "facility__code", "form__code")
