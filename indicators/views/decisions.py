"""Deciding on one submission: approved, or sent back with a reason for the whole and for single cells."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.permissions import Permission
from facilities.text import printable
from indicators.actions import submissions
from indicators.actions.figures import FigureError
from indicators.expressions import Cell
from indicators.forms import NOT_SEEN, as_version
from indicators.models import Submission
from indicators.presenters.events import changes_since, changes_text
from indicators.presenters.periods import report_words
from indicators.views.access import get_facility_or_404, get_place_or_404, get_submission_or_404
from indicators.views.addresses import back_to, keeping_list
from indicators.views.forms import render_page


@require_POST
def decide(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Approve one submission, or send it back with a reason; `action` is `approve` or `send-back`.

    `version` and `status` say what the person saw: where the submission moved on, nothing happens and the
    page names what changed. Sending back what is approved takes a tick of its own (`confirm`).
    """
    key = (facility, form, period)
    submission = get_submission_or_404(request.user, Permission.REVIEW_SUBMISSION, key)
    seen, reason = as_version(request.POST.get("version", "")), _reason(request)
    texts, ticked = _cell_reasons(request.POST)
    approving = request.POST.get("action") == "approve"
    try:
        words = _decide(request, submission, seen, approving=approving)
    except submissions.ChangedSince as error:
        problem = _what_changed(error.submission, seen)
    except (
        submissions.InvalidTransition,
        submissions.ReasonMissing,
        FigureError,
        Unconfirmed,
        Unexplained,
    ) as error:
        problem = str(error)
    else:
        messages.success(request, words % {"submission": report_words(submission)})
        return redirect(back_to(request, reverse("submissions:review")))
    if approving or not (reason.strip() or texts or ticked):
        messages.error(request, problem)
        return redirect(keeping_list(request, reverse("submissions:form", args=key)))
    # The reasons typed stay in their fields.
    owner = get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION)
    place = get_place_or_404(owner, form, period)
    kept = {"reason": reason, "cell_reasons": texts, "cells_ticked": dict.fromkeys(ticked, 1)}
    return render_page(request, place, status=409, problem=problem, **kept)


def _cell_reasons(posted: QueryDict) -> tuple[dict[Cell, str], list[Cell]]:
    """What is said of single cells (`c:B4.7:DTTS`), and the cells ticked (`t:B4.7:DTTS`)."""
    texts, ticked = {}, []
    for name in posted:
        kind, _colon, rest = name.partition(":")
        element, colon, group = rest.partition(":")
        if not colon:
            continue
        if kind == "c" and (text := printable(posted[name]).strip()):
            texts[element, group] = text
        elif kind == "t":
            ticked.append((element, group))
    return texts, ticked


def _decide(request: HttpRequest, submission: Submission, seen: int, *, approving: bool) -> str:
    """Decide as posted; return the words that say so. Raises what the actions raise, and Unconfirmed."""
    if approving:
        submissions.approve(submission=submission, by=request.user, seen=seen)
        return _("Đã duyệt %(submission)s.")
    status = request.POST.get("status", "")
    if status == Submission.Status.APPROVED and not request.POST.get("confirm"):
        raise Unconfirmed
    reason = _reason(request)
    texts, ticked = _cell_reasons(request.POST)
    # A cell ticked without words of its own is meant by the reason for the whole.
    cells = dict.fromkeys(ticked, reason) | texts
    if ticked and not all(text.strip() for text in cells.values()):
        raise Unexplained
    submissions.send_back(
        submission=submission,
        by=request.user,
        reason=reason,
        cells=cells,
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


class Unexplained(Exception):
    """A ticked cell says neither itself nor with the whole what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(
            _("Chưa trả lại: có ô đánh dấu mà chưa ghi lý do. Ghi lý do ở ô đó hoặc lý do chung.")
        )


def _what_changed(submission: Submission, seen: int) -> str:
    submission.refresh_from_db(fields=["status"])
    if submission.is_open:
        return _("Trạm đã lấy lại báo cáo để sửa sau khi bạn mở. Chờ trạm nộp lại.")
    changes = changes_since(submission, version=seen)
    if not changes or submission.version < seen or seen == NOT_SEEN:
        return _("Báo cáo đã thay đổi sau khi bạn mở. Xem lại rồi quyết định.")
    words = _("Trạm vừa sửa %(changes)s sau khi bạn mở. Xem lại rồi duyệt.")
    return words % {"changes": changes_text(changes)}
