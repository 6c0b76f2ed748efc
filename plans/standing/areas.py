"""The places whose totals plans promise."""

from __future__ import annotations

from django.db.models import QuerySet

from facilities.models import Area
from plans.models import Plan


def areas_of_plans() -> QuerySet[Area]:
    """Areas that have a plan: their totals are told in its scorecard and report. A commune is too small for it."""
    return Area.objects.filter(pk__in=Plan.objects.values("area")).exclude(level=Area.Level.COMMUNE)
