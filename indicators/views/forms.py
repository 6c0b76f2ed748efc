"""The form of a facility for a period: typing, saving, submitting; read-only once it is submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import get_callable
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from facilities import kept
from facilities.permissions import Permission
from facilities.sign_in import ask_to_sign_in
from facilities.text import as_key
from indicators.actions import submissions
from indicators.actions.figures import Conflict, FigureError, StaleVersion, save_sheet
from indicators.actions.notes import Notes, notes_of, write_changed_notes, write_notes
from indicators.actions.nothing import take_back
from indicators.expressions import Cell
from indicators.forms import (
    TypedCell,
    as_typed,
    read_cells,
    read_choices,
    read_moment,
    read_notes,
    read_version,
)
from indicators.models import CellNote, Submission
from indicators.presenters.package import package_of
from indicators.presenters.periods import period_words
from indicators.presenters.sheet import reason_beside, sheet_of
from indicators.presenters.standing import standing_of
from indicators.values import CellValue
from indicators.views.access import Place, get_facility_or_404, get_place_or_404, get_submission_or_404
from indicators.views.addresses import list_left
from indicators.views.asking import remark_of, submitted, what_to_ask
from indicators.views.owner import says_whose
from indicators.views.tokens import has_wrong_token


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@says_whose
def form_page(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Show the form; on POST `action` is `save`, `submit`, or `fill-<section id>`.

    Signing in and the request's token are checked here and not by middleware, so that what was typed
    outlives a session that ended: nothing is saved then, and the typing is shown again to its owner alone.
    """
    if not request.user.is_authenticated:
        owner = kept.posted_by(request) if request.method == "POST" else None
        if owner is None:
            return redirect_to_login(request.get_full_path())
        return ask_to_sign_in(request, owner)
    if request.method == "POST":
        return _posted(request, facility, form, period)
    place = get_place_or_404(
        get_facility_or_404(request.user, facility, Permission.VIEW_SUBMISSION), form, period
    )
    fields = kept.take(request)
    return render_page(request, place) if fields is None else _kept(request, place, fields)


