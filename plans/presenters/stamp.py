"""Whether a page still shows what stands: a short text that changes with the figures behind it."""

from __future__ import annotations

from hashlib import blake2b

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Max, Sum

from indicators.models import MonthlyResult
from plans.models import EnteredFigure
from plans.presenters.choices import Choices

SUMMED = (
    "numerator",
    "denominator",
    "reported",
    "expected",
    "no_data",
    "provisional_numerator",
    "provisional_denominator",
    "provisional_reported",
)


def stamp_of(choices: Choices) -> str:
    """The figures of the year on the boundaries chosen, what was entered and whether a recompute waits, as 16
    hexadecimal digits. Two queries.

    Each sum weighs an indicator's figures by its id, so that one which rises while another falls by as much still
    shows. It stays the same where figures only moved between groups of people: a page is whole when it is opened.
    """
    results = MonthlyResult.objects.filter(area=choices.area, month__year=choices.year)
    sums = results.aggregate(**{f"sum_{name}": Sum(_weighed(name)) for name in SUMMED})
    entered = EnteredFigure.objects.filter(line__plan=choices.plan).aggregate(
        last=Max("at"), count=Count("pk")
    )
    return blake2b(
        repr([*sorted(sums.items()), *entered.items(), choices.is_waiting]).encode(), digest_size=8
    ).hexdigest()


def _weighed(name: str) -> ExpressionWrapper:
    return ExpressionWrapper(
        F(name) * F("indicator_id"), output_field=DecimalField(max_digits=40, decimal_places=8)
    )
