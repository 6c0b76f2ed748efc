"""Why a form is not filed yet: said by the station or its reviewer, gone once the form is submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import Facility, User
from facilities.permissions import Permission, has_permission
from indicators.actions.figures import owing_commune
from indicators.models import Absence, Form, Submission

MOST_CHARS = 300


class AlreadyFiled(Exception):
    """The form was submitted: there is nothing to excuse."""

    def __init__(self) -> None:
        super().__init__(_("Biểu này đã nộp, không cần nêu lý do chưa nộp."))


@transaction.atomic
def explain_absence(*, facility: Facility, form: Form, period: date, reason: str, by: User) -> Absence | None:
    """Say why the facility has not filed the form yet; "" takes the words away. Closed periods may be explained.

    Raises PermissionDenied, NotDue, AlreadyFiled.
    """
    if not any(
        has_permission(by, asked, facility)
        for asked in (Permission.EDIT_SUBMISSION, Permission.REVIEW_SUBMISSION)
    ):
        raise PermissionDenied(Permission.EDIT_SUBMISSION)
    area = owing_commune(facility, form, period, closed_too=True)
    key = {"facility": facility, "form_code": form.code, "period": period}
    if Submission.objects.filter(
        facility=facility,
        form__code=form.code,
        period=period,
        status__in=[Submission.Status.SUBMITTED, Submission.Status.APPROVED],
    ).exists():
        raise AlreadyFiled
    text = reason.strip()[:MOST_CHARS]
    details = {
        "facility": facility.code,
        "form": form.code,
        "period": period.isoformat(),
        "yearly": form.is_yearly,
        "reason": text,
    }
    if not text:
        if Absence.objects.filter(**key).delete()[0]:
            record(by=by, verb="absence", subject=facility, area=area, **details)
        return None
    absence, _created = Absence.objects.update_or_create(
        **key, defaults={"reason": text, "at": timezone.now(), "by": by}
    )
    record(by=by, verb="absence", subject=facility, area=area, **details)
    return absence


def end_absences(submissions: Sequence[Submission]) -> dict[int, str]:
    """Take away the words of forms now submitted; return them by submission id, for the log.

    `form` is loaded. One query, and one more where words were found.
    """
    slots = {(s.facility_id, s.form.code, s.period): s.pk for s in submissions}
    found: dict[int, str] = {}
    gone = []
    facilities = sorted({s.facility_id for s in submissions})
    for index in range(0, len(facilities), 5000):
        rows = Absence.objects.filter(
            facility__in=facilities[index : index + 5000], period__in={s.period for s in submissions}
        )
        for absence in rows:
            pk = slots.get((absence.facility_id, absence.form_code, absence.period))
            if pk:
                found[pk] = absence.reason
                gone.append(absence.pk)
    if gone:
        Absence.objects.filter(pk__in=gone).delete()
    return found
