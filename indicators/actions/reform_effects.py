"""What a reform of places does to figures: duties follow, and figures that came in since hold it fast."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from facilities.boundaries import month_from
from facilities.models import Reform
from indicators.actions.duties import refresh_duties
from indicators.actions.marks import ring
from indicators.models import DataValueChange, Submission


def follow_reform(facilities: Collection[int]) -> None:
    """Derive the duties of the facilities placed anew, and ring for the marks the reform wrote."""
    if facilities:
        refresh_duties(facilities)
    transaction.on_commit(partial(ring))


def figures_on(reform: Reform) -> Iterator[str]:
    """Say how many submissions of its facilities came or changed since it was entered, for months from its day on.

    What had come in before was typed on the old boundaries and stays with its facility through an undo.
    """
    month = month_from(reform.date)
    of_months = Q(form__periodicity="year", period__gte=date(month.year, 1, 1)) | Q(period__gte=month)
    changed = DataValueChange.objects.filter(submission=OuterRef("pk"), at__gt=reform.entered_at)
    found = Submission.objects.filter(of_months, facility__in=reform.placements.values("facility"))
    found = found.filter(Q(created_at__gt=reform.entered_at) | Exists(changed))
    count = found.count()
    if not count:
        return
    first = found.select_related("facility", "form").order_by("period", "facility__code").first()
    words = {"count": count, "first": first}
    yield (
        ngettext(
            "Đã có %(count)d báo cáo của cơ sở y tế liên quan từ khi nhập: %(first)s.",
            "Đã có %(count)d báo cáo của cơ sở y tế liên quan từ khi nhập, đầu tiên là: %(first)s.",
            count,
        )
        % words
    )
