"""Reading submissions: the list, and one form of one facility for one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from facilities.models import Facility
from facilities.periods import InvalidPeriod, parse_period
from facilities.permissions import Permission, facilities_for
from indicators.actions.duties import due_in
from indicators.actions.figures import NotDue
from indicators.checks import find_breaks
from indicators.models import DataValue, Duty, Form, FormItem, Submission
from reporting.api.filters import CodeFilter
from reporting.api.operations import ListOperation, Operation
from reporting.api.shapes import PERIOD_SCHEMA
from reporting.api.submission_shapes import SubmissionDetailShape, SubmissionShape


@extend_schema_field(PERIOD_SCHEMA)
class PeriodFilter(django_filters.CharFilter):
    """`YYYY-MM` finds monthly forms, `YYYY` yearly ones."""

    def filter(self, submissions: QuerySet[Submission], value: str) -> QuerySet[Submission]:
        if not value:
            return submissions
        yearly = "-" not in value
        try:
            period = parse_period(value, yearly=yearly)
        except InvalidPeriod as error:
            message = _("Kỳ viết YYYY-MM, hoặc YYYY với biểu năm.")
            raise exceptions.ValidationError({"period": [message]}) from error
        periodicity = Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH
        return submissions.filter(period=period, form__periodicity=periodicity)


class SubmissionFilter(django_filters.FilterSet):
    period = PeriodFilter(label=_("kỳ"))
    form = CodeFilter(label=_("biểu"), field_name="form__code")
    status = django_filters.ChoiceFilter(label=_("trạng thái"), choices=Submission.Status.choices)
    facility = CodeFilter(label=_("cơ sở"), method="only_of")

    def only_of(self, submissions: QuerySet[Submission], name: str, value: str) -> QuerySet[Submission]:
        return submissions.filter(facility=visible_facility(self.request, value))


class ListSubmissions(ListOperation):
    summary = _("Báo cáo đã bắt đầu nhập")
    queryset = Submission.objects.select_related("facility", "form").order_by(
        "-period", "facility__code", "form"
    )
    serializer_class = SubmissionShape
    filterset_class = SubmissionFilter

    def get_queryset(self) -> QuerySet[Submission]:
        return self.queryset.filter(
            facility__in=facilities_for(self.request.user, Permission.VIEW_SUBMISSION)
        )


@dataclass(frozen=True)
class Sheet:
    """One form of one facility for one period, begun or not."""

    facility: Facility
    form: Form
    period: date

    def submission(self) -> Submission | None:
        found = Submission.objects.filter(facility=self.facility, form=self.form, period=self.period).first()
        if found:
            found.facility, found.form = self.facility, self.form
        return found


SHEET_PATH = [
    OpenApiParameter("facility", str, OpenApiParameter.PATH, description=_("mã cơ sở")),
    OpenApiParameter("form", str, OpenApiParameter.PATH, description=_("mã biểu")),
    OpenApiParameter(
        "period", PERIOD_SCHEMA, OpenApiParameter.PATH, description=_("YYYY-MM, hoặc YYYY với biểu năm")
    ),
]


def visible_facility(request: Request, code: str) -> Facility:
    """The facility whose figures the person may read; NotFound otherwise."""
    facility = facilities_for(request.user, Permission.VIEW_SUBMISSION).filter(code=code).first()
    if facility is None:
        raise exceptions.NotFound
    return facility


@extend_schema(parameters=SHEET_PATH)
class OfSheet(Operation):
    """An operation on one form of one facility for one period."""

    def sheet(self) -> Sheet:
        """What the address names. Raises NotFound: no such facility for this person, form or period."""
        facility = visible_facility(self.request, self.kwargs["facility"])
        text = self.kwargs["period"]
        yearly = "-" not in text
        try:
            period = parse_period(text, yearly=yearly)
        except InvalidPeriod as error:
            raise exceptions.NotFound from error
        periodicity = Form.Periodicity.YEAR if yearly else Form.Periodicity.MONTH
        form = Form.objects.valid_on(period).filter(code=self.kwargs["form"], periodicity=periodicity).first()
        if form is None:
            raise exceptions.NotFound
        return Sheet(facility, form, period)

    def begun(self) -> Submission:
        """The stored submission. Raises NotFound."""
        submission = self.sheet().submission()
        if submission is None:
            raise exceptions.NotFound
        return submission


class ReadSubmission(OfSheet):
    @extend_schema(summary=_("Một báo cáo với mọi ô"), responses=SubmissionDetailShape)
    def get(self, request: Request, **address: str) -> Response:
        sheet = self.sheet()
        submission = sheet.submission() or self._blank(sheet)
        data = SubmissionShape(submission).data
        breaks = find_breaks([submission]).get(submission.pk, []) if submission.pk else []
        data["cells"] = cells_of(submission)
        data["breaks"] = [{"rule": found.code, "message": found.message} for found in breaks]
        return Response(data)

    def _blank(self, sheet: Sheet) -> Submission:
        """What is owed and not begun; NotDue where nothing is."""
        owed = due_in(sheet.period, yearly=sheet.form.is_yearly)
        if not Duty.objects.filter(owed, facility=sheet.facility, form=sheet.form).exists():
            raise NotDue
        return Submission(facility=sheet.facility, form=sheet.form, period=sheet.period)


def cells_of(submission: Submission) -> list[dict[str, Any]]:
    """Every cell of the form in its order, blank where nothing is stored. Two queries."""
    stored = {
        (element, group): {"value": value, "no_data": no_data}
        for element, group, value, no_data in DataValue.objects.filter(submission=submission.pk).values_list(
            "element__code", "group__code", "value", "no_data"
        )
    }
    items = FormItem.objects.filter(form=submission.form).order_by("section__order", "order")
    blank = {"value": None, "no_data": False}
    return [
        {"element": element, "group": group or None} | stored.get((element, group), blank)
        for element, group in items.values_list("element__code", "group__code")
    ]
