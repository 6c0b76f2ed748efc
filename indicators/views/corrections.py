"""Proposals to correct an approved submission: made, listed, accepted, refused, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from facilities.permissions import Permission, facilities_for, grants_anywhere
from facilities.text import printable
from indicators.actions.corrections import (
    CorrectionRefused,
    accept_correction,
    propose_correction,
    refuse_correction,
    withdraw_correction,
)
from indicators.actions.figures import FigureError
from indicators.actions.submissions import ChangedSince, InvalidTransition
from indicators.expressions import Cell
from indicators.forms import TypedCell, as_version, read_cells
from indicators.models import Correction, Submission
from indicators.presenters.corrections import field_rows, listed, proposed_cells, touched
from indicators.presenters.periods import period_words
from indicators.views.access import Place, get_facility_or_404, get_place_or_404

PAGE_SIZE = 50
ALL = "all"
REFUSALS = (CorrectionRefused, InvalidTransition, FigureError, ChangedSince)


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Proposals of the person's facilities; those that wait by default, the oldest first."""
    held = grants_anywhere(request.user, [Permission.VIEW_SUBMISSION])
    if not held:
        raise Http404
    status = request.GET.get("status", Correction.Status.PROPOSED)
    if status != ALL and status not in Correction.Status.values:
        raise Http404
    found = Correction.objects.filter(
        submission__facility__in=facilities_for(request.user, Permission.VIEW_SUBMISSION)
    )
    if status != ALL:
        found = found.filter(status=status)
    found = found.select_related("submission__facility", "submission__form", "proposed_by")
    found = found.annotate(n_cells=Count("cells")).order_by("proposed_at", "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": listed(page.object_list),
        "total": page.paginator.count,
        "status": status,
        "statuses": Correction.Status.choices,
    }
    return render(request, "submissions/correction_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Ask for other values in an approved submission; what can not be read or taken stays in its field."""
    owner = get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION)
    if not (owner.can_edit or owner.can_review):
        raise Http404
    place = get_place_or_404(owner, form, period)
    if place.submission is None:
        raise Http404
    if request.method == "POST":
        return _proposed(request, place)
    if place.submission.status != Submission.Status.APPROVED:
        messages.error(request, str(InvalidTransition(place.submission)))
        return redirect("submissions:form", *place.key)
    waiting = place.submission.corrections.filter(status=Correction.Status.PROPOSED).first()
    if waiting:
        return redirect("submissions:correction", waiting.pk)
    return _propose_page(request, place)


def _proposed(request: HttpRequest, place: Place) -> HttpResponse:
    typed, seen = read_cells(request.POST), as_version(request.POST.get("version", ""))
    if any(one.state is None for one in typed.values()):
        problem = _("Chưa gửi đề nghị: có ô chưa đọc được.")
        return _propose_page(request, place, typed=typed, seen=seen, problem=problem, status=422)
    try:
        correction = propose_correction(
            submission=place.submission,
            cells={cell: one.state for cell, one in typed.items()},
            reason=printable(request.POST.get("reason", "")),
            by=request.user,
            seen=seen,
        )
    except ChangedSince as error:
        # Who left a cell as it was does not ask for its old value back.
        problem = _("Chưa gửi đề nghị. %(words)s") % {"words": error}
        typed, seen = touched(place.submission, typed, seen), place.submission.version
        return _propose_page(request, place, typed=typed, seen=seen, problem=problem, status=409)
    except REFUSALS as error:
        problem = _("Chưa gửi đề nghị. %(words)s") % {"words": error}
        return _propose_page(request, place, typed=typed, seen=seen, problem=problem, status=409)
    messages.success(request, _("Đã gửi đề nghị đính chính. Số liệu đổi khi người duyệt chấp nhận."))
    return redirect("submissions:correction", correction.pk)


def _propose_page(
    request: HttpRequest,
    place: Place,
    *,
    typed: dict[Cell, TypedCell] | None = None,
    seen: int | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form; `seen` is the version its values were first shown at, that of now unless it says another."""
    rows = field_rows(place.submission, typed)
    context = {
        "place": place,
        "version": place.submission.version if seen is None else seen,
        "period": period_words(place.period, yearly=place.form.is_yearly),
        "rows": rows,
        "unread": [row for row in rows if row.error],
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "submissions/correction_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal; on POST `action` is `accept`, `refuse` or `withdraw`, `answer` what is said to it."""
    found = (
        Correction.objects.filter(
            pk=pk, submission__facility__in=facilities_for(request.user, Permission.VIEW_SUBMISSION)
        )
        .select_related("submission__facility", "submission__form", "proposed_by", "decided_by")
        .first()
    )
    if found is None:
        raise Http404
    if request.method == "POST":
        return _decided(request, found)
    return _correction_page(request, found)


def _decided(request: HttpRequest, found: Correction) -> HttpResponse:
    action, answer = request.POST.get("action", ""), printable(request.POST.get("answer", ""))
    try:
        if action == "accept":
            accept_correction(correction=found, by=request.user, answer=answer)
            words = _("Đã chấp nhận; số liệu mới vào kết quả.")
        elif action == "refuse":
            refuse_correction(correction=found, by=request.user, answer=answer)
            words = _("Đã trả lời: không chấp nhận. Số liệu giữ nguyên.")
        elif action == "withdraw":
            withdraw_correction(correction=found, by=request.user)
            words = _("Đã rút đề nghị.")
        else:
            raise Http404
    except PermissionDenied as error:
        raise Http404 from error
    except REFUSALS as error:
        found.refresh_from_db()
        return _correction_page(request, found, problem=str(error), answer=answer, status=409)
    messages.success(request, words)
    return redirect("submissions:correction", found.pk)


def _correction_page(
    request: HttpRequest, found: Correction, *, problem: str = "", answer: str = "", status: int = 200
) -> HttpResponse:
    submission = found.submission
    is_open = found.status == Correction.Status.PROPOSED
    is_own = found.proposed_by_id == request.user.pk
    mine = facilities_for(request.user, Permission.REVIEW_SUBMISSION)
    may_review = is_open and not is_own and mine.filter(pk=submission.facility_id).exists()
    context = {
        "correction": found,
        "submission": submission,
        "period": period_words(submission.period, yearly=submission.form.is_yearly),
        "cells": proposed_cells(found),
        "is_open": is_open,
        "can_decide": may_review,
        "can_withdraw": is_open and is_own,
        "problem": problem,
        "answer": answer,
    }
    return render(request, "submissions/correction_detail.html", context, status=status)
