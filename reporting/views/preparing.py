"""Preparing a report: the page of five steps, what its script saves and asks, reminders, estimates, the preview."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities.permissions import Permission, has_permission
from reporting.actions.estimates import EstimateRefused, enter_estimates
from reporting.actions.preparing import as_text, fingerprint, note_editing
from reporting.actions.reminding import remind_owing
from reporting.actions.reports import ReportError
from reporting.content import draft_content
from reporting.content.header import dateline
from reporting.content.periods import ReportPeriod
from reporting.document_rules import warnings
from reporting.estimate_forms import EstimatesForm
from reporting.presenters.preparing import figures_of, standings_of
from reporting.renderers.preview import preview_css, preview_html
from reporting.views.access import get_report_or_404
from reporting.views.preparing_page import Given, kept, preparing_page, presence_words
from reporting.views.typed import forms_of, keep


@require_safe
def preparing(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of preparing; whoever may only read the report sees how far it has come."""
    return preparing_page(request, get_report_or_404(request.user, pk))


@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the fields that were sent; answer, by the name of the field, what became of each."""
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    # Somebody else may have signed in in this browser since the page was opened.
    if request.POST.get("person", str(request.user.pk)) != str(request.user.pk):
        words = _("Trang này do người khác mở; hãy đăng nhập lại bằng tài khoản đã mở trang.")
        return JsonResponse({"message": words}, status=409)
    forms = forms_of(report, request.POST)
    try:
        others = keep(request, report, forms)
    except ReportError as error:
        return JsonResponse({"message": str(error)}, status=422)
    answer: dict[str, Any] = {"saved": {}, "conflicts": {}, "errors": {}, "warnings": {}}
    for field, form in forms.items():
        stored, refused = getattr(report, field), others.get(field, {})
        for key in form.keys:
            name, now = form.add_prefix(key), stored.get(key, "")
            if key in form.errors:
                answer["errors"][name] = " ".join(form.errors[key])
            elif key in refused:
                text = as_text(refused[key])
                answer["conflicts"][name] = {"text": text, "shown": fingerprint(refused[key])}
            elif name in request.POST:
                answer["saved"][name] = fingerprint(now)
    warned = warnings(report.document)
    answer["warnings"] = {forms["document"].add_prefix(key): text for key, text in warned.items()}
    return JsonResponse({**answer, "at": f"{timezone.localtime():%H:%M}"})


@require_POST
def editing(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says that it is still open, and hears who else has it open."""
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    now = timezone.now()
    note_editing(report=report, by=request.user, now=now)
    return JsonResponse({"others": presence_words(report, request.user.pk, now)})


@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the texts typed, then tell the clerks of the stations that owe something.

    The button belongs to the form of the page, so that no text is lost where no script keeps it; estimates are a form
    of their own, which the script stores first.
    """
    if request.method == "GET":
        return _to_page(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    undone = _("Chưa nhắc cơ sở nào: xem lại các ô dưới đây rồi bấm nhắc lần nữa.")
    if problem := kept(request, report, request.POST, undone=undone):
        return problem
    done = remind_owing(report=report, by=request.user, now=timezone.now())
    if done.notices:
        words = ngettext("Đã nhắc %(n)s người.", "Đã nhắc %(n)s người.", done.notices) % {"n": done.notices}
        messages.success(request, words)
    elif done.stations:
        messages.info(request, _("Hôm nay các trạm còn thiếu đã được nhắc, không nhắc thêm."))
    else:
        messages.info(request, _("Không còn trạm nào thiếu báo cáo."))
    return redirect("reports:preparing", pk)


@require_http_methods(["GET", "POST"])
def estimates(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the estimates that were typed, all of them or none; a script that then goes on hears 200 or 422."""
    if request.method == "GET":
        return _to_page(request, pk)
    report = get_report_or_404(request.user, pk, Permission.PREPARE_REPORT)
    if not has_permission(request.user, Permission.ENTER_FIGURE, report.area):
        raise Http404
    today = timezone.localdate()
    is_over = ReportPeriod.parse(report.year, report.period).is_over(today)
    standings = standings_of(report, today)
    rows = figures_of(standings, is_over=is_over).estimates
    form, is_page = EstimatesForm(request.POST, rows=rows), request.accepts("text/html")
    refusal = None
    if form.is_valid():
        try:
            count = enter_estimates(estimates=form.estimates, year=report.year, by=request.user)
        except EstimateRefused as refused:
            refusal = refused
    if refusal is not None or not form.is_valid():
        if not is_page:
            return JsonResponse({}, status=422)
        return preparing_page(request, report, Given(estimates=request.POST), refusal)
    for standing in standings:
        # Figures came while the page was open: what was typed for their line is given back in words.
        if typed := form.unasked.get(standing.line.pk):
            words = _("%(line)s: nay đã có số liệu, ước “%(typed)s” không cần nữa và không lưu.")
            messages.warning(request, words % {"line": standing.line.name, "typed": typed})
    if count:
        words = ngettext("Đã lưu %(n)s ước thực hiện.", "Đã lưu %(n)s ước thực hiện.", count) % {"n": count}
        messages.success(request, words)
    elif not form.unasked:
        messages.info(request, _("Chưa nhập ước thực hiện nào."))
    return redirect("reports:preparing", pk) if is_page else JsonResponse({"stored": count})


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it would print now, drawn by the browser."""
    report = get_report_or_404(request.user, pk)
    now = timezone.now()
    today = timezone.localdate(now)
    line = dateline(report.issuer_on(today), today, report.document)
    return HttpResponse(preview_html(draft_content(report, today=today), line, timezone.localtime(now)))


@require_safe
def preview_style(request: HttpRequest, pk: int) -> HttpResponse:
    get_report_or_404(request.user, pk)
    return HttpResponse(preview_css(), content_type="text/css; charset=utf-8")


def _to_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer to a form stands under the form's address: loading that again shows the page."""
    return redirect("reports:preparing", get_report_or_404(request.user, pk).pk)
