"""How many monthly forms are in each state in one month, without drawing the matrix."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Q, QuerySet

from facilities.models import Facility
from indicators.actions.duties import is_due
from indicators.models import Absence, Duty, Form, Submission
from indicators.presenters.matrix import counted_as, state_of
from indicators.presenters.matrix_cells import is_over_by


def month_counts(facilities: QuerySet[Facility], month: date, today: date) -> Counter[str]:
    """By state, with `owed` and `sent`: what the matrix of that month counts, by the same rule. Three queries.

    `month` is its first day. Versions of a form are one form.
    """
    monthly = {"facility__in": facilities.values("pk"), "form__periodicity": Form.Periodicity.MONTH}
    year = Q(to_month__isnull=True) | Q(to_month__gt=date(month.year, 1, 1))
    duties = Duty.objects.filter(year, from_month__lte=date(month.year, 12, 1), **monthly)
    slots: dict[tuple[int, str], bool] = {}
    for *slot, start, end in duties.values_list("facility", "form__code", "from_month", "to_month"):
        key = (slot[0], slot[1])
        slots[key] = slots.get(key, False) or is_due(start, end, month, yearly=False)
    filed = {
        (facility, code): status
        for facility, code, status in Submission.objects.filter(period=month, **monthly).values_list(
            "facility", "form__code", "status"
        )
    }
    absences = Absence.objects.filter(facility__in=facilities.values("pk"), period=month)
    said = {row[:2]: row[2] for row in absences.values_list("facility", "form_code", "reason")}
    is_over = is_over_by(today, month, yearly=False)
    counts: Counter[str] = Counter()
    for slot, is_owed in slots.items():
        status, reason = filed.get(slot, ""), said.get(slot, "")
        counts.update(counted_as(state_of(status, is_owed=is_owed, reason=reason, is_over=is_over)))
    return counts
