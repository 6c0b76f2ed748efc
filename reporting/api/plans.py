"""Plans, their lines and targets, and how they stand."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from facilities.models import Area
from facilities.permissions import Permission, areas_for, goes_with, has_permission
from plans.actions.assess import assess_plan
from plans.actions.export import export_plan
from plans.models import Plan
from reporting.api.filters import CodeFilter, area_named
from reporting.api.operations import ListOperation, Operation
from reporting.api.plan_shapes import (
    AssessmentShape,
    LineShape,
    LineTargetShape,
    PlanRowShape,
    PlanShape,
    StandingQuery,
)


class PlanFilter(django_filters.FilterSet):
    area = CodeFilter(label=_("địa bàn: MÃ hoặc MÃ@ngày"), method="only_of")
    year = django_filters.NumberFilter(
        label=_("có năm này"), method="only_in", min_value=2000, max_value=2100, decimal_places=0
    )

    def only_of(self, plans: QuerySet[Plan], name: str, value: str) -> QuerySet[Plan]:
        return plans.filter(area=area_named(value, Area.objects.all()))

    def only_in(self, plans: QuerySet[Plan], name: str, value: int) -> QuerySet[Plan]:
        return plans.filter(start_year__lte=value, end_year__gte=value)


class PlansInReach:
    """The plans of the person's areas, abolished predecessors included."""

    queryset = Plan.objects.select_related("area", "issuer")

    def get_queryset(self) -> QuerySet[Plan]:
        return self.queryset.within(areas_for(self.request.user, Permission.VIEW_PLAN))

    def plan(self) -> Plan:
        plan = self.get_queryset().filter(slug=self.kwargs["slug"]).first()
        if plan is None:
            raise exceptions.NotFound
        return plan


class ListPlans(PlansInReach, ListOperation):
    summary = _("Kế hoạch")
    serializer_class = PlanRowShape
    filterset_class = PlanFilter


class ReadPlan(PlansInReach, Operation):
    summary = _("Một kế hoạch trọn vẹn")

    @extend_schema(responses=PlanShape)
    def get(self, request: Request, slug: str) -> Response:
        return Response(export_plan(self.plan()))


class ListOfPlan(PlansInReach, ListOperation):
    """A list that one plan gives as plain data (`rows`), in pages."""

    filter_backends = []

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.get_paginated_response(self.paginate_queryset(self.rows()))


class ListLines(ListOfPlan):
    summary = _("Các dòng chỉ tiêu của kế hoạch")
    serializer_class = LineShape

    def rows(self) -> list[dict[str, Any]]:
        data = export_plan(self.plan())
        return data["indicators"] + data["further_indicators"]


class ListTargets(ListOfPlan):
    summary = _("Chỉ tiêu từng năm của các dòng")
    serializer_class = LineTargetShape

    def rows(self) -> list[dict[str, Any]]:
        data = export_plan(self.plan())
        lines = data["indicators"] + data["further_indicators"]
        return [{"line": line["key"]} | target for line in lines for target in line["targets"]]


@extend_schema(parameters=[StandingQuery])
class ListAssessments(ListOfPlan):
    summary = _("Kế hoạch đang ở đâu: kết quả từng dòng so với chỉ tiêu")
    serializer_class = AssessmentShape
    query_shape = StandingQuery

    def rows(self) -> list[dict[str, Any]]:
        asked, plan = self.query(), self.plan()
        shared = asked["shared"] or not self._sees_submissions(plan.area)
        return assess_plan(plan, year=asked["year"], as_of=asked.get("as_of"), shared=shared)

    def _sees_submissions(self, area: Area) -> bool:
        user = self.request.user
        goes = goes_with(user, Permission.VIEW_PLAN, Permission.VIEW_SUBMISSION)
        return goes or has_permission(user, Permission.VIEW_SUBMISSION, area)
