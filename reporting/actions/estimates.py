"""What an officer expects of lines that no report computes yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from facilities.models import User
from plans.actions.entered import enter_figure
from plans.models import EnteredFigure, PlanIndicator


@dataclass(frozen=True)
class Estimate:
    line: PlanIndicator
    value: Decimal
    source: str


class EstimateRefused(Exception):
    """One estimate can not be stored, so none of them is; `error` says why by field."""

    def __init__(self, estimate: Estimate, error: ValidationError) -> None:
        super().__init__(str(error))
        self.estimate, self.error = estimate, error


@transaction.atomic
def enter_estimates(*, estimates: Iterable[Estimate], year: int, by: User) -> int:
    """Store all of them for the year, or none; return how many. Raises PermissionDenied, EstimateRefused."""
    count = 0
    for one in estimates:
        try:
            enter_figure(
                line=one.line,
                year=year,
                kind=EnteredFigure.Kind.ESTIMATE,
                value=one.value,
                source=one.source,
                by=by,
            )
        except ValidationError as error:
            raise EstimateRefused(one, error) from error
        count += 1
    return count
