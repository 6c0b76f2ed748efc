"""Whose figures are looked at, of which place, form and period; and the names of places that every tab needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from facilities.models import Area, Facility, Placement
from facilities.periods import Month, format_period
from indicators.models import Submission
from indicators.presenters.periods import period_words

if TYPE_CHECKING:
    from indicators.definitions.quality import QualityCheck

SENT = (Submission.Status.SUBMITTED, Submission.Status.APPROVED)
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Scope:
    """`place` None: everything the person may read. `form` "": every form. `period`: a month, or a year."""

    facilities: QuerySet[Facility]
    place: Area | None
    period: date
    yearly: bool = False
    form: str = ""

    @property
    def month(self) -> Month:
        """The month looked at; of a year its last."""
        return Month(self.period.year, 12) if self.yearly else Month.of(self.period)

    @property
    def period_text(self) -> str:
        return format_period(self.period, yearly=self.yearly)

    @property
    def words(self) -> str:
        return period_words(self.period, yearly=self.yearly)

    def months(self, count: int = MONTHS_SHOWN) -> list[date]:
        """The first days of `count` months up to the one looked at."""
        return [month.first_day for month in (self.month - (count - 1)).until(self.month)]

    @property
    def is_commune(self) -> bool:
        return self.place is not None and self.place.level == Area.Level.COMMUNE


def communes_at(facilities: Collection[int] | QuerySet[Facility], month: date) -> dict[int, Area]:
    """The commune each facility stands in that month (before it opened: its first). One query."""
    found: dict[int, Area] = {}
    rows = Placement.objects.filter(facility__in=facilities).select_related("area").order_by("from_month")
    for placement in rows:
        if placement.from_month <= month or placement.facility_id not in found:
            found[placement.facility_id] = placement.area
    return found


def places_to_choose(root: Area, day: date) -> list[Area]:
    """An area and the communes it has on a day, by name. One query."""
    inside = Area.objects.covered_by(Area.objects.filter(pk=root.pk)).valid_on(day)
    rows = inside.filter(level=Area.Level.COMMUNE).exclude(pk=root.pk)
    return [root, *rows.by_name()]


def label_of(check: QualityCheck) -> str:
    """The name of a check in the reader's language."""
    return check.name_en if get_language() == "en" else check.name


def filed(scope: Scope) -> Q:
    """Values of reports that were sent or approved by the facilities looked at."""
    return Q(submission__facility__in=scope.facilities.values("pk"), submission__status__in=SENT)
