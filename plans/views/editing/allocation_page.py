"""The page on which a line's target is shared out: what one request shows of it, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from facilities.models import Area
from facilities.table_responses import DOWNLOADS
from facilities.text import as_key
from indicators.figure_file import Rejected
from plans.actions.allocations import Draft, latest_of, propose, refused_method
from plans.allocation import CanNotShare, Check, Method, check
from plans.forms.allocations import ChoiceForm, SharesForm, TermsForm, first_day
from plans.forms.typed_shares import Kept
from plans.models import Plan, PlanIndicator, TypedShares
from plans.presenters.sharing import basis_words, present_total, share_rows
from plans.presenters.words import meaning_words
from plans.standing.allocated import values_of
from plans.standing.refusals import why_words
from plans.standing.sharing import LEVELS, adds_up_by_nature, places_below, shared_target
from plans.targets.printed import in_numbers

# The mark of a page that was opened before there was a draft.
NO_DRAFT = "-"


@dataclass
class Page:
    """What one request shows: the draft with its forms, and what came of a method, an upload or of publishing."""

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
    opened: int | None = None

    @property
    def method(self) -> str:
        """How the table came about; a file's values are somebody's own."""
        method = self.choice.method_chosen
        by_hand = self.uploaded or refused_method(self.draft.line, method)
        return str(Method.MANUAL) if by_hand else method

    @property
    def latest(self) -> int:
        return self.draft.latest.number if self.draft.latest else 0

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody published since the table was begun."""
        return self.opened is not None and self.opened != self.latest

    def fields(self) -> dict[str, str]:
        """The fields as the page shows them, by name, for the draft to keep."""
        terms = {bound.name: _text(bound.value()) for bound in self.terms}
        shares = {
            name: text for name, text in self.shares.data.items() if name.startswith(("v", "initial-v"))
        }
        choice = {"method": self.method, "level": self.choice.level_chosen}
        choice["adds_up"] = "1" if self.choice.adds_up_chosen else ""
        return shares | terms | choice | {"opened": str(self.latest)}


def choice_of(data: Mapping[str, str], plan: Plan, line: PlanIndicator, year: int) -> ChoiceForm:
    found = set(places_below(plan, year).order_by().values_list("level", flat=True).distinct())
    return ChoiceForm(
        data,
        levels=[level for level in reversed(LEVELS) if level in found] or [Area.Level.COMMUNE],
        adds_up=adds_up_by_nature(line),
        latest=latest_of(line, year),
    )


def proposed(draft: Draft, method: str) -> tuple[Mapping[int, Decimal | None], str]:
    """What the method gives, or nothing and why; by hand starts from the version before."""
    if method == Method.MANUAL:
        return values_of(draft.latest), ""
    try:
        return propose(draft, method), ""
    except CanNotShare as error:
        return {}, why_words(error.why)


def begun(draft: Draft, choice: ChoiceForm) -> Page:
    """The table as the method proposes it, nothing typed yet."""
    values, problem = proposed(draft, choice.method_chosen)
    shares = SharesForm(goal=draft.goal, areas=draft.known.areas, values=values)
    page = page_of(draft, choice, shares, values)
    page.problem = problem
    return page


def continued(draft: Draft, choice: ChoiceForm, data: QueryDict, shares: SharesForm | None = None) -> Page:
    """The table with what was typed (`data`), judged so far as it can be read; 422 where some of it can not."""
    shares = shares or SharesForm(data, goal=draft.goal, areas=draft.known.areas)
    is_readable = shares.is_valid()
    # Only the total is asked for: what is not filled in yet is no mistake.
    page = page_of(draft, choice, shares, shares.values(), terms_so_far(data, draft))
    page.status = 200 if is_readable else 422
    page.opened = as_key(data.get("opened", ""))
    return page


def page_of(
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


def terms_so_far(data: QueryDict, draft: Draft) -> TermsForm:
    """What was typed about the version, not judged yet."""
    typed = {name: data[name] for name in TermsForm.base_fields if name in data}
    return TermsForm(initial={"in_force_from": _first_day(draft)} | typed)


def shown(request: HttpRequest, plan: Plan, page: Page, typed: TypedShares | None) -> HttpResponse:
    draft, choice = page.draft, page.choice
    target = shared_target(draft.line, draft.year)
    context = heading(plan, draft.line, draft.year) | {
        "page": page,
        "target_words": meaning_words(target, unit=draft.line.unit),
        "target_text": in_numbers(target.text),
        "rows": share_rows(draft, page.shares),
        "total": present_total(draft.goal, page.found, draft.line),
        "weights": basis_words(draft.known.basis, draft.year),
        "method": page.method,
        "level": choice.level_chosen,
        "adds_up": choice.adds_up_chosen,
        "opened": page.latest,
        "mark": typed.mark if typed else NO_DRAFT,
        "given_day": _first_day(draft),
        "latest": draft.latest,
        "taken": page.taken,
        "typed": typed if typed and typed.has_table else None,
        "can_undo": bool(typed and typed.before is not None),
        "downloads": DOWNLOADS,
    }
    return render(request, "plans/allocation_form.html", context, status=page.status)


def heading(plan: Plan, line: PlanIndicator, year: int) -> dict[str, object]:
    return {"plan": plan, "line": line, "year": year}


def _first_day(draft: Draft) -> date:
    return first_day(draft.year, draft.latest, timezone.localdate())


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
