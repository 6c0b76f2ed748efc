"""Shares from a CSV file, as a plan's annex gives them: the whole file is checked first, dry unless committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import Area, User
from facilities.permissions import Permission, require
from indicators.figure_file import Rejected, Report, Row, read_rows
from plans.actions.allocations import Draft, Terms, draft_of, problems_of, publish_allocation
from plans.actions.import_rows import read_number, read_year
from plans.allocation import Check, Method, check
from plans.models import Plan, PlanIndicator
from plans.standing.allocated import values_of
from plans.standing.sharing import NotShareable, adds_up_by_nature, places_below
from plans.standing.sources import lines_of

COLUMNS = ("plan", "line", "year", "area", "value", "in_force_from", "legal_basis", "reason")
# What every row of one version says alike.
SHARED = ("in_force_from", "legal_basis", "reason")

Key = tuple[str, str, str]


@dataclass
class Version:
    """The rows of one plan, line and year: a version to be, new where the last one says something else.

    `rejected` keeps a row's first fault by its number.
    """

    key: Key
    rows: list[Row] = field(default_factory=list)
    rejected: dict[int, Rejected] = field(default_factory=dict)
    values: dict[int, Decimal | None] = field(default_factory=dict)
    by_area: dict[int, Row] = field(default_factory=dict)
    draft: Draft | None = None
    terms: Terms | None = None
    is_new: bool = False

    def reject(self, row: Row, column: str, reason: str) -> None:
        self.rejected.setdefault(row.number, Rejected(row.number, column, reason))

    def reject_all(self, column: str, reason: str) -> None:
        for row in self.rows:
            self.reject(row, column, reason)


@transaction.atomic
def import_allocations(*, content: bytes, commit: bool, by: User | None = None) -> Report:
    """Publish a version for every plan, line and year of the file; without `commit` only say what would be.

    A version is published whole or not at all: one bad row keeps back the others of its version, a row with too
    many or too few columns all of the file. One equal to the last version is stored without a second, so a file
    may be imported again. Raises UnreadableFile, PermissionDenied.
    """
    rows = read_rows(content, COLUMNS)
    versions: dict[Key, Version] = {}
    broken = [Rejected(row.number, "", _("Hàng không đủ hoặc thừa cột.")) for row in rows if not row.texts]
    rejected = list(broken)
    for row in rows:
        if row.texts is None:
            continue
        key = (row.texts["plan"], row.texts["line"], row.texts["year"])
        versions.setdefault(key, Version(key)).rows.append(row)
    plans = {plan.slug: plan for plan in _plans(versions)}
    for version in versions.values():
        _read(version, plans.get(version.key[0]), by)
        if broken:
            # Nobody knows which version a broken row belongs to.
            words = _("Chưa ghi: hàng %(row)d của tệp không đủ hoặc thừa cột.")
            version.reject_all("", words % {"row": broken[0].row})
        if not version.rejected and commit:
            _publish(version, by)
        if version.rejected:
            first = min(version.rejected)
            version.reject_all(
                "", _("Chưa ghi: hàng %(row)d của cùng bản phân bổ bị từ chối.") % {"row": first}
            )
        rejected += version.rejected.values()
    rejected.sort(key=lambda one: one.row)
    return Report(len(rows), len(rows) - len(rejected), tuple(rejected))


def _plans(keys: Iterable[Key]) -> Iterable[Plan]:
    return Plan.objects.filter(slug__in={slug for slug, _line, _year in keys}).select_related("area")


def _read(version: Version, plan: Plan | None, by: User | None) -> None:
    """Fill in the version from its rows, rejecting what can not be."""
    if plan is None:
        return version.reject_all("plan", _("Không có kế hoạch này."))
    if by:
        require(by, Permission.EDIT_PLAN, plan.area)
    _slug, key, _year = version.key
    line = lines_of(plan).filter(key=key).first()
    if line is None:
        return version.reject_all("line", _("Không có dòng này."))
    year = read_year(version.rows[0].texts or {}, {})
    if year is None or year not in plan.years:
        return version.reject_all("year", _("Năm không thuộc kế hoạch."))
    areas = _areas(line, year)
    for row in version.rows:
        _read_value(version, row, areas)
    if not version.rejected:
        _check(version, line, year, areas)
    return None


def _areas(line: PlanIndicator, year: int) -> dict[str, Area]:
    """The places of the year by key and by code; communes where a code names several."""
    areas: dict[str, Area] = {}
    for area in places_below(line.plan, year).order_by("level"):
        areas.setdefault(area.code, area)
        areas[area.key] = area
    return areas


def _read_value(version: Version, row: Row, areas: dict[str, Area]) -> None:
    text = row.texts or {}
    area = areas.get(text["area"])
    if area is None:
        return version.reject(row, "area", _("Không có địa bàn này trên ranh giới của kế hoạch trong năm."))
    if area.pk in version.by_area:
        return version.reject(row, "area", _("Địa bàn này đã có ở hàng trước trong tệp."))
    problems: dict[str, str] = {}
    version.values[area.pk] = read_number(text, "value", problems)
    if problems:
        return version.reject(row, "value", problems["value"])
    version.by_area[area.pk] = row
    return None


def _check(version: Version, line: PlanIndicator, year: int, areas: dict[str, Area]) -> None:
    """Whether the version as a whole may be published; faults go to the rows they are about."""
    levels = {area.level for area in areas.values() if area.pk in version.by_area}
    if len(levels) != 1:
        return version.reject_all("area", _("Một bản phân bổ chỉ giao cho một cấp: huyện hoặc xã."))
    terms = _terms(version, levels.pop(), _adds_up(line))
    if terms is None:
        return None
    try:
        draft = draft_of(line, year, level=terms.level, adds_up=terms.adds_up)
    except NotShareable as error:
        return version.reject_all("line", str(error))
    version.draft, version.terms = draft, terms
    for key in version.by_area.keys() - {place.id for place in draft.known.places}:
        version.reject(version.by_area[key], "area", _("Chỉ tiêu này không giao cho địa bàn đó."))
    found = check(draft.goal, draft.known.places, version.values)
    version.is_new = not is_same(draft, terms, version.values, found)
    if version.is_new:
        _tell(version, problems_of(draft, terms, version.values, found))
    return None


def _adds_up(line: PlanIndicator) -> bool:
    """A line entered by year is a count unless its unit says that it is a rate."""
    by_nature = adds_up_by_nature(line)
    return (
        "%" not in line.unit and "‰" not in line.unit and "/" not in line.unit
        if by_nature is None
        else by_nature
    )


def _terms(version: Version, level: str, adds_up: bool) -> Terms | None:
    first = version.rows[0].texts or {}
    for row in version.rows[1:]:
        for name in SHARED:
            if (row.texts or {})[name] != first[name]:
                version.reject(row, name, _("Các hàng của một bản phân bổ phải ghi giống nhau ở cột này."))
    try:
        day = date.fromisoformat(first["in_force_from"])
    except ValueError:
        version.reject_all("in_force_from", _("Ngày viết như 2026-02-05."))
    if version.rejected:
        return None
    return Terms(level, str(Method.MANUAL), adds_up, day, first["legal_basis"], reason=first["reason"])


def _tell(version: Version, problems: dict[str, str]) -> None:
    for name, reason in problems.items():
        if name in SHARED:
            version.reject_all(name, reason)
        elif name.isdigit() and int(name) in version.by_area:
            version.reject(version.by_area[int(name)], "value", reason)
        else:
            version.reject_all("value", reason)


def is_same(draft: Draft, terms: Terms, values: dict[int, Decimal | None], found: Check) -> bool:
    """Whether the last version already says all this; a reason is kept only where one is asked for."""
    latest = draft.latest
    said = (terms.in_force_from, terms.legal_basis, terms.reason if found.differs else "")
    if latest is None or (latest.in_force_from, latest.legal_basis, latest.reason) != said:
        return False
    return values_of(latest) == {key: value for key, value in values.items() if value is not None}


def _publish(version: Version, by: User | None) -> None:
    draft, terms = version.draft, version.terms
    if draft is None or terms is None or not version.is_new:
        return
    try:
        publish_allocation(
            line=draft.line,
            year=draft.year,
            terms=terms,
            values=version.values,
            expected=draft.latest.number if draft.latest else 0,
            by=by,
        )
    except ValidationError as error:
        version.reject_all("", " ".join(error.messages))
