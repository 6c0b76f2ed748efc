"""Totals of past years from a CSV file: the whole file is checked first, dry unless committed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import Area, User
from facilities.models.areas import AreaNotFound
from indicators.figure_file import Rejected, Report, Row, read_rows
from indicators.models import Group, Indicator
from plans.actions.history import problems_of, save_total
from plans.actions.import_rows import read_number, read_year, rejected
from plans.actions.references import find_group
from plans.models import HistoricTotal

COLUMNS = ("area", "indicator", "group", "year", "value", "numerator", "denominator", "source")
NUMBERS = ("value", "numerator", "denominator")

Key = tuple[int, int, int, int]


@dataclass
class Known:
    """What the rows name, looked up once each, and the totals already there."""

    indicators: dict[str, Indicator]
    everybody: Group | None
    totals: dict[Key, HistoricTotal]
    areas: dict[str, Area | None] = field(default_factory=dict)
    groups: dict[str, Group | None] = field(default_factory=dict)

    def area(self, text: str) -> Area | None:
        if text not in self.areas:
            try:
                self.areas[text] = Area.objects.named(text)
            except AreaNotFound:
                self.areas[text] = None
        return self.areas[text]

    def group(self, text: str) -> Group | None:
        if text not in self.groups:
            self.groups[text] = find_group(text) if text else self.everybody
        return self.groups[text]


@transaction.atomic
def import_history(*, content: bytes, commit: bool, by: User | None = None) -> Report:
    """Add or correct the good rows of a CSV; without `commit` only count them.

    `area` is `CODE` or `CODE@YYYY-MM-DD`, `group` blank for everybody. A row equal to what stands there is
    stored without another entry, so a file may be imported again. Raises UnreadableFile, PermissionDenied.
    """
    rows = read_rows(content, COLUMNS)
    known = _known(rows)
    accepted: dict[Key, HistoricTotal] = {}
    refused: list[Rejected] = []
    for row in rows:
        total, problems = _total(row, known, accepted)
        if total is None or problems:
            refused.append(rejected(row.number, problems, COLUMNS))
        else:
            accepted[_key(total)] = total
    if commit:
        for total in accepted.values():
            save_total(total=total, by=by)
    return Report(len(rows), len(rows) - len(refused), tuple(refused))


def _known(rows: Iterable[Row]) -> Known:
    codes = {row.texts["indicator"] for row in rows if row.texts}
    indicators = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
    totals = HistoricTotal.objects.filter(indicator__in=indicators.values())
    totals = totals.select_related("area", "indicator", "group")
    everybody = Group.objects.filter(code="").first()
    return Known(indicators, everybody, {_key(total): total for total in totals})


def _total(row: Row, known: Known, accepted: Collection[Key]) -> tuple[HistoricTotal | None, dict[str, str]]:
    """One row as a total to save, a copy of the stored one where there is one; and its problems.

    A row about what an earlier one said already is refused; every row has its own copy, so that what is refused
    touches nothing that was accepted.
    """
    text = row.texts
    if text is None:
        return None, {"": _("Hàng không đủ hoặc thừa cột.")}
    problems: dict[str, str] = {}
    area, group = known.area(text["area"]), known.group(text["group"])
    indicator = known.indicators.get(text["indicator"])
    if indicator is None:
        problems["indicator"] = _("Không có chỉ số này.")
    if group is None:
        problems["group"] = _("Không có nhóm này.")
    year = read_year(text, problems)
    numbers = {name: read_number(text, name, problems) for name in NUMBERS}
    if area is None:
        problems["area"] = _("Không có địa bàn này.")
    elif year and (other := _namesake(area, text["area"], year)):
        problems["area"] = _("Năm %(year)s mã này là %(name)s. Ghi rõ %(old)s hoặc %(new)s.") % {
            "year": year, "name": other.name, "old": other.key, "new": area.key,
        }  # fmt: skip
    if problems or area is None or indicator is None or group is None:
        return None, problems
    total = HistoricTotal(area=area, indicator=indicator, group=group, year=year)
    if _key(total) in accepted:
        return None, {"year": _("Địa bàn, chỉ số, nhóm và năm này đã có ở hàng trước trong tệp.")}
    total = copy(known.totals.get(_key(total), total))
    for name, number in numbers.items():
        setattr(total, name, number)
    total.source = text["source"]
    return total, problems_of(total)


def _namesake(area: Area, text: str, year: int) -> Area | None:
    """Another place that may be meant: the bearer of the code in a year before this one existed.

    A code with its day says which is meant. Before anything is known of the code, its first bearer is named.
    """
    last_day = date(year, 12, 31)
    if "@" in text or area.valid_from <= last_day:
        return None
    others = Area.objects.filter(code=text).exclude(pk=area.pk).order_by("valid_from")
    return others.valid_on(last_day).first() or others.first()


def _key(total: HistoricTotal) -> Key:
    return total.area_id, total.indicator_id, total.group_id, total.year
