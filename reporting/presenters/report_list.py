"""Filters of the list of reports: kind, year, plan or agency, of those the person sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from plans.presenters.choices import Option
from reporting.models import Report

# Of so many kinds, years and plans together nobody needs to choose.
FEW = 3
# A slug has no such sign, so no plan reads as an agency.
AGENCY = "@"


@dataclass(frozen=True)
class Filters:
    """The selects of the list. `is_used`: something was chosen; `is_shown`: there is enough to choose among."""

    kinds: list[Option]
    years: list[Option]
    subjects: list[Option]
    is_used: bool
    is_shown: bool


def filtered(reports: QuerySet[Report], asked: QueryDict) -> tuple[QuerySet[Report], Filters]:
    """The reports asked for, and the filters: one query. What nobody could choose filters nothing."""
    known = list(
        reports.order_by()
        .values_list("kind", "year", "plan__slug", "plan__short_title", "agency", "agency__name")
        .distinct()
    )
    kind, year, subject = asked.get("kind", ""), asked.get("year", ""), asked.get("subject", "")
    kinds = _options(((row[0], str(Report.Kind(row[0]).label)) for row in known), kind, key=_order)
    years = _options(((str(row[1]), str(row[1])) for row in known), year, key=lambda one: -int(one[0]))
    subjects = _options((_subject(row) for row in known), subject, key=lambda one: one[1].casefold())
    shown = reports
    if _is_chosen(kinds):
        shown = shown.filter(kind=kind)
    if _is_chosen(years):
        shown = shown.filter(year=int(year))
    if _is_chosen(subjects):
        agency = subject.removeprefix(AGENCY)
        shown = shown.filter(agency=int(agency)) if agency != subject else shown.filter(plan__slug=subject)
    is_used = any(_is_chosen(options) for options in (kinds, years, subjects))
    return shown, Filters(kinds, years, subjects, is_used, is_used or len(known) > FEW)


def _subject(row: tuple) -> tuple[str, str]:
    _kind, _year, slug, title, agency, name = row
    return (slug, title) if slug else (f"{AGENCY}{agency}", name)


def _options(
    found: Iterable[tuple[str, str]], chosen: str, key: Callable[[tuple[str, str]], object]
) -> list[Option]:
    known = sorted(set(found), key=key)
    return [
        Option("", _("tất cả"), False),
        *(Option(value, label, value == chosen) for value, label in known),
    ]


def _is_chosen(options: list[Option]) -> bool:
    return any(option.selected for option in options)


def _order(one: tuple[str, str]) -> int:
    return Report.Kind.values.index(one[0])
