"""The first page: what waits for a person, by what they may do. Each part costs a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from facilities.models import User
from facilities.periods import Month
from facilities.permissions import Permission, agencies_for, areas_for, facilities_for, grants_anywhere
from indicators.models import Submission
from indicators.presenters.matrix import STATES
from indicators.presenters.month_counts import month_counts
from plans.models import Plan, Task
from plans.presenters.tasks import UNDONE, present_tasks
from plans.presenters.tasks import Entry as TaskEntry
from reporting.presenters.duties import Waiting, waiting_reports
from reporting.presenters.watch import Watch, watch, with_newest_files

OPEN = ("missing", "draft", "sent_back", "excused")
PLANS_SHOWN, TASKS_SHOWN, REPORTS_SHOWN = 6, 12, 8


@dataclass(frozen=True)
class Figures:
    """How the monthly forms of the last month stand, as the matrix of that month counts them.

    `open` are the states that still ask for something, with how many are in each. `waiting` counts every period.
    """

    month: Month
    owed: int
    handed_in: int
    approved: int
    open: list[tuple[str, Promise, int]]
    waiting: int


@dataclass(frozen=True)
class Home:
    """None or empty where the person has no part in it."""

    figures: Figures | None = None
    may_review: bool = False
    plans: list[Watch] = field(default_factory=list)
    sees_plans: bool = False
    reports: list[Waiting] = field(default_factory=list)
    more_reports: int = 0
    prepares: bool = False
    tasks: list[TaskEntry] = field(default_factory=list)
    has_tasks: bool = False
    is_staff: bool = False


def home_of(user: User, today: date) -> Home:
    held = grants_anywhere(user, Permission)
    own = set(agencies_for(user).values_list("pk", flat=True))
    sees_plans = Permission.VIEW_PLAN in held
    prepares = Permission.PREPARE_REPORT in held
    reports = waiting_reports(areas_for(user, Permission.PREPARE_REPORT), today) if prepares else []
    return Home(
        figures=_figures(user, today) if sees_plans else None,
        may_review=Permission.REVIEW_SUBMISSION in held,
        plans=_plans(user, today) if sees_plans else [],
        sees_plans=sees_plans,
        reports=reports[:REPORTS_SHOWN],
        more_reports=len(reports[REPORTS_SHOWN:]),
        prepares=prepares,
        tasks=_tasks(own, today) if own else [],
        has_tasks=bool(own),
        is_staff=user.is_staff,
    )


def _figures(user: User, today: date) -> Figures:
    """The counts of the month before this one, and how many wait: four queries."""
    month = Month.of(today) - 1
    facilities = facilities_for(user, Permission.VIEW_SUBMISSION)
    counts = month_counts(facilities, month.first_day, today)
    submissions = Submission.objects.filter(facility__in=facilities)
    return Figures(
        month=month,
        owed=counts["owed"],
        handed_in=counts["sent"],
        approved=counts["approved"],
        open=[(state, STATES[state], counts[state]) for state in OPEN if counts[state]],
        waiting=submissions.filter(status=Submission.Status.SUBMITTED).count(),
    )


def _plans(user: User, today: date) -> list[Watch]:
    """Plans that run this year or ended with the last one: those whose result is still spoken of."""
    plans = (
        Plan.objects.within(areas_for(user, Permission.VIEW_PLAN))
        .filter(start_year__lte=today.year, end_year__gte=today.year - 1)
        .select_related("area", "issuer")
        .order_by("-end_year", "slug")
    )
    readable = areas_for(user, Permission.VIEW_REPORT)
    return watch(with_newest_files(plans, readable)[:PLANS_SHOWN], today)


def _tasks(own: set[int], today: date) -> list[TaskEntry]:
    """Own agencies' tasks not yet done, the earliest due first, those without a month last."""
    tasks = (
        Task.objects.filter(pk__in=Task.objects.filter(agencies__in=own).values("pk"), status__in=UNDONE)
        .select_related("plan")
        .prefetch_related("parts__agency")
    )
    dated = sorted(tasks, key=lambda task: (task.due_month or date.max, task.plan_id, task.order))
    return present_tasks(dated[:TASKS_SHOWN], today=today, own=own)
