"""Reviewing what stations submitted: one by one or many at once, back with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
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
from facilities.text import as_key, fold, printable
from indicators.actions import submissions
from indicators.forms import NOT_SEEN, as_version
from indicators.models import Form, Submission
from indicators.presenters.deadlines import first_asked
from indicators.presenters.events import changes_since, changes_text
from indicators.presenters.periods import period_options
from indicators.presenters.review import SubmissionQuery, review_rows, with_findings
from indicators.views.access import get_facility_or_404, get_place_or_404, get_submission_or_404
from indicators.views.forms import render_page

PAGE_SIZE = 50
CHECKED_AT_ONCE = 1500  # more would take seconds to hold against their rules
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
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": review_rows(list(page.object_list)),
        "total": page.paginator.count,
        "asked": asked,
        "too_many": too_many,
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
    """Approve the ticked submissions (`id:version seen`) that are still waiting as they were on the page."""
    seen = _seen_versions(request.POST.getlist("submission"))
    mine = facilities_for(request.user, Permission.REVIEW_SUBMISSION)
    chosen = list(
        Submission.objects.filter(pk__in=seen, facility__in=mine).select_related("facility", "form")
    )
    if len(chosen) != len(seen):
        raise Http404
    if not chosen:
        messages.warning(request, _("Chưa chọn báo cáo nào."))
        return redirect(_next(request))
    decided = submissions.approve_many(submissions=chosen, by=request.user, seen=seen)
    n, passed = len(decided.approved), len(decided.skipped)
    if n:
        words = ngettext("Đã duyệt %(n)s báo cáo.", "Đã duyệt %(n)s báo cáo.", n)
        messages.success(request, words % {"n": n})
    if passed:
        words = _("%(n)s báo cáo đã thay đổi sau khi mở trang này nên chưa duyệt. Xem lại từng báo cáo.")
        messages.warning(request, words % {"n": passed})
    return redirect(_next(request))


def _seen_versions(texts: list[str]) -> dict[int, int]:
    """`12:3` reads as submission 12 seen at version 3; without a version it was not seen as it is."""
    seen: dict[int, int] = {}
    for text in texts:
        pk, _colon, version = text.partition(":")
        key = as_key(pk)
        if key is None:
            raise Http404
        seen[key] = as_version(version)
    return seen


@require_POST
def decide(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Approve one submission, or send it back with a reason; `action` is `approve` or `send-back`.

    `version` and `status` say what the person saw: where the submission moved on, nothing happens and the
    page names what changed. Sending back what is approved takes a tick of its own (`confirm`).
    """
    key = (facility, form, period)
    submission = get_submission_or_404(request.user, Permission.REVIEW_SUBMISSION, key)
    seen, reason = as_version(request.POST.get("version", "")), _reason(request)
    approving = request.POST.get("action") == "approve"
    try:
        words = _decide(request, submission, seen, approving=approving)
    except submissions.ChangedSince as error:
        problem = _what_changed(error.submission, seen)
    except (submissions.InvalidTransition, submissions.ReasonMissing, Unconfirmed) as error:
        problem = str(error)
    else:
        messages.success(request, words % {"submission": submission})
        return redirect("submissions:review")
    if approving or not reason.strip():
        messages.error(request, problem)
        return redirect("submissions:form", *key)
    # The reason typed stays in its field.
    owner = get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION)
    place = get_place_or_404(owner, form, period)
    return render_page(request, place, status=409, problem=problem, reason=reason)


def _decide(request: HttpRequest, submission: Submission, seen: int, *, approving: bool) -> str:
    """Decide as posted; return the words that say so. Raises what the actions raise, and Unconfirmed."""
    if approving:
        submissions.approve(submission=submission, by=request.user, seen=seen)
        return _("Đã duyệt %(submission)s.")
    status = request.POST.get("status", "")
    if status == Submission.Status.APPROVED and not request.POST.get("confirm"):
        raise Unconfirmed
    submissions.send_back(
        submission=submission,
        by=request.user,
        reason=_reason(request),
        seen=seen,
        seen_status=status,
    )
    return _("Đã trả lại %(submission)s.")


def _reason(request: HttpRequest) -> str:
    return printable(request.POST.get("reason", ""))


class Unconfirmed(Exception):
    """Taking an approved submission out of the results asks for a tick of its own."""

    def __init__(self) -> None:
        super().__init__(_("Chưa trả lại: báo cáo đã duyệt, cần đánh dấu xác nhận rồi bấm Trả lại."))


def _what_changed(submission: Submission, seen: int) -> str:
    submission.refresh_from_db(fields=["status"])
    if submission.is_open:
        return _("Trạm đã lấy lại báo cáo để sửa sau khi bạn mở. Chờ trạm nộp lại.")
    changes = changes_since(submission, version=seen)
    if not changes or submission.version < seen or seen == NOT_SEEN:
        return _("Báo cáo đã thay đổi sau khi bạn mở. Xem lại rồi quyết định.")
    words = _("Trạm vừa sửa %(changes)s sau khi bạn mở. Xem lại rồi duyệt.")
    return words % {"changes": changes_text(changes)}


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


def _form_names() -> list[tuple[str, str]]:
    """Code and name of every form, the newest version's name. One query."""
    newest = {form.code: form.label for form in Form.objects.order_by("code", "valid_from")}
    return list(newest.items())


def _next(request: HttpRequest) -> str:
    """Back to the list as it was filtered, if that is a page of this site."""
    target = request.POST.get("next", "")
    here = target.startswith("/")  # anything else `redirect` would take for the name of a view
    if here and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return reverse("submissions:review")
