"""The helpers every submissions view gets its objects from. No access reads as 404."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from facilities.models import Facility, Role, User
from facilities.periods import InvalidPeriod, parse_period
from facilities.permissions import (
    GRANTS,
    Permission,
    assignments_of,
    facilities_for,
    has_permission,
    own_facilities,
)
from facilities.sql import columns_of, first_of, with_tables
from indicators.actions.duties import due_in
from indicators.models import Duty, Form, Submission

BEGUN_KINDS = {"submission": Submission, "facility": Facility, "form": Form}
BEGUN = with_tables(
    f"""
    SELECT {columns_of(**BEGUN_KINDS)} FROM {{submission}} submission
    JOIN {{facility}} facility ON facility.id = submission.facility_id
    JOIN {{form}} form ON form.id = submission.form_id
    WHERE facility.code = %(facility)s AND form.code = %(form)s AND form.periodicity = %(kind)s
      AND submission.period = %(period)s
    ORDER BY form.valid_from LIMIT 1
    """,
    **BEGUN_KINDS,
)


@dataclass(frozen=True)
class Place:
    """A form of a facility for a period, with its submission where one was begun.

    `at` is before anything of it was read: what was written later may be missing on its page.
    """

    facility: Facility
    form: Form
    period: date
    submission: Submission | None
    at: datetime = field(default_factory=timezone.now)

    @property
    def key(self) -> tuple[str, str, str]:
        """The three parts of the page's address."""
        return self.facility.code, self.form.code, self.period_text

    @property
    def period_text(self) -> str:
        return f"{self.period:%Y}" if self.form.is_yearly else f"{self.period:%Y-%m}"


def get_facility_or_404(user: User, code: str, permission: Permission) -> Facility:
    """The facility where a role grants `permission`; it carries `can_edit` and `can_review`."""
    if facility := _own_station(user, code, permission):
        return facility
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


def _own_station(user: User, code: str, permission: Permission) -> Facility | None:
    """The station, or point of a station, of a person who is a clerk and nothing else: no area is asked for."""
    if permission not in GRANTS[Role.CLERK] or any(held.role != Role.CLERK for held in assignments_of(user)):
        return None
    facility = Facility.objects.filter(own_facilities(user), code=code).first()
    if facility is not None:
        facility.can_edit, facility.can_review = True, False
    return facility


def get_place_to_type_or_404(user: User, key: tuple[str, str, str]) -> Place:
    """The place where this person types, by (facility code, form code, period text).

    One row by hand where the form was begun before: the case of every save but the first.
    """
    period, kind = _period_of(key[2])
    asked = {"facility": key[0], "form": key[1], "kind": kind.value, "period": period}
    if found := first_of(BEGUN, asked, *BEGUN_KINDS.values()):
        begun, facility, form = found
        begun.facility, begun.form = facility, form
        if has_permission(user, Permission.EDIT_SUBMISSION, facility):
            return Place(facility, form, period, begun)
    return get_place_or_404(get_facility_or_404(user, key[0], Permission.EDIT_SUBMISSION), key[1], key[2])


def _period_of(text: str) -> tuple[date, Form.Periodicity]:
    """The first day and the kind of period; Http404 where it is none or has not begun."""
    yearly = len(text) == 4
    try:
        period = parse_period(text, yearly=yearly)
    except InvalidPeriod as error:
        raise Http404 from error
    if period > timezone.localdate():
        raise Http404
    return period, Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH


def get_place_or_404(facility: Facility, form_code: str, period_text: str) -> Place:
    """The form the facility owes for the period, or owed when it filed one. Nothing is due in the future."""
    at = timezone.now()
    period, kind = _period_of(period_text)
    named = {"form__code": form_code, "form__periodicity": kind}
    submission = (
        facility.submissions.filter(period=period, **named)
        .select_related("form", "submitted_by", "decided_by")
        .first()
    )
    if submission:
        submission.facility = facility
        return Place(facility, submission.form, period, submission, at)
    duty = (
        Duty.objects.filter(due_in(period, yearly=kind == Form.Periodicity.YEAR), facility=facility, **named)
        .select_related("form")
        .order_by("form__valid_from")
        .first()
    )
    if duty is None:
        raise Http404
    return Place(facility, duty.form, period, None, at)


def get_submission_or_404(user: User, permission: Permission, key: tuple[str, str, str]) -> Submission:
    """The submission of (facility code, form code, period text), where one was begun."""
    facility = get_facility_or_404(user, key[0], permission)
    place = get_place_or_404(facility, key[1], key[2])
    if place.submission is None:
        raise Http404
    return place.submission
