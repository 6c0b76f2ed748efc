"""Keeping what a planner types while sharing a target out, with one step back; nothing of it counts."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from facilities.models import User
from facilities.permissions import Permission, require
from plans.models import PlanIndicator, TypedShares

# What a version says of itself: typed texts that no method and no file takes the place of.
TERMS = frozenset({"in_force_from", "legal_basis", "note", "reason"})


def typed_of(line: PlanIndicator, year: int, by: User) -> TypedShares | None:
    """The person's own draft: one query."""
    return TypedShares.objects.filter(line=line, year=year, by=by).first()


@transaction.atomic
def keep_typed(
    *,
    line: PlanIndicator,
    year: int,
    fields: Mapping[str, str],
    by: User,
    before: Mapping[str, str] | None = None,
    seen: str | None = None,
) -> tuple[TypedShares, bool]:
    """Keep the page's fields as they are now; `before` as they were where a whole table took their place.

    `seen`: the draft's `mark` that the page knows, None from no page. Where the draft was typed on elsewhere since,
    that is put aside, one step back, and True comes beside the draft. Raises PermissionDenied.
    """
    kept = _locked(line, year, by)
    changed = {name: text for name, text in fields.items() if kept.fields.get(name, "") != text}
    was_typed_elsewhere = seen is not None and bool(kept.fields and changed) and seen != kept.mark
    if before is not None:
        kept.before = dict(before)
    elif was_typed_elsewhere:
        kept.before = kept.fields
    kept.fields = dict(fields)
    return _saved(kept), was_typed_elsewhere


@transaction.atomic
def undo_typed(
    *,
    line: PlanIndicator,
    year: int,
    fields: Mapping[str, str],
    by: User,
    given: Mapping[str, str] | None = None,
) -> bool:
    """Bring back what stood before the last step; what stands now (`fields`) can be brought back in turn.

    Texts typed about the version since then stay; those that the page gave (`given`) were not typed. False where there
    is no step to take back. Raises PermissionDenied.
    """
    kept = _locked(line, year, by)
    if kept.before is None:
        return False
    given, typed = given or {}, {}
    if kept.fields:
        typed = {
            name: fields[name] for name in TERMS & fields.keys() if fields[name] not in ("", given.get(name))
        }
    kept.fields, kept.before = kept.before | typed, dict(fields)
    _saved(kept)
    return True


@transaction.atomic
def begin_anew(*, line: PlanIndicator, year: int, fields: Mapping[str, str], by: User) -> TypedShares:
    """Put what stands now (`fields`) aside, one step back. Raises PermissionDenied."""
    kept = _locked(line, year, by)
    kept.fields, kept.before = {}, dict(fields)
    return _saved(kept)


def forget_typed(*, line: PlanIndicator, year: int, by: User) -> None:
    """Throw the person's draft away: what it held is published."""
    TypedShares.objects.filter(line=line, year=year, by=by).delete()


def _locked(line: PlanIndicator, year: int, by: User) -> TypedShares:
    require(by, Permission.EDIT_PLAN, line.plan.area)
    rows = TypedShares.objects.select_for_update()
    kept, _created = rows.get_or_create(line=line, year=year, by=by, defaults={"at": timezone.now()})
    return kept


def _saved(kept: TypedShares) -> TypedShares:
    kept.at = timezone.now()
    kept.save(update_fields=["fields", "before", "at"])
    return kept
