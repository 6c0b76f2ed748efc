"""What the reader of a plan chose: the year, the last month that counts, the boundaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Area
from facilities.periods import InvalidPeriod, Month
from indicators.models import ComputedMonth
from indicators.timing import MONTHS_OF_A_YEAR
from indicators.waiting import waits
from plans.models import Plan
from plans.presenters.words import VERDICTS

YEAR_DIGITS = 4


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Choices:
    """A plan read in `year` up to `as_of` (None before anything is computed) on the boundaries of `area`.

    `related` are the other boundaries its figures can be read on. `status` keeps the scorecard to the lines
    with that verdict, "" shows all. `problems` say in words what of the request could not be followed; the
    default stands in its place. `is_waiting`: figures of the area or of places in it changed since they were computed.
    """

    plan: Plan
    year: int
    as_of: Month | None
    area: Area
    computed_at: datetime | None
    years: list[Option]
    months: list[Option]
    areas: list[Option]
    related: list[Area] = field(default_factory=list)
    status: str = ""
    problems: list[str] = field(default_factory=list)
    is_waiting: bool = False

    @property
    def query(self) -> str:
        """The choices as a query string, for links that keep them."""
        return self.all_lines_query + (f"&status={self.status}" if self.status else "")

    @property
    def all_lines_query(self) -> str:
        """The same without the choice of a verdict."""
        return self.query_at(self.area, self.as_of)

    def query_at(self, area: Area, as_of: Month | None) -> str:
        """The query string of the same year on other boundaries or up to another month."""
        query = QueryDict(mutable=True)
        query["year"] = str(self.year)
        if as_of:
            query["as_of"] = str(as_of)
        if area.pk != self.plan.area_id:
            query["boundaries"] = area.key
        return query.urlencode()

    @property
    def is_whole_year(self) -> bool:
        return self.as_of is not None and self.as_of.number == 12


def read_choices(plan: Plan, asked: QueryDict) -> Choices:
    """Read the controls of a plan page in two queries: computed months and related areas."""
    problems: list[str] = []
    today = timezone.localdate()
    year = _year(plan, asked.get("year", ""), today, problems)
    related = related_areas(plan.area)
    area = _area(plan, asked.get("boundaries", ""), related, problems)
    stored = ComputedMonth.objects.filter(month__year=year, month__lt=Month.of(today).first_day)
    # Pages show last year's figures beside this year's.
    behind = waits(area, date(year - 1, 1, 1), date(year, MONTHS_OF_A_YEAR, 1))
    rows = list(stored.annotate(behind=behind).values_list("month", "computed_at", "behind"))
    computed = {month: at for month, at, _behind in rows}
    months = _months(year, today, [Month.of(day) for day in computed])
    as_of = _as_of(asked.get("as_of", ""), months, problems)
    counted = [at for month, at in computed.items() if as_of and month <= as_of.first_day]
    return Choices(
        plan=plan,
        year=year,
        as_of=as_of,
        area=area,
        computed_at=max(counted, default=None),
        years=[Option(str(y), str(y), y == year) for y in plan.years],
        months=[Option(str(m), _("Tháng %(month)d") % {"month": m.number}, m == as_of) for m in months],
        areas=[Option(a.key, boundary_words(a), a.pk == area.pk) for a in (plan.area, *related)],
        related=related,
        status=_status(asked.get("status", ""), problems),
        problems=problems,
        is_waiting=any(behind for *_known, behind in rows),
    )


def related_areas(area: Area) -> list[Area]:
    """What became of the area, and what it was made of: the other boundaries its figures can be read on."""
    related = Q(origins__predecessor=area) | Q(successions__successor=area)
    return list(Area.objects.filter(related, level=area.level).distinct().order_by("valid_from", "code"))


def boundary_words(area: Area) -> str:
    """Name an area with the time of its boundaries: the same name was held by different places."""
    if area.valid_to:
        last = date.fromordinal(area.valid_to.toordinal() - 1)
        return _("%(area)s, ranh giới đến %(day)s") % {"area": area.name, "day": f"{last:%d/%m/%Y}"}
    return _("%(area)s, ranh giới từ %(day)s") % {"area": area.name, "day": f"{area.valid_from:%d/%m/%Y}"}


def _year(plan: Plan, text: str, today: date, problems: list[str]) -> int:
    if text.isascii() and text.isdecimal() and len(text) == YEAR_DIGITS and int(text) in plan.years:
        return int(text)
    if text:
        problems.append(_("Kế hoạch không có năm “%(year)s”.") % {"year": text})
    return min(max(today.year, plan.start_year), plan.end_year)


def _months(year: int, today: date, computed: list[Month]) -> list[Month]:
    """Every month of a year that is over; else those up to the last computed one."""
    last = Month(year, 12) if year < today.year else max(computed, default=None)
    return list(Month(year, 1).until(last)) if last else []


def _as_of(text: str, months: list[Month], problems: list[str]) -> Month | None:
    if text:
        try:
            month = Month.parse(text)
        except InvalidPeriod:
            month = None
        if month in months:
            return month
        problems.append(_("Chưa có số liệu đến “%(month)s” trong năm này.") % {"month": text})
    return months[-1] if months else None


def _status(text: str, problems: list[str]) -> str:
    if text and text not in VERDICTS:
        problems.append(_("Không có đánh giá nào là “%(status)s”.") % {"status": text})
        return ""
    return text


def _area(plan: Plan, text: str, related: list[Area], problems: list[str]) -> Area:
    if text:
        for area in (plan.area, *related):
            if text in (area.key, area.valid_from.isoformat()):
                return area
        problems.append(_("Không quy được về ranh giới “%(area)s”.") % {"area": text})
    return plan.area
