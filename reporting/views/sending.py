"""Sending a document: the page, what is asked for there, the package for the exchange axis."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from facilities.permissions import Permission
from facilities.text import as_key
from reporting.actions.package import package, package_name
from reporting.actions.reports import ReportError
from reporting.actions.sending import request_deliveries, send_again, withdraw
from reporting.models import Delivery
from reporting.presenters.sending import limit_in_megabytes, recipient_book
from reporting.sending_forms import SendForm
from reporting.views.access import get_report_or_404
from reporting.views.sending_page import (
    chosen,
    issued_or_404,
    page_url,
    sending_page,
    to_page,
    writable,
)


@require_safe
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest snapshot's register and deliveries, or another one's with `?snapshot=`."""
    report = get_report_or_404(request.user, pk)
    return sending_page(request, report, chosen(report, as_key(request.GET.get("snapshot", ""))))


@require_http_methods(["GET", "POST"])
def send_document(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Have the document sent to the chosen recipients."""
    if request.method == "GET":
        return to_page(request, pk, number)
    report, snapshot = writable(request, pk, number)
    form = SendForm(request.POST, book=recipient_book(snapshot, timezone.localdate()))
    if not form.is_valid():
        return sending_page(request, report, snapshot, send=form)
    given = {key: form.cleaned_data[key] for key in ("recipients", "way", "days")}
    try:
        asked = request_deliveries(snapshot=snapshot, by=request.user, **given)
    except ReportError as error:
        form.add_error(None, str(error))
        return sending_page(request, report, snapshot, send=form)
    if asked.new:
        words = ngettext("Đã nhận gửi đến %(n)s nơi.", "Đã nhận gửi đến %(n)s nơi.", len(asked.new))
        messages.success(request, words % {"n": len(asked.new)})
    if asked.new and asked.too_large:
        words = _("Tệp lớn hơn %(limit)s MB nên gửi bằng liên kết.")
        messages.info(request, words % {"limit": limit_in_megabytes()})
    if asked.known:
        words = _("Không gửi lần nữa đến nơi đã có trong danh sách: %(known)s.")
        messages.info(request, words % {"known": ", ".join(asked.known[:10])})
    return redirect(page_url(report, snapshot))


@require_http_methods(["GET", "POST"])
def send_delivery_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed delivery anew, or send a new link."""
    return _change_delivery(request, pk, send_again, _("Sẽ gửi lại ngay."))


@require_http_methods(["GET", "POST"])
def withdraw_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a waiting delivery, or close its link."""
    return _change_delivery(request, pk, withdraw, _("Đã thu hồi."))


def _change_delivery(request: HttpRequest, pk: int, act: Callable[..., Delivery], done: str) -> HttpResponse:
    delivery = Delivery.objects.filter(pk=pk).select_related("snapshot").defer("snapshot__data").first()
    if delivery is None:
        raise Http404
    permission = Permission.VIEW_REPORT if request.method == "GET" else Permission.PREPARE_REPORT
    report = get_report_or_404(request.user, delivery.snapshot.report_id, permission)
    delivery.snapshot.report = report
    if request.method == "POST":
        try:
            act(delivery=delivery, by=request.user)
        except ReportError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
    return redirect(page_url(report, delivery.snapshot))


@require_http_methods(["GET", "POST"])
def package_document(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The package for the exchange axis; asked for by POST, since the log says who took it."""
    if request.method == "GET":
        return to_page(request, pk, number)
    report, snapshot = writable(request, pk, number)
    issued = issued_or_404(snapshot)
    try:
        packed = package(issued=issued, by=request.user)
    except ReportError as error:
        messages.error(request, str(error))
        return redirect(page_url(report, snapshot))
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{package_name(issued)}"'
    return response
