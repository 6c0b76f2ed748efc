"""Publishing what places are given of a target, as a version that is only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from plans.allocation import CanNotShare, Check, Goal, Method, Why, allocate, check, fault_of
from plans.allocation.rounding import towards
from plans.files.entry import GREATEST
from plans.models import Allocation, AllocationVersion, PlanIndicator
from plans.standing.refusals import fault_words, why_words
from plans.standing.sharing import (
    Known,
    adds_up_by_nature,
    areas_to_share,
    goal_of,
    is_sensitive,
    known_of,
    shared_target,
)

STORED = 6
LONGEST = 300


class Overtaken(ValidationError):
    """Somebody published a version since this one was begun."""


@dataclass(frozen=True)
class Terms:
    """How and by what the target is shared out: what a version says of itself."""

    level: str
    method: str
    adds_up: bool
    in_force_from: date
    legal_basis: str
    note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Draft:
    """What is about to be published of a line's year: the goal, the places as known now, the version before."""

    line: PlanIndicator
    year: int
    goal: Goal
    known: Known
    latest: AllocationVersion | None


def draft_of(line: PlanIndicator, year: int, *, level: str, adds_up: bool) -> Draft:
    """What publishing starts from: five queries at most. A line whose nature says how it adds up keeps to that.

    The line comes from `lines_of`. Raises NotShareable.
    """
    by_nature = adds_up_by_nature(line)
    adds_up = adds_up if by_nature is None else by_nature
    goal = goal_of(line, year, adds_up)
    known = known_of(line, areas_to_share(line, year, level), year, adds_up)
    return Draft(line, year, goal, known, latest_of(line, year))


def latest_of(line: PlanIndicator, year: int) -> AllocationVersion | None:
    return line.allocation_versions.filter(year=year).order_by("-number").first()


def propose(draft: Draft, method: str) -> dict[int, Decimal | None]:
    """What the method gives each place, by area id.

    Steps from each place's own last year give that year back, so they are refused where its figure is of
    deaths, HIV or abortions. Raises CanNotShare.
    """
    if why := refused_method(draft.line, method):
        raise CanNotShare(why)
    return allocate(method, draft.goal, draft.known.places)


def refused_method(line: PlanIndicator, method: str) -> Why | None:
    return Why.SENSITIVE if method == Method.BASELINE and is_sensitive(line) else None


def problems_of(
    draft: Draft, terms: Terms, values: Mapping[int, Decimal | None], found: Check
) -> dict[str, str]:
    """What keeps a version from being published, by field, in words; a value's field is its area's id."""
    problems: dict[str, str] = {}
    if why := refused_method(draft.line, terms.method):
        problems["method"] = why_words(why)
    for place in draft.known.places:
        value = values.get(place.id)
        if value is not None and (fault := fault_of(draft.goal, value)):
            problems[str(place.id)] = fault_words(fault)
    if found.missing == len(draft.known.places):
        problems["values"] = _("Chưa địa bàn nào được giao.")
    elif found.total is not None and abs(found.total) >= GREATEST:
        problems["values"] = _("Tổng các địa bàn quá lớn. Xem lại đơn vị tính của các số.")
    return problems | _problems_of_terms(draft, terms, found)


def _problems_of_terms(draft: Draft, terms: Terms, found: Check) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not terms.legal_basis.strip():
        problems["legal_basis"] = _("Cần ghi văn bản giao chỉ tiêu.")
    if found.differs and not terms.reason.strip():
        problems["reason"] = _("Phân bổ chênh với chỉ tiêu chung: cần ghi lý do.")
    for name in ("legal_basis", "note", "reason"):
        if len(getattr(terms, name)) > LONGEST:
            problems[name] = _("Dài quá %(most)d ký tự.") % {"most": LONGEST}
    if terms.in_force_from > date(draft.year, 12, 31):
        problems["in_force_from"] = _("Phải áp dụng trong năm %(year)s hoặc trước đó.") % {"year": draft.year}
    elif draft.latest and terms.in_force_from < draft.latest.in_force_from:
        problems["in_force_from"] = _("Không thể áp dụng trước bản đang có (từ %(day)s).") % {
            "day": f"{draft.latest.in_force_from:%d/%m/%Y}"
        }
    return problems


@transaction.atomic
def publish_allocation(
    *,
    line: PlanIndicator,
    year: int,
    terms: Terms,
    values: Mapping[int, Decimal | None],
    expected: int,
    by: User | None,
) -> AllocationVersion:
    """Add a version of what the places of `terms.level` are given; a place without a value is given nothing.

    values: by area id, in the unit of the line. expected: the number of the version before, 0 where there is
    none. `by` None is a command. Raises PermissionDenied, NotShareable, Overtaken, ValidationError.
    """
    if by:
        require(by, Permission.EDIT_PLAN, line.plan.area)
    PlanIndicator.objects.select_for_update().get(pk=line.pk)
    draft = draft_of(line, year, level=terms.level, adds_up=terms.adds_up)
    number = draft.latest.number if draft.latest else 0
    if number != expected:
        raise Overtaken(_("Người khác vừa công bố bản %(number)d.") % {"number": number})
    found = check(draft.goal, draft.known.places, values)
    if problems := problems_of(draft, terms, values, found):
        raise ValidationError(problems)
    version = _store(draft, terms, values, found, by)
    record(
        by=by,
        verb="publish_allocation",
        subject=line,
        area=line.plan.area,
        year=year,
        version=version.number,
        method=version.method,
        places=len(draft.known.places) - found.missing,
        reason=version.reason,
    )
    return version


def _store(
    draft: Draft, terms: Terms, values: Mapping[int, Decimal | None], found: Check, by: User | None
) -> AllocationVersion:
    goal, latest = draft.goal, draft.latest
    target = shared_target(draft.line, draft.year)
    version = AllocationVersion.objects.create(
        line=draft.line,
        year=draft.year,
        number=latest.number + 1 if latest else 1,
        supersedes=latest,
        level=terms.level,
        method=terms.method,
        edited=is_edited(draft, terms.method, values),
        adds_up=goal.adds_up,
        basis=draft.known.basis,
        in_force_from=terms.in_force_from,
        legal_basis=terms.legal_basis.strip(),
        note=terms.note.strip(),
        reason=terms.reason.strip() if found.differs else "",
        target_text=target.text,
        target_operator=target.operator,
        target_value=goal.value,
        # Rounded towards the worse side: a total that falls short never reads as one that does not.
        total=None if found.total is None else towards(found.total, STORED, -goal.better),
        at=timezone.now(),
        by=by,
    )
    Allocation.objects.bulk_create(
        Allocation(
            version=version,
            area_id=place.id,
            value=values[place.id],
            baseline=_stored(place.baseline),
            weight=_stored(place.weight),
        )
        for place in draft.known.places
        if values.get(place.id) is not None
    )
    return version


def is_edited(draft: Draft, method: str, values: Mapping[int, Decimal | None]) -> bool:
    """Whether a person changed what the method proposes; by hand everything is theirs."""
    try:
        proposed = propose(draft, method)
    except CanNotShare:
        return True
    return any(values.get(key) != value for key, value in proposed.items())


def _stored(number: Fraction | None) -> Decimal | None:
    return None if number is None else towards(number, STORED, 0)
