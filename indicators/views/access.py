"""The helpers every submissions view gets its objects from. No access reads as 404."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from facilities.models import Facility, User
from facilities.periods import InvalidPeriod, parse_period
from facilities.permissions import Permission, facilities_for
from indicators.actions.duties import due_in
from indicators.models import Duty, Form, Submission


@dataclass(frozen=True)
class Place:
    """A form of a facility for a period, with its submission where one was begun."""

    facility: Facility
    form: Form
    period: date
    submission: Submission | None

    @property
    def key(self) -> tuple[str, str, str]:
        """The three parts of the page's address."""
        return self.facility.code, self.form.code, self.period_text

    @property
    def period_text(self) -> str:
        return f"{self.period:%Y}" if self.form.is_yearly else f"{self.period:%Y-%m}"


def get_facility_or_404(user: User, code: str, permission: Permission) -> Facility:
    """The facility where a role grants `permission`; it carries `can_edit` and `can_review`."""
    may = {
        name: Exists(facilities_for(user, asked).filter(pk=OuterRef("pk")))
        for name, asked in (
            ("can_edit", Permission.EDIT_SUBMISSION),
            ("can_review", Permission.REVIEW_SUBMISSION),
        )
    }
    facility = facilities_for(user, permission).filter(code=code).annotate(**may).first()
    if facility is None:
        raise Http404
    return facility


def get_place_or_404(facility: Facility, form_code: str, period_text: str) -> Place:
    """The form the facility owes for the period, or owed when it filed one. Nothing is due in the future."""
    yearly = len(period_text) == 4
    try:
        period = parse_period(period_text, yearly=yearly)
    except InvalidPeriod as error:
        raise Http404 from error
    if period > timezone.localdate():
        raise Http404
    kind = Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH
    named = {"form__code": form_code, "form__periodicity": kind}
    submission = (
        facility.submissions.filter(period=period, **named)
        .select_related("form", "submitted_by", "decided_by")
        .first()
    )
    if submission:
        submission.facility = facility
        return Place(facility, submission.form, period, submission)
    duty = (
        Duty.objects.filter(due_in(period, yearly=yearly), facility=facility, **named)
        .select_related("form")
        .order_by("form__valid_from")
        .first()
    )
    if duty is None:
        raise Http404
    return Place(facility, duty.form, period, None)


def get_submission_or_404(user: User, permission: Permission, key: tuple[str, str, str]) -> Submission:
    """The submission of (facility code, form code, period text), where one was begun."""
    facility = get_facility_or_404(user, key[0], permission)
    place = get_place_or_404(facility, key[1], key[2])
    if place.submission is None:
        raise Http404
    return place.submission
