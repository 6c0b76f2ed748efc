"""Steps that fill the whole table of shares: a method, a file, or its values over what was typed."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from plans.actions.allocation_file import UnreadableShares, read_shares
from plans.actions.allocations import Draft, draft_of
from plans.forms.allocations import ChoiceForm
from plans.forms.typed_shares import CHOICE, has_shares, taken, with_values
from plans.models import Plan
from plans.presenters.sharing import mark_of
from plans.views.editing.allocation_page import (
    Page,
    begun,
    choice_of,
    continued,
    proposed,
    terms_so_far,
)


def computed(request: HttpRequest, plan: Plan, draft: Draft, choice: ChoiceForm, data: QueryDict) -> Page:
    """The table as the method asked for (`to_method`, `to_level`, `to_adds_up`) gives it; what was typed stays.

    `data` is what was typed for places of either level. Where the method gives nothing, the table stays as it was.
    """
    asked = {name: request.POST[f"to_{name}"] for name in CHOICE if f"to_{name}" in request.POST}
    wanted = choice_of(asked, plan, draft.line, draft.year)
    aim = draft_of(draft.line, draft.year, level=wanted.level_chosen, adds_up=wanted.adds_up_chosen)
    values, problem = proposed(aim, wanted.method_chosen)
    if problem:
        page = continued(draft, choice, request.POST)
        page.problem, page.status = problem, 422
        return page
    shares, kept = with_values(data, goal=aim.goal, areas=aim.known.areas, values=values)
    page = continued(aim, wanted, request.POST, shares)
    page.kept, page.status = kept, 200
    return page


def offered_taken(request: HttpRequest, draft: Draft, choice: ChoiceForm) -> Page:
    """The table with what the method or the file says in the places that were listed as typed otherwise."""
    shares = taken(request.POST, goal=draft.goal, areas=draft.known.areas)
    return continued(draft, choice, request.POST, shares)


def uploaded(request: HttpRequest, draft: Draft, choice: ChoiceForm) -> Page:
    """The values of the file in the fields, its rejected rows above; what was typed stays, the file is not kept."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise UnreadableShares(_("Chưa chọn tệp nào. Chọn tệp .xlsx hoặc .csv rồi bấm Tải lên."))
        mark = mark_of(draft.line, draft.year)
        filled = read_shares(file, mark=mark, goal=draft.goal, areas=draft.known.areas)
    except UnreadableShares as error:
        page = _unread(request, draft, choice)
        page.problem, page.status = str(error), 422
        return page
    values = filled.values
    shares, kept = with_values(request.POST, goal=draft.goal, areas=draft.known.areas, values=values)
    page = continued(draft, choice, request.POST, shares)
    page.rejected, page.uploaded, page.kept, page.status = filled.rejected, file.name or "?", kept, 200
    page.taken = sum(1 for value in values.values() if value is not None)
    return page


def _unread(request: HttpRequest, draft: Draft, choice: ChoiceForm) -> Page:
    """The table as it was before a file that is not taken."""
    if has_shares(request.POST, draft.known.areas):
        return continued(draft, choice, request.POST)
    page = begun(draft, choice)
    page.terms = terms_so_far(request.POST, draft)
    return page
