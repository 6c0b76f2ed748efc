"""The daily digest: what waits for a reviewer, once a working day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time
from functools import partial

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from facilities.actions.notices import DIGEST, Event, Words, tell
from facilities.models import Facility, Notice, Role, User
from facilities.recipients import reviewers_of
from indicators.actions.closures import closed_slots, slot_of
from indicators.models import Correction, Form, Submission
from indicators.reminder_words import Waiting, digest_words

MORNING = time(7)


@transaction.atomic
def send_digests(*, now: datetime) -> int:
    """Tell each reviewer once a working day what waited this morning and still does; nothing waits, nothing told.

    Counting what had come by the morning, a sweep of the afternoon says what that of the morning would have.
    A new digest takes the place of the older unread ones. A fixed number of queries.
    """
    today = timezone.localdate(now)
    morning = timezone.make_aware(datetime.combine(today, MORNING))
    key = f"{DIGEST}:{today}"
    reviewers = User.objects.filter(is_active=True, assignments__role=Role.REVIEWER).exclude(notices__key=key)
    waiting = _waiting(reviewers.distinct(), morning)
    if not waiting:
        return 0
    forms = {form.code: form for form in Form.objects.order_by("code", "valid_from")}
    older = Notice.objects.filter(user__in=list(waiting), kind=DIGEST, read_at=None, at__lt=morning)
    older.update(read_at=now)
    return tell(
        (Event(user, DIGEST, key, partial(_words, one, forms)) for user, one in waiting.items()), now=now
    )


def _words(waiting: Waiting, forms: dict[str, Form]) -> Words:
    return digest_words(waiting, {code: form.label for code, form in forms.items()})


def _of_closed_periods(waiting: Q) -> list[int]:
    """Ids of those nobody can decide until their period is reopened."""
    rows = list(Submission.objects.filter(waiting).select_related("form"))
    closed = closed_slots(map(slot_of, rows))
    return [row.pk for row in rows if slot_of(row) in closed]


def _waiting(reviewers: QuerySet[User], morning: datetime) -> dict[User, Waiting]:
    """What waits for each reviewer and can be decided, where anything does. A fixed number of queries."""
    submitted = Submission.objects.filter(status=Submission.Status.SUBMITTED, submitted_at__lt=morning)
    proposed = Correction.objects.filter(status=Correction.Status.PROPOSED, proposed_at__lt=morning)
    shut = _of_closed_periods(Q(pk__in=submitted.values("pk")) | Q(pk__in=proposed.values("submission")))
    submitted, proposed = submitted.exclude(pk__in=shut), proposed.exclude(submission__in=shut)
    places = Q(pk__in=submitted.values("facility")) | Q(pk__in=proposed.values("submission__facility"))
    reached = reviewers_of(Facility.objects.filter(places), reviewers)
    if not reached:
        return {}
    reports: dict[int, list[tuple[str, int, datetime]]] = defaultdict(list)
    counts = submitted.order_by().values_list("facility", "form__code")
    for facility, code, n, oldest in counts.annotate(n=Count("pk"), oldest=Min("submitted_at")):
        reports[facility].append((code, n, oldest))
    corrections = dict(proposed.order_by().values_list("submission__facility").annotate(n=Count("pk")))
    found = {}
    for user, facilities in reached.items():
        one = Waiting(defaultdict(int), corrections=sum(corrections.get(pk, 0) for pk in facilities))
        for code, n, oldest in (row for pk in facilities for row in reports.get(pk, ())):
            one.forms[code] += n
            one.oldest = min(one.oldest or oldest, oldest)
        found[user] = one
    return found
