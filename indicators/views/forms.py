"""The form of a facility for a period: typing, saving, submitting; read-only once it is submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from facilities.permissions import Permission
from indicators.actions import submissions
from indicators.actions.figures import Conflict, FigureError, StaleVersion, save_cells
from indicators.expressions import Cell
from indicators.forms import TypedCell, read_cells, read_choices, read_version
from indicators.models import DataValue, FormItem, Submission
from indicators.presenters.deadlines import deadline_of
from indicators.presenters.due import time_left
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import sheet_of
from indicators.values import CellValue
from indicators.views.access import Place, get_facility_or_404, get_place_or_404, get_submission_or_404

Status = Submission.Status


@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Show the form; on POST `action` is `save`, `submit`, or `fill-<section id>`."""
    posting = request.method == "POST"
    permission = Permission.EDIT_SUBMISSION if posting else Permission.VIEW_SUBMISSION
    place = get_place_or_404(get_facility_or_404(request.user, facility, permission), form, period)
    if not posting:
        return _page(request, place)
    typed = read_cells(request.POST)
    action = request.POST.get("action", "save")
    if action.startswith("fill-"):
        return _filled(request, place, typed, action.removeprefix("fill-"))
    return _saved(request, place, typed, submit=action == "submit")


@require_POST
def recall(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Take back what was submitted and not yet decided, to correct it."""
    key = (facility, form, period)
    submission = get_submission_or_404(request.user, Permission.EDIT_SUBMISSION, key)
    try:
        submissions.recall(submission=submission, by=request.user)
        messages.success(request, _("Đã lấy lại báo cáo. Sửa xong thì nộp lại."))
    except submissions.InvalidTransition as error:
        messages.error(request, str(error))
    return redirect("submissions:form", *key)


def _saved(
    request: HttpRequest, place: Place, typed: Mapping[Cell, TypedCell], *, submit: bool
) -> HttpResponse:
    """Save what can be read; what can not stays in its field and holds back submitting."""
    wrong = {cell: one for cell, one in typed.items() if one.state is None}
    cells = {cell: one.state for cell, one in typed.items() if one.state is not None}
    try:
        submission = _save(request, place, cells)
    except StaleVersion as error:
        clashes = {"conflicts": error.conflicts, "seen": error.submission.version}
        return _unsaved(request, place, typed, status=409, problem=str(error), **clashes)
    except FigureError as error:
        return _unsaved(request, place, typed, status=409, problem=str(error))
    place = Place(place.facility, place.form, place.period, submission)
    if wrong:
        words = ngettext(
            "Đã lưu các ô khác. Còn %(n)s ô chưa đọc được, chữ đã gõ vẫn giữ nguyên ở ô.",
            "Đã lưu các ô khác. Còn %(n)s ô chưa đọc được, chữ đã gõ vẫn giữ nguyên ở ô.",
            len(wrong),
        )
        return _page(request, place, status=422, typed=wrong, problem=words % {"n": len(wrong)})
    if not submit:
        messages.success(request, _("Đã lưu. Chưa nộp."))
        return redirect("submissions:form", *place.key)
    if not request.POST.get("blanks_seen") and (blanks := _blanks(submission)):
        return _page(request, place, blanks_asked=blanks)
    return _submitted(request, place)


@transaction.atomic
def _save(request: HttpRequest, place: Place, cells: dict[Cell, CellValue]) -> Submission:
    """Save against the version the person saw; a cell chosen in a clash against the version then shown."""
    kept = read_choices(request.POST)
    common: dict[str, Any] = {
        "facility": place.facility,
        "form": place.form,
        "period": place.period,
        "by": request.user,
    }
    plain = {cell: state for cell, state in cells.items() if cell not in kept}
    submission = save_cells(cells=plain, expected_version=read_version(request.POST), **common)
    mine = {cell: state for cell, state in cells.items() if kept.get(cell) == "mine"}
    if mine:
        # The first save above may have moved the version on by one; its cells are not these.
        submission = save_cells(cells=mine, expected_version=read_version(request.POST, "seen"), **common)
    return submission


def _submitted(request: HttpRequest, place: Place) -> HttpResponse:
    try:
        submissions.submit(submission=place.submission, by=request.user)
    except submissions.InvalidTransition as error:
        messages.error(request, str(error))
        return redirect("submissions:form", *place.key)
    words = {"form": place.form.label, "period": period_words(place.period, yearly=place.form.is_yearly)}
    messages.success(request, _("Đã nộp %(form)s, %(period)s.") % words)
    return redirect("submissions:due")


def _blanks(submission: Submission) -> int:
    """How many cells of the form are not yet entered."""
    entered = DataValue.objects.filter(submission=submission).exclude(value__isnull=True, no_data=False)
    return FormItem.objects.filter(form=submission.form).count() - entered.count()


def _filled(
    request: HttpRequest, place: Place, typed: Mapping[Cell, TypedCell], section: str
) -> HttpResponse:
    """Show the page again with 0 in the blank cells of one section; nothing is saved yet."""
    items = place.form.items.select_related("element", "group")
    chosen = items.filter(section=int(section)) if section.isascii() and section.isdigit() else items.none()
    zeros = {
        cell: TypedCell("0", False, CellValue(0))
        for item in chosen
        if (cell := (item.element.code, item.group.code)) in typed
        and typed[cell].state is not None
        and typed[cell].state.is_blank
    }
    words = ngettext(
        "Đã điền 0 vào %(n)s ô trống. Chưa lưu: kiểm tra rồi bấm Lưu, hoặc bỏ bằng cách mở lại biểu.",
        "Đã điền 0 vào %(n)s ô trống. Chưa lưu: kiểm tra rồi bấm Lưu, hoặc bỏ bằng cách mở lại biểu.",
        len(zeros),
    )
    return _unsaved(request, place, {**typed, **zeros}, status=200, filled=words % {"n": len(zeros)})


def _unsaved(
    request: HttpRequest, place: Place, typed: Mapping[Cell, TypedCell], **shown: Any
) -> HttpResponse:
    """The page again with every typed text, still measured against the version first seen."""
    return _page(request, place, typed=typed, version=read_version(request.POST), **shown)


def _page(
    request: HttpRequest,
    place: Place,
    *,
    status: int = 200,
    typed: Mapping[Cell, TypedCell] | None = None,
    version: int | None = None,
    conflicts: Sequence[Conflict] = (),
    **shown: Any,
) -> HttpResponse:
    """Render the sheet as stored, with `typed` texts where they were typed.

    `shown` may hold problem and filled (words), blanks_asked (cells still blank when submitting) and seen
    (the version at which two people met).
    """
    submission = place.submission
    stored_version = submission.version if submission else 0
    sheet = sheet_of(place.facility, place.form, place.period, submission, typed=typed, conflicts=conflicts)
    context = {
        **shown,
        **_standing(place),
        "place": place,
        "submission": submission,
        "sheet": sheet,
        "period": period_words(place.period, yearly=place.form.is_yearly),
        "version": stored_version if version is None else version,
        "has_clash": bool(conflicts),
        # Texts that could not be saved stay editable, even where a colleague submitted in between.
        "can_type": place.facility.can_edit and (submission is None or submission.is_open or bool(typed)),
    }
    return render(request, "submissions/submission_form.html", context, status=status)


def _standing(place: Place) -> dict[str, Any]:
    """Where the submission stands, and what this person may do with it."""
    submission, today = place.submission, timezone.localdate()
    deadline = deadline_of(place.form, place.period)
    is_open = submission is None or submission.is_open
    may_edit, may_review = place.facility.can_edit, place.facility.can_review
    status = submission.status if submission else ""
    return {
        "deadline": deadline,
        "time": time_left(deadline, today) if is_open else "",
        "is_late": is_open and deadline is not None and deadline < today,
        "last_change": submission and submission.changes.select_related("by").order_by("-at", "-id").first(),
        "can_recall": may_edit and status == Status.SUBMITTED,
        "can_approve": may_review and status == Status.SUBMITTED,
        "can_send_back": may_review and status in {Status.SUBMITTED, Status.APPROVED},
    }
