"""Whether what is stored of an area is behind its figures: a mark waits, or a full recompute is under way."""

from __future__ import annotations

from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, Q

from facilities.models import Area, Contribution, Coverage, StaleMark
from indicators.models import RecomputeRun
from indicators.timing import MONTHS_OF_A_YEAR

# A run that failed computes nothing until somebody retries it, and what is stored stays as it is.
UNDER_WAY = (RecomputeRun.State.QUEUED, RecomputeRun.State.RUNNING, RecomputeRun.State.CLOSING)


def is_waiting(area: Area, years: tuple[int, int]) -> bool:
    """Whether results of the area in these years, the first and the last, are behind: one query."""
    first, last = date(years[0], 1, 1), date(years[1], MONTHS_OF_A_YEAR, 1)
    return Area.objects.filter(pk=area.pk).filter(waits(area, first, last)).exists()


def waits(area: Area, first: date, last: date) -> ExpressionWrapper:
    """A condition for rows of a query: results of the area, or of a place inside it, of these months are behind.

    Marks that name nobody are about everybody; one of a facility is about every area in which it counts.
    """
    inside = Coverage.objects.filter(area=area).values("covered")
    counting = Contribution.objects.filter(area=area).values("facility")
    about = Q(area__in=inside) | Q(facility__in=counting) | Q(area=None, facility=None)
    marks = StaleMark.objects.filter(about, from_month__lte=last, to_month__gte=first)
    runs = RecomputeRun.objects.filter(state__in=UNDER_WAY, first_month__lte=last, last_month__gte=first)
    return ExpressionWrapper(Q(Exists(marks)) | Q(Exists(runs)), output_field=BooleanField())
