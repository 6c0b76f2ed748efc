"""Steps of a recompute in parts that its tests share."""

from __future__ import annotations

from datetime import date

from facilities.periods import Month
from indicators.actions import run_parts, runs
from indicators.actions.marks import mark_stale
from indicators.models import (
    KeptMark,
    RecomputeRun,
    RunFacility,
    StagedAreaResult,
    StagedResult,
    Submission,
)
from tests.indicators import worlds
from tests.indicators.test_recompute import FIRST, LAST


def start(first: Month = FIRST, last: Month = LAST, by=None) -> RecomputeRun:
    return runs.start_run(first=first, last=last, by=by)


def part_by_part(run: RecomputeRun) -> None:
    """Compute every part; leave the closing."""
    while run_parts.compute_next(run.pk):
        pass
    run.refresh_from_db()


def rows(model) -> set:
    names = [f.attname for f in model._meta.concrete_fields if f.attname != "id"]
    return set(model.objects.filter(expected__gt=0).values_list(*names))


def change(facility_form: str = "MF", value: int = 71) -> Submission:
    """Another figure in an approved report of a month of the run, one that a result shows, with its mark."""
    submission = (
        Submission.objects.select_related("form")
        .filter(form__code=facility_form, status="approved", period=date(2025, 1, 1))
        .first()
    )
    worlds.change(submission, value)
    mark_stale([submission])
    return submission


def leaves_nothing(run: RecomputeRun) -> bool:
    run.refresh_from_db()
    return run.is_cleared and not (
        StagedResult.objects.exists()
        or StagedAreaResult.objects.exists()
        or KeptMark.objects.exists()
        or RunFacility.objects.exists()
    )
