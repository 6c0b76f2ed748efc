"""Reviewing what stations submitted: one by one or many at once, back with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from facilities.periods import InvalidPeriod, parse_period
from facilities.permissions import Permission, facilities_for, grants_anywhere
from facilities.text import fold
from indicators.actions import submissions
from indicators.models import Form, Submission
from indicators.presenters.deadlines import first_asked
from indicators.presenters.periods import period_options
from indicators.presenters.review import SubmissionQuery, review_rows
from indicators.views.access import get_submission_or_404

PAGE_SIZE = 50
ALL = "all"


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Submissions of the person's facilities; those waiting for a decision, the oldest first, by default."""
    held = grants_anywhere(request.user, [Permission.VIEW_SUBMISSION, Permission.REVIEW_SUBMISSION])
    if Permission.VIEW_SUBMISSION not in held:
        raise Http404
    today = timezone.localdate()
    asked = _asked(request.GET)
    page = Paginator(_found(request, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": review_rows(list(page.object_list)),
        "total": page.paginator.count,
        "asked": asked,
        "check": request.GET.get("check", ""),
        "periods": period_options(first_asked(today), today),
        "forms": _form_names(),
        "statuses": Submission.Status.choices,
        "can_review": Permission.REVIEW_SUBMISSION in held,
        "can_approve": Permission.REVIEW_SUBMISSION in held and asked.status == Submission.Status.SUBMITTED,
    }
    return render(request, "submissions/review_list.html", context)


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Approve the ticked submissions that are still waiting."""
    ids = request.POST.getlist("submission")
    if not all(text.isascii() and text.isdigit() for text in ids):
        raise Http404
    mine = facilities_for(request.user, Permission.REVIEW_SUBMISSION)
    chosen = list(Submission.objects.filter(pk__in=ids, facility__in=mine).select_related("facility", "form"))
    if len(chosen) != len(set(ids)):
        raise Http404
    if not chosen:
        messages.warning(request, _("Chưa chọn báo cáo nào."))
        return redirect(_next(request))
    decided = submissions.approve_many(submissions=chosen, by=request.user)
    n, passed = len(decided.approved), len(decided.skipped)
    messages.success(request, ngettext("Đã duyệt %(n)s báo cáo.", "Đã duyệt %(n)s báo cáo.", n) % {"n": n})
    if passed:
        words = _("%(n)s báo cáo không còn chờ duyệt nên được bỏ qua.")
        messages.warning(request, words % {"n": passed})
    return redirect(_next(request))


@require_POST
def decide(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Approve one submission, or send it back with a reason; `action` is `approve` or `send-back`."""
    key = (facility, form, period)
    submission = get_submission_or_404(request.user, Permission.REVIEW_SUBMISSION, key)
    try:
        if request.POST.get("action") == "approve":
            submissions.approve(submission=submission, by=request.user)
            messages.success(request, _("Đã duyệt %(submission)s.") % {"submission": submission})
            return redirect("submissions:review")
        reason = request.POST.get("reason", "")
        submissions.send_back(submission=submission, by=request.user, reason=reason)
        messages.success(request, _("Đã trả lại %(submission)s.") % {"submission": submission})
        return redirect("submissions:review")
    except (submissions.InvalidTransition, submissions.ReasonMissing) as error:
        messages.error(request, str(error))
        return redirect("submissions:form", *key)


def _asked(query: QueryDict) -> SubmissionQuery:
    """Read the filters; a period or status that does not exist reads as not found."""
    status = query.get("status", Submission.Status.SUBMITTED)
    if status != ALL and status not in Submission.Status.values:
        raise Http404
    text = query.get("period", "")
    try:
        period = parse_period(text, yearly=len(text) == 4) if text else None
    except InvalidPeriod as error:
        raise Http404 from error
    return SubmissionQuery(
        status="" if status == ALL else status,
        period_text=text,
        period=period,
        yearly=len(text) == 4,
        form=query.get("form", ""),
        search=query.get("q", "").strip(),
    )


def _found(request: HttpRequest, asked: SubmissionQuery) -> object:
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


def _form_names() -> list[tuple[str, str]]:
    """Code and name of every form, the newest version's name. One query."""
    newest = {form.code: form.label for form in Form.objects.order_by("code", "valid_from")}
    return list(newest.items())


def _next(request: HttpRequest) -> str:
    """Back to the list as it was filtered, if that is a page of this site."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return reverse("submissions:review")
