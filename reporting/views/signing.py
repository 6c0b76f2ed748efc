"""Pages that sign a report and show what its signatures are worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from facilities.permissions import Permission, has_permission
from facilities.text import as_key
from reporting.actions.signing import sign_as_person, sign_for_agency, signed_name
from reporting.actions.signing_refusals import NobodyNamed, OtherName
from reporting.models import Report, ReportFile, Snapshot
from reporting.presenters.left_open import is_unnumbered, left_open
from reporting.presenters.reports import entry
from reporting.presenters.signing import signing_of
from reporting.presenters.tabs import tabs
from reporting.signatures import SigningError
from reporting.signatures.keys import KeyProblem, WrongPassword
from reporting.signatures.pictures import PictureProblem
from reporting.signing_forms import SigningForm
from reporting.views.access import file_is_lost, get_report_or_404

View = Callable[..., HttpResponse]


def uploads_in_memory(view: View) -> View:
    """Keep uploaded files in memory: a key must not touch the disk. A larger request comes without its files.

    The handlers are set before anything reads the form, so the check of the page's token comes after.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.upload_handlers = [MemoryFileUploadHandler(request)]
        return csrf_protect(view)(request, *args, **kwargs)

    return wrapped


@require_GET
def signing(request: HttpRequest, pk: int) -> HttpResponse:
    """The signatures of the newest snapshot, or with `?number=` of an earlier one, and what is to be signed."""
    report = get_report_or_404(request.user, pk)
    number = request.GET.get("number", "")
    if number and as_key(number) is None:
        raise Http404
    return _page(request, report, _snapshot(report, as_key(number)))


@uploads_in_memory
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign with the key that comes with the form."""
    if request.method == "GET":
        return redirect("reports:signing", pk=get_report_or_404(request.user, pk).pk)
    report = get_report_or_404(request.user, pk, Permission.SIGN_REPORT)
    form = SigningForm(request.POST, request.FILES)
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.add_error(None, _("Các tệp gửi lên quá lớn. Tệp khoá chỉ vài kB, ảnh không quá 1 MB."))
    if not form.is_valid():
        return _page(request, report, _snapshot(report), form)
    given = form.cleaned_data
    snapshot = _snapshot(report, given["number"])
    if left_open(snapshot.data) and not given["unfinished"]:
        form.add_error("unfinished", _("Văn bản còn chỗ để trống. Điền rồi chốt lại, hoặc đánh dấu ô này."))
        return _page(request, report, snapshot, form)
    try:
        sign_as_person(
            snapshot=snapshot,
            data=given["key"],
            password=given["password"],
            picture=given["picture"],
            other_name=given["other_name"],
            by=request.user,
        )
    except SigningError as error:
        form.add_error(_field_of(error), str(error))
        return _page(request, report, _snapshot(report), form)
    messages.success(request, _("Đã ký. Tệp đã ký ở bên dưới; tệp chưa ký vẫn được giữ."))
    return redirect("reports:signing", pk=report.pk)


@require_http_methods(["GET", "POST"])
def sign_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign with the agency's key that the server holds."""
    if request.method == "GET":
        return redirect("reports:signing", pk=get_report_or_404(request.user, pk).pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    number = as_key(request.POST.get("number", ""))
    if number is None:
        raise Http404
    try:
        sign_for_agency(snapshot=_snapshot(report, number), by=request.user)
    except SigningError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Cơ quan đã ký. Văn bản có đủ hai chữ ký."))
    return redirect("reports:signing", pk=report.pk)


@require_GET
def signed_file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The PDF of a snapshot with all its signatures; the report, which says so, where it is lost."""
    report = get_report_or_404(request.user, pk)
    snapshot = next((one for one in report.snapshots.all() if one.number == number), None)
    pdf = next((one for one in snapshot.files.all() if one.last_signature), None) if snapshot else None
    if pdf is None:
        raise Http404
    if not pdf.file.storage.exists(pdf.last_signature.signed.name):
        return file_is_lost(request, report)
    pdf.snapshot = snapshot
    return FileResponse(
        pdf.last_signature.signed.open("rb"),
        as_attachment=True,
        filename=signed_name(pdf),
        content_type="application/pdf",
    )


def _field_of(error: SigningError) -> str | None:
    """The field the refusal speaks of."""
    fields = {
        OtherName: "other_name",
        NobodyNamed: "other_name",
        PictureProblem: "picture",
        WrongPassword: "password",
        KeyProblem: "key",
    }
    return next((name for kind, name in fields.items() if isinstance(error, kind)), None)


def _snapshot(report: Report, number: int | None = None) -> Snapshot | None:
    """The snapshot with what it froze; the newest without a number. None where nothing is frozen yet."""
    frozen = Snapshot.objects.filter(report=report).prefetch_related("files__signatures").order_by("-number")
    found = frozen.filter(number=number).first() if number is not None else frozen.first()
    if found is None and number is not None:
        raise Http404
    if found:
        found.report = report
    return found


def _page(
    request: HttpRequest, report: Report, snapshot: Snapshot | None, form: SigningForm | None = None
) -> HttpResponse:
    shown = signing_of(report, snapshot) if snapshot else None
    may_sign = has_permission(request.user, Permission.SIGN_REPORT, report.area)
    context = {
        "report": report,
        "entry": entry(report),
        "tabs": tabs(report, "reports:signing"),
        "signing": shown,
        "snapshot": snapshot,
        "pdf_format": ReportFile.Format.PDF,
        "left_open": left_open(snapshot.data) if snapshot else [],
        "is_unnumbered": bool(snapshot) and is_unnumbered(snapshot.data),
        "can_sign": bool(shown and shown.waits_for_person and may_sign),
        "can_sign_agency": bool(shown and shown.waits_for_agency and report.can_prepare),
        "form": form or SigningForm(initial={"number": snapshot.number if snapshot else None}),
    }
    status = 422 if form is not None else 200
    return render(request, "reporting/signing.html", context, status=status)
