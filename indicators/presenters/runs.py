"""What the page of full recomputes shows: what is computed, what waits, the open run with its parts, earlier runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone

from facilities.models import StaleMark
from facilities.periods import Month
from indicators.actions.recompute import default_range
from indicators.models import ComputedMonth, RecomputePart, RecomputeRun

RUNS_SHOWN = 10
State = RecomputePart.State
# What needs a person comes first.
ORDER = {State.FAILED: 0, State.RUNNING: 1, State.QUEUED: 2, State.DONE: 3}
# Codes of the state component (portal.css).
CODES = {"running": "in_progress", "closing": "in_progress", "cancelled": "withdrawn"}


@dataclass(frozen=True)
class Computed:
    """The months that have results, when the latest was written, and the marks that wait (oldest: since when)."""

    months: int
    first: date | None
    last: date | None
    at: datetime | None
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True)
class PartRow:
    """One part: `seconds` of its last try so far (None: not begun), `code` of its state for the component."""

    name: str
    year: int
    code: str
    word: str
    attempts: int
    rows: int | None
    seconds: int | None
    error: str


@dataclass(frozen=True)
class RunShown:
    """A run; `done` of `total` parts, and the parts where it is open."""

    run: RecomputeRun
    code: str
    seconds: int | None
    parts: list[PartRow] = field(default_factory=list)
    done: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return len(self.parts)

    @property
    def is_working(self) -> bool:
        """Whether looking again in a moment is worth it."""
        return self.run.is_open and self.run.state != RecomputeRun.State.FAILED

    @property
    def has_years(self) -> bool:
        return self.run.first_month.year != self.run.last_month.year

    @property
    def can_retry(self) -> bool:
        return bool(self.failed) or self.run.state == RecomputeRun.State.FAILED


def computed() -> Computed:
    """Two queries."""
    span = ComputedMonth.objects.aggregate(
        n=Count("pk"), first=Min("month"), last=Max("month"), at=Max("computed_at")
    )
    marks = StaleMark.objects.aggregate(n=Count("pk"), oldest=Min("created_at"))
    return Computed(span["n"], span["first"], span["last"], span["at"], marks["n"], marks["oldest"])


def recent_runs() -> tuple[RunShown | None, list[RunShown]]:
    """The open run with its parts, and the last runs that are over. Two queries."""
    found = list(RecomputeRun.objects.select_related("asked_by")[: RUNS_SHOWN + 1])
    current = next((run for run in found if run.is_open), None)
    over = [_shown(run, []) for run in found if not run.is_open][:RUNS_SHOWN]
    return (_shown(current, list(current.parts.all())) if current else None), over


def proposed_months(today: date) -> tuple[Month, Month]:
    """What the form offers: everything that was submitted, else this year so far. One query."""
    return default_range(today) or (Month(today.year, 1), Month.of(today))


def _shown(run: RecomputeRun, parts: list[RecomputePart]) -> RunShown:
    counts = Counter(part.state for part in parts)
    rows = [_row(part) for part in sorted(parts, key=lambda part: ORDER[part.state])]
    return RunShown(
        run=run,
        code=CODES.get(run.state, run.state),
        seconds=_seconds((run.finished_at or timezone.now()) - (run.started_at or run.asked_at)),
        parts=rows,
        done=counts[State.DONE],
        failed=counts[State.FAILED],
    )


def _row(part: RecomputePart) -> PartRow:
    return PartRow(
        name=part.name,
        year=part.first_month.year,
        code=CODES.get(part.state, part.state),
        word=part.get_state_display(),
        attempts=part.attempts,
        rows=part.rows,
        seconds=_seconds(part.duration),
        error=part.error_words,
    )


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())