def _posted(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    old_token = has_wrong_token(request)
    if old_token and kept.posted_by(request) != request.user.pk:
        return get_callable(settings.CSRF_FAILURE_VIEW)(request, reason="")
    place = get_place_or_404(
        get_facility_or_404(request.user, facility, Permission.EDIT_SUBMISSION), form, period
    )
    if old_token:
        return _kept(request, place, request.POST)
    typed = read_cells(request.POST)
    action = request.POST.get("action", "save")
    if action.startswith("fill-"):
        return _filled(request, place, typed, action.removeprefix("fill-"))
    return _saved(request, place, typed, submit=action == "submit")


def _kept(request: HttpRequest, place: Place, fields: QueryDict) -> HttpResponse:
    """The form with what was typed before the session ended; nothing of it is saved."""
    problem = _("Chưa lưu. Phiên làm việc đã đổi; số liệu vừa gõ còn ở dưới: xem lại rồi bấm Lưu.")
    return render_page(
        request,
        place,
        typed=read_cells(fields),
        noted=read_notes(fields),
        version=read_version(fields),
        problem=problem,
    )


@require_POST
def recall(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Take back what was submitted and not yet decided, to correct it."""
    key = (facility, form, period)
    submission = get_submission_or_404(request.user, Permission.EDIT_SUBMISSION, key)
    try:
        take_back(submission=submission, by=request.user)
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
        submission = _save(request, place, cells, {cell: one.text for cell, one in wrong.items()})
    except StaleVersion as error:
        clashes = {"conflicts": error.conflicts, "seen": error.submission.version}
        return _unsaved(request, place, typed, status=409, problem=str(error), **clashes)
    except FigureError as error:
        return _unsaved(request, place, typed, status=409, problem=str(error))
    place = Place(place.facility, place.form, place.period, submission)
    if wrong:
        return render_page(
            request, place, status=422, typed=wrong, problem=_unread(len(wrong), submit=submit)
        )
    if not submit:
        messages.success(request, _("Đã lưu. Chưa nộp."))
        return redirect("submissions:form", *place.key)
    if asked := what_to_ask(request, place):
        return render_page(request, place, remark=remark_of(request), **asked)
    return submitted(request, place)


def _unread(n: int, *, submit: bool) -> str:
    words = ngettext(
        "Đã lưu các ô khác. Còn %(n)s ô chưa đọc được: chữ ở ô đó được giữ lại để sửa, chưa tính là số liệu.",
        "Đã lưu các ô khác. Còn %(n)s ô chưa đọc được: chữ ở ô đó được giữ lại để sửa, chưa tính là số liệu.",
        n,
    ) % {"n": n}
    return _("Chưa nộp. %(words)s") % {"words": words} if submit else words


@transaction.atomic
def _save(
    request: HttpRequest, place: Place, cells: dict[Cell, CellValue], texts: dict[Cell, str]
) -> Submission:
    """Save against the version the person saw; a cell chosen in a clash against the version then shown.

    `texts` of cells that can not be read, and notes, are kept with them.
    """
    chosen = read_choices(request.POST)
    save = partial(save_sheet, facility=place.facility, form=place.form, period=place.period, by=request.user)
    plain = {cell: state for cell, state in cells.items() if cell not in chosen}
    saved = save(cells=plain, expected_version=read_version(request.POST))
    submission = saved.submission
    mine = {cell: state for cell, state in cells.items() if chosen.get(cell) == "mine"}
    try:
        # The first save above may have moved the version on by one; its cells are not these.
        if mine:
            submission = save(cells=mine, expected_version=read_version(request.POST, "seen")).submission
    except StaleVersion as error:
        error.submission.version -= bool(saved.written)  # taken back with this transaction
        raise
    write_notes(submission=submission, kind=CellNote.Kind.TYPED, texts=texts, by=request.user)
    write_changed_notes(
        submission=submission,
        texts=read_notes(request.POST),
        shown=read_moment(request.POST),
        by=request.user,
    )
    return submission


def _filled(
    request: HttpRequest, place: Place, typed: Mapping[Cell, TypedCell], section: str
) -> HttpResponse:
    """Show the page again with 0 in the blank cells of one section; nothing is saved yet."""
    items = place.form.items.select_related("element", "group")
    key = as_key(section)
    chosen = items.none() if key is None else items.filter(section=key)
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
    if request.POST.get("action") == "submit":
        shown["problem"] = _("Chưa nộp. %(words)s") % {"words": shown["problem"]}
    return render_page(request, place, typed=typed, version=read_version(request.POST), **shown)


def render_page(
    request: HttpRequest,
    place: Place,
    *,
    status: int = 200,
    typed: Mapping[Cell, TypedCell] | None = None,
    noted: Mapping[Cell, str] | None = None,
    version: int | None = None,
    conflicts: Sequence[Conflict] = (),
    **shown: Any,
) -> HttpResponse:
    """Render the sheet as stored, with `typed` texts where they were typed; `version` where nothing was saved.

    `shown` may hold problem and filled (words); what `what_to_ask` says, with remark; seen (the version
    at which two people met); reason (of sending back).
    """
    submission = place.submission
    notes = notes_of(submission)
    is_open = submission is None or submission.is_open
    typed = as_typed(notes) if typed is None and is_open else typed
    if noted is None:
        noted = read_notes(request.POST) if version is not None else {}
    here = (place.facility, place.form, place.period, submission)
    sheet = sheet_of(*here, typed=typed, conflicts=conflicts, notes=notes, noted=noted)
    standing = standing_of(*here)
    # Texts that could not be saved stay editable, even where a colleague submitted in between.
    can_type = place.facility.can_edit and (is_open and not standing["closure"] or bool(typed))
    context = {
        **shown,
        **standing,
        "place": place,
        "submission": submission,
        "sheet": sheet,
        "sent_back_reason": reason_beside(sheet, submission.reason) if submission else "",
        "period": period_words(place.period, yearly=place.form.is_yearly),
        "is_unsaved": version is not None,
        "version": (submission.version if submission else 0) if version is None else version,
        # What was just saved has been seen.
        "shown": ((version is not None and read_moment(request.POST)) or place.at).isoformat(),
        "has_clash": bool(conflicts),
        "owner_mark": kept.owner_mark(request.user, request.path),
        "can_type": can_type,
        "can_declare_nothing": can_type and is_open and place.form.allows_nothing,
        "package": _package(request, place, notes) if can_type else None,
        "back": list_left(request),
    }
    return render(request, "submissions/submission_form.html", context, status=status)


def _package(request: HttpRequest, place: Place, notes: Notes) -> dict[str, Any]:
    """What the page's scripts work with; without them the form is plain HTML."""
    return package_of(
        facility=place.facility,
        form=place.form,
        period=place.period,
        submission=place.submission,
        user=request.user,
        can_type=place.submission is None or place.submission.is_open,
        notes=notes,
        at=place.at,
    )
