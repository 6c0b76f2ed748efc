"""A period as an address names it."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from facilities.periods import InvalidPeriod, parse_period


def period_or_404(text: str) -> tuple[date, bool]:
    """The first day of `YYYY-MM` or `YYYY`, and whether it is a year; Http404 where it is neither."""
    yearly = len(text) == len("2026")
    try:
        return parse_period(text, yearly=yearly), yearly
    except InvalidPeriod as error:
        raise Http404 from error
