"""The full recompute: what goes on, and asking for one, for its retry or its end."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import Permission, administers_all, grants_anywhere
from indicators.actions import runs
from indicators.models import RecomputeRun
from indicators.presenters.runs import computed, proposed_months, recent_runs
from indicators.run_forms import RunForm


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """For every administrator to read; those of the whole portal act on it."""
    if not grants_anywhere(request.user, [Permission.ADMINISTER]):
        raise Http404
    return _page(request)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Ask once, saying what it does; then open the run. Never computes in the request."""
    _require(request)
    form = RunForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not runs.has_workers():
        form.add_error(
            None,
            _("Cổng chưa có tiến trình chạy nền nên chưa tính được từ trang này. Việc cần làm ghi bên dưới."),
        )
        return _page(request, form, status=409)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    if first > last:
        form.add_error("last", _("Tháng đầu phải trước hoặc bằng tháng cuối."))
        return _page(request, form, status=422)
    if "sure" not in request.POST:
        return render(request, "recompute/start_confirm.html", {"form": form, "first": first, "last": last})
    try:
        runs.start_run(first=first, last=last, by=request.user)
    except runs.RunRefused as error:
        form.add_error(None, str(error))
        return _page(request, form, status=409)
    messages.success(request, _("Đã bắt đầu tính lại. Có thể rời trang; việc tính vẫn chạy."))
    return redirect("recompute:list")


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue what failed again."""
    run = _run_or_404(request, pk)

    def act() -> str:
        parts = runs.retry_run(run=run, by=request.user)
        if not parts:
            return _("Đang thử công bố lại.")
        return ngettext("Thử lại %(n)s phần.", "Thử lại %(n)s phần.", parts) % {"n": parts}

    return _acted(request, act)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then give the run up."""
    run = _run_or_404(request, pk)
    if "sure" not in request.POST:
        return render(request, "recompute/cancel_confirm.html", {"run": run})

    def act() -> str:
        runs.cancel_run(run=run, by=request.user)
        return _("Đã hủy. Kết quả đang hiện giữ nguyên như trước lần tính này.")

    return _acted(request, act)


def _acted(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except runs.RunRefused as error:
        messages.error(request, str(error))
    return redirect("recompute:list")


def _page(request: HttpRequest, form: RunForm | None = None, status: int = 200) -> HttpResponse:
    current, over = recent_runs()
    first, last = proposed_months(timezone.localdate())
    acts = administers_all(request.user)
    has_workers = runs.has_workers()
    # A page that holds what somebody typed must not reload itself.
    works = form is None and has_workers and current is not None and current.is_working
    context = {
        "computed": computed(),
        "current": current,
        "over": over,
        "form": form or RunForm(initial={"first": str(first), "last": str(last)}),
        "can_act": acts,
        "has_workers": has_workers,
        "works": works,
        "reloads": works and "still" not in request.GET,
    }
    return render(request, "recompute/run_list.html", context, status=status)


def _run_or_404(request: HttpRequest, pk: int) -> RecomputeRun:
    _require(request)
    return get_object_or_404(RecomputeRun, pk=pk)


def _require(request: HttpRequest) -> None:
    if not administers_all(request.user):
        raise Http404
