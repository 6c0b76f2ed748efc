"""Versions of what was given to the places of a line, old ones as readable as the one in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.table_files import Sheet
from plans.allocation import Check, Goal, Place, check
from plans.models import Allocation, AllocationVersion, PlanIndicator
from plans.presenters.figures import printed, whole
from plans.presenters.sharing import Total, basis_words, parent_of, present_total, shares_sheet, version_title
from plans.presenters.words import meaning_words
from plans.standing.allocated import values_of
from plans.standing.heirs import Heir, read_heirs
from plans.standing.sharing import day_of
from plans.targets import Meaning


@dataclass(frozen=True)
class VersionRow:
    """One version in the list. until: its last day where another one took over, None where none did."""

    version: AllocationVersion
    title: str
    until: date | None
    is_void: bool
    total: str
    shown: bool


@dataclass(frozen=True)
class ShareLine:
    area: Area
    parent: str
    baseline: str
    weight: str
    value: str
    before: str


@dataclass(frozen=True)
class HeirLine:
    """A place that came after `olds` (name and value as given) and was given nothing; `suggestion` "" for none."""

    area: Area
    olds: list[tuple[str, str]]
    suggestion: str


@dataclass(frozen=True)
class VersionPage:
    """version: the one shown, with its rows; `before` in a row is what the version before gave, where it differs.

    heirs: of the last version, the places that reforms have put in the place of some of its own.
    """

    versions: list[VersionRow]
    version: AllocationVersion
    title: str
    total: Total
    target: str
    weights: str
    rows: list[ShareLine]
    shares: list[Allocation]
    heirs: list[HeirLine]


def present_versions(
    line: PlanIndicator, versions: Sequence[AllocationVersion], shown: AllocationVersion
) -> VersionPage:
    """Two queries whatever the number of versions: the shares shown, and those before them; two more after a reform."""
    shares = list(
        shown.allocations.select_related("area__parent").order_by("area__folded_name", "area__code")
    )
    before = values_of(shown.supersedes)
    goal, found = _checked(line, shown, shares)
    return VersionPage(
        versions=[_row(version, line, shown) for version in versions],
        version=shown,
        title=version_title(shown),
        total=present_total(goal, found, line),
        target=_target_words(shown, line),
        weights=basis_words(shown.basis, shown.year),
        rows=[_line(share, line, before) for share in shares],
        shares=shares,
        heirs=_heirs(line, shown, shares) if shown == versions[0] else [],
    )


def _heirs(line: PlanIndicator, version: AllocationVersion, shares: Sequence[Allocation]) -> list[HeirLine]:
    found = read_heirs(shares, day_of(line.plan.area, version.year))
    return [
        HeirLine(
            heir.area,
            [(old.area.name, printed(old.value, line)) for old in heir.olds],
            _suggestion(heir, version, line),
        )
        for heir in found
    ]


def _suggestion(heir: Heir, version: AllocationVersion, line: PlanIndicator) -> str:
    """What the old shares come to where they were of the whole place: rates of several places have no sum."""
    if not heir.is_union or not (version.adds_up or len(heir.olds) == 1):
        return ""
    return printed(sum(old.value for old in heir.olds), line)


def _row(version: AllocationVersion, line: PlanIndicator, shown: AllocationVersion) -> VersionRow:
    later = getattr(version, "superseded_by", None)
    return VersionRow(
        version=version,
        title=version_title(version),
        until=later.in_force_from - timedelta(days=1) if later else None,
        is_void=bool(later) and later.in_force_from <= version.in_force_from,
        total=printed(version.total, line),
        shown=version.pk == shown.pk,
    )


def _line(share: Allocation, line: PlanIndicator, before: dict[int, Decimal]) -> ShareLine:
    earlier = before.get(share.area_id)
    changed = bool(before) and earlier != share.value
    return ShareLine(
        area=share.area,
        parent=parent_of(share.area, line.plan),
        baseline=printed(share.baseline, line),
        weight=whole(share.weight),
        value=printed(share.value, line),
        before=printed(earlier, line) if changed else "",
    )


def _checked(
    line: PlanIndicator, version: AllocationVersion, shares: Sequence[Allocation]
) -> tuple[Goal, Check]:
    """The check as it stood when the version was published, over the places that were given something."""
    goal = Goal(
        value=version.target_value,
        operator=version.target_operator,
        adds_up=version.adds_up,
        decimals=line.decimals,
        tolerance=line.tolerance,
    )
    places = [
        Place(share.area_id, None if share.weight is None else Fraction(share.weight)) for share in shares
    ]
    return goal, check(goal, places, {share.area_id: share.value for share in shares})


def _target_words(version: AllocationVersion, line: PlanIndicator) -> str:
    meaning = Meaning("", operator=version.target_operator, value=version.target_value, kind="level")
    return meaning_words(meaning, unit=line.unit)


def version_sheet(page: VersionPage, line: PlanIndicator) -> Sheet:
    """The version as a table that can be changed and uploaded as the next one."""
    version = page.version
    facts = [
        (_("Bản phân bổ"), page.title),
        (_("Cách phân bổ"), str(version.get_method_display())),
        (_("Văn bản giao, phụ lục"), version.legal_basis),
        (_("Chỉ tiêu chung"), page.target),
        (page.total.label, page.total.value),
    ]
    rows = [(share.area, share.baseline, share.weight, share.value) for share in page.shares]
    return shares_sheet(line, version.year, facts, version.basis, rows)
