"""The doors of the entry page's scripts: sending changes, who is signed in, what to keep for offline use."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities.permissions import Permission, facilities_for
from indicators.actions import entry
from indicators.actions.figures import (
    FigureError,
    ImpossibleValue,
    NotDue,
    NotOpen,
    PeriodClosed,
    StaleVersion,
    UnknownCell,
)
from indicators.actions.nothing import NothingNotAllowed, check_nothing, declare_nothing
from indicators.actions.sheet_rows import sheet_rows
from indicators.actions.submissions import InvalidTransition
from indicators.cell_json import write_state
from indicators.early import early_words
from indicators.entry_batch import MOST_BYTES, InvalidBatch, read_batch
from indicators.expressions import cell_text
from indicators.presenters import offline
from indicators.presenters.periods import submitted_words
from indicators.presenters.sheet import sheet_of
from indicators.views.access import Place, get_facility_or_404, get_place_or_404, get_place_to_type_or_404
from indicators.views.owner import USER_HEADER, View
from indicators.views.tokens import has_wrong_token


def for_scripts(view: View) -> View:
    """Say in JSON what a page would answer with a redirect: sign in, another person, an old token, not found."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            get_token(request)  # signing in where they stand takes one
            return refusal(401, "sign_in", _("Phiên làm việc đã hết. Đăng nhập lại để gửi tiếp."))
        wanted = request.headers.get(USER_HEADER)
        if wanted is not None and wanted != str(request.user.pk):
            words = _("Đang đăng nhập bằng tài khoản khác (%(name)s). Số liệu gõ dở chưa gửi.")
            return refusal(403, "other_user", words % {"name": request.user.display_name})
        if request.method not in {"GET", "HEAD"} and has_wrong_token(request):
            get_token(request)
            return refusal(403, "csrf", _("Trang đã cũ. Gửi lại."))
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return refusal(404, "not_found", _("Không có biểu này, hoặc tài khoản không còn phụ trách."))
        except PermissionDenied:
            return refusal(403, "forbidden", _("Tài khoản không được nhập biểu này."))

    return guarded


def refusal(http: int, code: str, message: str, /, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, **more}, status=http)


@for_scripts
@require_http_methods(["POST"])
def sync(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Count one operation (docs/entry-protocol.md). The answer leaves after the transaction has ended."""
    place = get_place_to_type_or_404(request.user, (facility, form, period))
    try:
        batch = read_batch(_body(request))
        answer = entry.count_batch(
            facility=place.facility,
            form=place.form,
            period=place.period,
            batch=batch,
            by=request.user,
            begun=place.submission,
        )
    except InvalidBatch as error:
        words = _("Máy chủ không đọc được lần gửi này (%(field)s). Tải lại trang rồi thử lại.")
        return refusal(422, "invalid", words % {"field": error.field}, cells=list(error.cells))
    except entry.OperationDiffers as error:
        return refusal(422, "invalid", str(error), cells=[])
    except StaleVersion as error:
        return asked_to_choose(error, entry.others_of(sheet_rows(error.submission), batch))
    except FigureError as error:
        return refused_figures(error)
    except InvalidTransition as error:
        return refusal(409, "not_open", str(error), status=error.submission.status)
    if answer["submitted"]:
        messages.success(request, submitted_words(place.form, place.period))
    # After the transaction: a page whose reading began later holds what was stored.
    return JsonResponse(answer | {"at": timezone.now().isoformat()})


def _body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise InvalidBatch("size")
    try:
        return request.body
    except RequestDataTooBig as error:
        raise InvalidBatch("size") from error


def asked_to_choose(error: StaleVersion, others: dict[str, Any]) -> JsonResponse:
    """The cells two people wrote, for a choice; and those only somebody else did, as they stand now."""
    conflicts = [_conflict(conflict) for conflict in error.conflicts]
    plain = {cell: state for cell, state in others.items() if cell not in {one["cell"] for one in conflicts}}
    version = error.submission.version
    return refusal(409, "conflict", str(error), version=version, conflicts=conflicts, others=plain)


def refused_figures(error: FigureError) -> JsonResponse:
    """Why figures were not stored, as the protocol names it."""
    match error:
        case NotOpen():
            return refusal(409, "not_open", str(error), status=error.submission.status)
        case NotDue():
            return refusal(409, "not_due", str(error), status="")
        case UnknownCell():
            return refusal(422, "unknown_cell", str(error), cells=[cell_text(cell) for cell in error.cells])
        case ImpossibleValue():
            return refusal(422, "impossible", str(error), cells=[cell_text(cell) for cell in error.cells])
        case PeriodClosed():
            return refusal(409, "closed", str(error), status="")
    raise error


def _conflict(conflict: Any) -> dict[str, Any]:
    return {
        "cell": cell_text(conflict.cell),
        "before": write_state(conflict.before),
        "theirs": write_state(conflict.theirs),
        "yours": write_state(conflict.yours),
        "by": conflict.by,
        "at": timezone.localtime(conflict.at).isoformat() if conflict.at else None,
        "is_own": conflict.is_own,
    }


@for_scripts
@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Who is signed in, the version of the entry page's files, the server's clock; sets the token's cookie."""
    get_token(request)
    person = {"id": request.user.pk, "name": request.user.display_name}
    return JsonResponse({"user": person, "assets": offline.version(), "at": timezone.localtime().isoformat()})


@for_scripts
@require_safe
def due_forms(request: HttpRequest) -> HttpResponse:
    """The forms this person may have to type in the coming days: what a browser keeps for offline use."""
    facilities = facilities_for(request.user, Permission.EDIT_SUBMISSION)
    return JsonResponse({"forms": offline.forms_to_keep(facilities, timezone.localdate())})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of /submissions/, or with ENTRY_OFFLINE off one that removes itself and its caches."""
    template, context = "submissions/worker_off.js", None
    if settings.ENTRY_OFFLINE:
        template, context = "submissions/worker.js", offline.worker_context()
    answer = render(request, template, context, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_POST
def nothing(request: HttpRequest, facility: str, form: str, period: str) -> HttpResponse:
    """Report that nothing occurred; `sure` says that the person was asked."""
    place = get_place_or_404(
        get_facility_or_404(request.user, facility, Permission.EDIT_SUBMISSION), form, period
    )
    try:
        if request.POST.get("sure"):
            return _declared(request, place)
        check_nothing(form=place.form, submission=place.submission)
    except NothingNotAllowed as error:
        context = {"place": place, "problem": str(error)}
        return render(request, "submissions/nothing_confirm.html", context, status=422)
    sheet = sheet_of(place.facility, place.form, place.period, place.submission)
    context = {
        "place": place,
        "past": sheet.past,
        "rows": [row for section in sheet.sections for row in section.rows if row.has_past],
        "early": early_words(place.form, place.period, timezone.localdate()),
    }
    return render(request, "submissions/nothing_confirm.html", context)


def _declared(request: HttpRequest, place: Place) -> HttpResponse:
    try:
        submission = declare_nothing(
            facility=place.facility, form=place.form, period=place.period, by=request.user
        )
    except (FigureError, InvalidTransition) as error:
        messages.error(request, str(error))
        return redirect("submissions:form", *place.key)
    if submission.is_open:
        messages.warning(request, _("Đã điền 0. Còn ô là số hiện có cuối kỳ: nhập các ô đó rồi nộp."))
        return redirect("submissions:form", *place.key)
    messages.success(request, _("Đã nộp: không phát sinh."))
    return redirect("submissions:due")
