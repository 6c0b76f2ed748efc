"""Approving many reports at once: shown before it is done, and a way back for whoever did it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from facilities.permissions import Permission, facilities_for, grants_anywhere
from facilities.text import as_key, printable
from indicators.actions import submissions
from indicators.actions.sending_back import send_back_many
from indicators.forms import as_version
from indicators.models import Submission
from indicators.presenters.review import approval_of, review_rows
from indicators.views.addresses import back_to

Status = Submission.Status


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Show the ticked submissions (`id:version seen`) that would be approved; approve them with `sure`.

    Only those still waiting as they were on the page count. `only` = `clean` leaves out those with a warning
    that no station has explained.
    """
    seen = _seen_versions(request.POST.getlist("submission"))
    chosen = list(_own(request).filter(pk__in=seen))
    if len(chosen) != len(seen):
        raise Http404
    if not chosen:
        messages.warning(request, _("Chưa chọn báo cáo nào."))
        return redirect(back_to(request, reverse("submissions:review")))
    if "sure" not in request.POST:
        if waiting := _waiting(chosen, seen):
            return _ask(request, waiting, passed=len(chosen) - len(waiting))
    elif request.POST.get("only") == "clean":
        # What changed meanwhile is no more waiting: it is passed over with the words for that, whatever it holds now.
        warned = {row.submission.pk for row in approval_of(_waiting(chosen, seen)).warned}
        chosen = [one for one in chosen if one.pk not in warned]
    _tell(request, submissions.approve_many(submissions=chosen, by=request.user, seen=seen))
    return redirect(back_to(request, reverse("submissions:review")))


@require_http_methods(["GET", "HEAD", "POST"])
def approved(request: HttpRequest) -> HttpResponse:
    """What the person approved at the moment `at` and may still send back; POST sends the ticked ones back."""
    if Permission.REVIEW_SUBMISSION not in grants_anywhere(request.user, [Permission.REVIEW_SUBMISSION]):
        raise Http404
    at = _moment(request.POST.get("at", "") or request.GET.get("at", ""))
    own = _own(request).filter(decided_by=request.user, decided_at=at, status=Status.APPROVED) if at else None
    found = list(own.order_by("period", "facility__code", "form__code")) if own is not None else []
    if not found:
        messages.info(request, _("Không còn báo cáo nào của lần duyệt này để trả lại."))
        return redirect("submissions:review")
    reason, problem = printable(request.POST.get("reason", "")).strip(), ""
    ticked = _seen_versions(request.POST.getlist("submission"))
    if request.method == "POST":
        problem = _problem(ticked, reason)
        if not problem:
            return _sent_back(request, found, ticked, reason)
    context = {
        "rows": review_rows(found),
        "at": at,
        "reason": reason,
        "problem": problem,
        "ticked": ticked if request.method == "POST" else {one.pk: one.version for one in found},
    }
    return render(request, "submissions/approved_list.html", context, status=422 if problem else 200)


def _own(request: HttpRequest) -> QuerySet[Submission]:
    mine = facilities_for(request.user, Permission.REVIEW_SUBMISSION)
    return Submission.objects.filter(facility__in=mine).select_related("facility", "form", "submitted_by")


def _waiting(chosen: list[Submission], seen: dict[int, int]) -> list[Submission]:
    """Those that still wait as they were on the page."""
    return [one for one in chosen if one.status == Status.SUBMITTED and one.version == seen[one.pk]]


def _ask(request: HttpRequest, waiting: list[Submission], *, passed: int) -> HttpResponse:
    context = {
        "approval": approval_of(waiting),
        "passed": passed,
        "back": back_to(request, reverse("submissions:review")),
    }
    return render(request, "submissions/approve_confirm.html", context)


def _tell(request: HttpRequest, decided: submissions.Decided) -> None:
    n, passed = len(decided.approved), len(decided.skipped)
    if n:
        words = ngettext("Đã duyệt %(n)s báo cáo.", "Đã duyệt %(n)s báo cáo.", n) % {"n": n}
        at = urlencode({"at": decided.approved[0].decided_at.isoformat()})
        address = f"{reverse('submissions:approved')}?{at}"
        link = format_html('{} <a href="{}">{}</a>', words, address, _("Duyệt nhầm? Xem lại, trả lại"))
        messages.success(request, link)
    if decided.closed:
        words = _("%(n)s báo cáo thuộc kỳ đã khóa nên chưa duyệt.")
        messages.warning(request, words % {"n": len(decided.closed)})
    if passed:
        words = _("%(n)s báo cáo đã thay đổi sau khi mở trang này nên chưa duyệt. Xem lại từng báo cáo.")
        messages.warning(request, words % {"n": passed})


def _problem(ticked: dict[int, int], reason: str) -> str:
    if not ticked:
        return _("Chưa chọn báo cáo nào.")
    return "" if reason else str(submissions.ReasonMissing())


def _sent_back(
    request: HttpRequest, found: list[Submission], seen: dict[int, int], reason: str
) -> HttpResponse:
    """Send back what was ticked; what somebody decided anew meanwhile is no longer among the `found`, and is told."""
    chosen = [one for one in found if one.pk in seen]
    done, passed = send_back_many(submissions=chosen, by=request.user, reason=reason, seen=seen)
    unsent = len(passed) + len(seen) - len(chosen)
    if done:
        words = ngettext("Đã trả lại %(n)s báo cáo.", "Đã trả lại %(n)s báo cáo.", len(done))
        messages.success(request, words % {"n": len(done)})
    if unsent:
        words = _("%(n)s báo cáo đã thay đổi hoặc thuộc kỳ đã khóa nên chưa trả lại.")
        messages.warning(request, words % {"n": unsent})
    return redirect("submissions:review")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
        return found.astimezone(UTC) if found and is_aware(found) else None
    except (ValueError, OverflowError):
        return None


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
