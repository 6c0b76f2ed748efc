"""Sharing a line's target out: a method proposes, a person edits or uploads a table, and publishes a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.models import Area
from facilities.permissions import Permission
from facilities.table_responses import DOWNLOADS, WRITERS, sheet_response
from facilities.text import as_key
from indicators.figure_file import Rejected
from plans.actions.allocation_file import UnreadableShares, read_shares
from plans.actions.allocations import (
    Draft,
    Overtaken,
    draft_of,
    latest_of,
    propose,
    publish_allocation,
    refused_method,
)
from plans.allocation import CanNotShare, Check, Method, check
from plans.forms.allocations import ChoiceForm, SharesForm, TermsForm, first_day, name_of
from plans.forms.typed_shares import Kept, has_shares, taken_from_file, with_file
from plans.models import Plan, PlanIndicator
from plans.presenters.sharing import basis_words, draft_sheet, mark_of, present_total, share_rows
from plans.presenters.words import meaning_words
from plans.standing.allocated import values_of
from plans.standing.refusals import why_words
from plans.standing.sharing import LEVELS, NotShareable, adds_up_by_nature, places_below, shared_target
from plans.standing.sources import lines_of
from plans.views.access import get_plan_or_404


@dataclass
class Page:
    """What one request shows: the draft with its forms, and what came of an upload or of publishing."""

    draft: Draft
    choice: ChoiceForm
    shares: SharesForm
    terms: TermsForm
    found: Check
    problem: str = ""
    rejected: list[Rejected] = field(default_factory=list)
    uploaded: str = ""
    taken: int = 0
    kept: list[Kept] = field(default_factory=list)
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
def allocate_target(request: HttpRequest, slug: str, key: str, year: int) -> HttpResponse:
    """GET proposes (`method`, `level`, `adds_up`; `format` sends the table); POST reads a file, checks or publishes."""
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    line = lines_of(plan).filter(key=key).first()
    if line is None or year not in plan.years:
        raise Http404
    choice = _choice(request, plan, line, year)
    try:
        draft = draft_of(line, year, level=choice.level_chosen, adds_up=choice.adds_up_chosen)
    except NotShareable as error:
        context = _heading(plan, line, year) | {"refusal": str(error)}
        status = 422 if request.method == "POST" else 200
        return render(request, "plans/allocation_form.html", context, status=status)
    if request.method == "POST":
        page = _posted(request, draft, choice)
        if page is None:
            return redirect(f"{reverse('plans:allocation', args=[slug, key])}?year={year}")
    else:
        proposed, problem = _proposed(draft, choice.method_chosen)
        if request.GET.get("format") in WRITERS:
            return sheet_response(draft_sheet(draft, proposed, problem), request.GET["format"])
        page = _page(draft, choice, _shares(draft, proposed), proposed)
        page.problem = problem
    return render(request, "plans/allocation_form.html", _context(plan, page), status=page.status)


def _choice(request: HttpRequest, plan: Plan, line: PlanIndicator, year: int) -> ChoiceForm:
    found = set(places_below(plan, year).order_by().values_list("level", flat=True).distinct())
    return ChoiceForm(
        request.POST if request.method == "POST" else request.GET,
        levels=[level for level in reversed(LEVELS) if level in found] or [Area.Level.COMMUNE],
        adds_up=adds_up_by_nature(line),
        latest=latest_of(line, year),
    )


def _proposed(draft: Draft, method: str) -> tuple[Mapping[int, Decimal | None], str]:
    """What the method gives, or nothing and why; by hand starts from the version before."""
    if method == Method.MANUAL:
        return values_of(draft.latest), ""
    try:
        return propose(draft, method), ""
    except CanNotShare as error:
        return {}, why_words(error.why)


def _shares(draft: Draft, values: Mapping[int, Decimal | None]) -> SharesForm:
    return SharesForm(goal=draft.goal, areas=draft.known.areas, values=values)


def _page(
    draft: Draft,
    choice: ChoiceForm,
    shares: SharesForm,
    values: Mapping[int, Decimal | None],
    terms: TermsForm | None = None,
) -> Page:
    return Page(
        draft=draft,
        choice=choice,
        shares=shares,
        terms=terms or TermsForm(initial={"in_force_from": _first_day(draft)}),
        found=check(draft.goal, draft.known.places, values),
    )


def _first_day(draft: Draft) -> date:
    return first_day(draft.year, draft.latest, timezone.localdate())


def _posted(request: HttpRequest, draft: Draft, choice: ChoiceForm) -> Page | None:
    """The page again, or None where the version was published."""
    # A file that was chosen is looked at first, whichever button was pressed.
    if "upload" in request.POST or request.FILES:
        return _uploaded(request, draft, choice)
    if "take" in request.POST:
        shares = taken_from_file(request.POST, goal=draft.goal, areas=draft.known.areas)
    else:
        shares = SharesForm(request.POST, goal=draft.goal, areas=draft.known.areas)
    is_readable = shares.is_valid()
    if "publish" not in request.POST:
        # Only the total is asked for: what is not filled in yet is no mistake.
        page = _page(draft, choice, shares, shares.values(), _terms_so_far(request, draft))
        page.status = 200 if is_readable else 422
        return page
    terms = TermsForm(request.POST)
    page = _page(draft, choice, shares, shares.values(), terms)
    page.status = 422
    if terms.is_valid() and is_readable and _publish(request, page):
        return None
    return page


def _terms_so_far(request: HttpRequest, draft: Draft) -> TermsForm:
    """What was typed about the version, not judged yet."""
    typed = {name: request.POST[name] for name in TermsForm.base_fields if name in request.POST}
    return TermsForm(initial={"in_force_from": _first_day(draft)} | typed)


def _publish(request: HttpRequest, page: Page) -> bool:
    opened = as_key(request.POST.get("opened", ""))
    try:
        version = publish_allocation(
            line=page.draft.line,
            year=page.draft.year,
            terms=page.terms.terms(page.choice),
            values=page.shares.values(),
            expected=-1 if opened is None else opened,
            by=request.user,
        )
    except Overtaken as error:
        page.status, page.problem = (
            409,
            " ".join([*error.messages, _("Xem lại rồi công bố lần nữa là thay bản đó.")]),
        )
        return False
    except ValidationError as error:
        _add_errors(page, error)
        return False
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


def _uploaded(request: HttpRequest, draft: Draft, choice: ChoiceForm) -> Page:
    """The values of the file in the fields, its rejected rows above; what was typed stays, and nothing is stored."""
    file, terms = request.FILES.get("file"), _terms_so_far(request, draft)
    try:
        if file is None:
            raise UnreadableShares(_("Chưa chọn tệp nào. Chọn tệp .xlsx hoặc .csv rồi bấm Tải lên."))
        mark = mark_of(draft.line, draft.year)
        filled = read_shares(file, mark=mark, goal=draft.goal, areas=draft.known.areas)
    except UnreadableShares as error:
        page = _unread(request, draft, choice, terms)
        page.problem, page.status = str(error), 422
        return page
    shares, kept = with_file(request.POST, goal=draft.goal, areas=draft.known.areas, values=filled.values)
    shares.is_valid()
    page = _page(draft, choice, shares, shares.values(), terms)
    page.rejected, page.uploaded, page.kept = filled.rejected, file.name or "?", kept
    page.taken = sum(1 for value in filled.values.values() if value is not None)
    return page


def _unread(request: HttpRequest, draft: Draft, choice: ChoiceForm, terms: TermsForm) -> Page:
    """The table as it was before a file that is not taken."""
    if has_shares(request.POST, draft.known.areas):
        shares = SharesForm(request.POST, goal=draft.goal, areas=draft.known.areas)
        shares.is_valid()
        return _page(draft, choice, shares, shares.values(), terms)
    proposed, _problem = _proposed(draft, choice.method_chosen)
    return _page(draft, choice, _shares(draft, proposed), proposed, terms)


def _heading(plan: Plan, line: PlanIndicator, year: int) -> dict[str, object]:
    return {"plan": plan, "line": line, "year": year}


def _context(plan: Plan, page: Page) -> dict[str, object]:
    draft, choice = page.draft, page.choice
    target = shared_target(draft.line, draft.year)
    method = choice.method_chosen
    if page.uploaded or refused_method(draft.line, method):
        method = Method.MANUAL
    return _heading(plan, draft.line, draft.year) | {
        "page": page,
        "target_words": meaning_words(target, unit=draft.line.unit),
        "target_text": target.text,
        "rows": share_rows(draft, page.shares),
        "total": present_total(draft.goal, page.found, draft.line),
        "weights": basis_words(draft.known.basis, draft.year),
        "method": method,
        "level": choice.level_chosen,
        "adds_up": choice.adds_up_chosen,
        "opened": draft.latest.number if draft.latest else 0,
        "latest": draft.latest,
        "taken": page.taken,
        "downloads": DOWNLOADS,
    }
