"""Sharing a line's target out: a method proposes, a person edits or uploads a table, and publishes a version.

What a person types is kept as the own draft with every step, so that leaving the page loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.permissions import Permission
from facilities.table_responses import WRITERS, sheet_response
from facilities.text import as_key
from plans.actions.allocations import Draft, Overtaken, draft_of, publish_allocation
from plans.actions.typed_shares import begin_anew, forget_typed, keep_typed, typed_of, undo_typed
from plans.forms.allocations import ChoiceForm, TermsForm, name_of
from plans.forms.typed_shares import as_sent, has_shares, typed_fields
from plans.models import Plan, PlanIndicator, TypedShares
from plans.presenters.sharing import draft_sheet
from plans.standing.sharing import NotShareable
from plans.standing.sources import lines_of
from plans.views.access import get_plan_or_404
from plans.views.editing.allocation_page import (
    Page,
    begun,
    choice_of,
    continued,
    heading,
    proposed,
    shown,
)
from plans.views.editing.allocation_steps import computed, offered_taken, uploaded


@require_http_methods(["GET", "HEAD", "POST"])
def allocate_target(request: HttpRequest, slug: str, key: str, year: int) -> HttpResponse:
    """GET goes on with the person's draft, else proposes (`method`, `level`, `adds_up`; `format` sends the table).

    POST keeps what was typed, then takes the step its button names: compute, upload, take, check, undo, anew, publish.
    What another person opened the page for is not done (409).
    """
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    line = lines_of(plan).filter(key=key).first()
    if line is None or year not in plan.years:
        raise Http404
    try:
        if request.method == "POST":
            return _posted(request, plan, line, year)
        return _opened(request, plan, line, year)
    except NotShareable as error:
        context = heading(plan, line, year) | {"refusal": str(error)}
        status = 422 if request.method == "POST" else 200
        return render(request, "plans/allocation_form.html", context, status=status)


def _opened(request: HttpRequest, plan: Plan, line: PlanIndicator, year: int) -> HttpResponse:
    """The draft where the person has one, else what the method proposes."""
    file_format = request.GET.get("format")
    typed = typed_of(line, year, request.user)
    goes_on = typed is not None and typed.has_table and file_format not in WRITERS
    data = as_sent(typed.fields) if typed and goes_on else request.GET
    draft, choice = _draft(data, plan, line, year)
    if file_format in WRITERS:
        values, problem = proposed(draft, choice.method_chosen)
        return sheet_response(draft_sheet(draft, values, problem), file_format)
    if not goes_on:
        return shown(request, plan, begun(draft, choice), typed)
    page = continued(draft, choice, as_sent(typed.fields))
    page.status = 200
    return shown(request, plan, page, typed)


def _draft(data: Mapping[str, str], plan: Plan, line: PlanIndicator, year: int) -> tuple[Draft, ChoiceForm]:
    choice = choice_of(data, plan, line, year)
    return draft_of(line, year, level=choice.level_chosen, adds_up=choice.adds_up_chosen), choice


def _posted(request: HttpRequest, plan: Plan, line: PlanIndicator, year: int) -> HttpResponse:
    """Keep what was sent, take the step asked for, and keep what came of it."""
    before = typed_of(line, year, request.user)
    # Somebody else may have signed in in this browser since the page was opened.
    if request.POST.get("person", str(request.user.pk)) != str(request.user.pk):
        return _refused(request, plan, line, year, before)
    # Places of the other level than shown keep what was typed for them.
    fields = (before.fields if before else {}) | typed_fields(request.POST)
    if "keep" in request.POST:
        return _kept(request, line, year, fields)
    slot = {"line": line, "year": year, "by": request.user}
    if "undo" in request.POST or "anew" in request.POST:
        _step_back(request, slot, fields)
        return redirect(request.path)
    try:
        draft, choice = _draft(request.POST, plan, line, year)
    except NotShareable:
        keep_typed(**slot, fields=fields)
        raise
    page, is_step = _stepped(request, plan, draft, choice, fields)
    if page is None:
        return redirect(f"{reverse('plans:allocation', args=[plan.slug, line.key])}?year={year}")
    if page.shares.is_bound and has_shares(page.shares.data, draft.known.areas) or is_step:
        before, was_typed_elsewhere = keep_typed(
            **slot,
            fields=fields | typed_fields(page.fields()),
            before=fields if is_step else None,
            seen=request.POST.get("seen"),
        )
        if was_typed_elsewhere and not is_step:
            messages.warning(request, _typed_elsewhere())
    return shown(request, plan, page, before)


def _refused(
    request: HttpRequest, plan: Plan, line: PlanIndicator, year: int, own: TypedShares | None
) -> HttpResponse:
    """The page with what was sent, of which nothing is kept or done: another person opened it."""
    words = _("Trang này do người khác mở; hãy đăng nhập lại bằng tài khoản đã mở trang.")
    if is_script(request):
        return JsonResponse({"message": words}, status=409)
    draft, choice = _draft(request.POST, plan, line, year)
    page = continued(draft, choice, request.POST)
    page.problem, page.status = words, 409
    return shown(request, plan, page, own)


def is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _typed_elsewhere() -> str:
    return _(
        "Bản nháp đã được gõ tiếp ở thẻ hoặc máy khác; bản ở trang này nay thay bản đó. "
        "Bấm Hoàn tác để lấy lại bản kia."
    )


def _stepped(
    request: HttpRequest, plan: Plan, draft: Draft, choice: ChoiceForm, fields: dict[str, str]
) -> tuple[Page | None, bool]:
    """The page after the step and whether a whole table took the place of another; no page where it is published."""
    # A file that was chosen is looked at first, whichever button was pressed.
    if "upload" in request.POST or request.FILES:
        page = uploaded(request, draft, choice)
        return page, bool(page.uploaded)
    if "compute" in request.POST:
        page = computed(request, plan, draft, choice, as_sent(fields))
        return page, not page.problem
    if "take" in request.POST:
        return offered_taken(request, draft, choice), True
    page = continued(draft, choice, request.POST)
    if "publish" in request.POST:
        is_readable = page.status == 200
        page.terms, page.status = TermsForm(request.POST), 422
        if page.terms.is_valid() and is_readable and _publish(request, page):
            return None, False
    return page, False


def _kept(request: HttpRequest, line: PlanIndicator, year: int, fields: dict[str, str]) -> HttpResponse:
    """Only keep; a script hears when, a person sees the page again."""
    typed, was_typed_elsewhere = keep_typed(
        line=line, year=year, fields=fields, by=request.user, seen=request.POST.get("seen")
    )
    at = f"{timezone.localtime(typed.at):%H:%M}"
    notice = _typed_elsewhere() if was_typed_elsewhere else ""
    if is_script(request):
        return JsonResponse({"at": at, "seen": typed.mark, "notice": notice})
    if notice:
        messages.warning(request, notice)
    messages.success(request, _("Đã lưu nháp lúc %(at)s. Có thể rời trang rồi làm tiếp.") % {"at": at})
    return redirect(request.path)


def _step_back(request: HttpRequest, slot: dict[str, Any], fields: dict[str, str]) -> None:
    if "anew" in request.POST:
        begin_anew(**slot, fields=fields)
        messages.info(request, _("Đã bỏ bản nháp. Bấm Hoàn tác để lấy lại."))
    elif undo_typed(
        **slot, fields=fields, given={"in_force_from": request.POST.get("given-in_force_from", "")}
    ):
        messages.success(request, _("Đã hoàn tác. Bấm Hoàn tác lần nữa để trở lại."))
    else:
        messages.info(request, _("Không có bước nào để hoàn tác."))


def _publish(request: HttpRequest, page: Page) -> bool:
    opened, draft = as_key(request.POST.get("opened", "")), page.draft
    try:
        version = publish_allocation(
            line=draft.line,
            year=draft.year,
            terms=page.terms.terms(page.choice),
            values=page.shares.values(),
            expected=-1 if opened is None else opened,
            by=request.user,
        )
    except Overtaken as error:
        page.status, page.opened = 409, None
        page.problem = " ".join([*error.messages, _("Xem lại rồi công bố lần nữa là thay bản đó.")])
        return False
    except ValidationError as error:
        _add_errors(page, error)
        return False
    forget_typed(line=draft.line, year=draft.year, by=request.user)
    messages.success(request, _("Đã công bố bản %(number)d.") % {"number": version.number})
    return True


def _add_errors(page: Page, error: ValidationError) -> None:
    for name, errors in error.error_dict.items():
        if name in page.terms.fields:
            page.terms.add_error(name, errors)
        elif name_of(name) in page.shares.fields:
            page.shares.add_error(name_of(name), errors)
        else:
            page.problem = " ".join(message for one in errors for message in one.messages)
