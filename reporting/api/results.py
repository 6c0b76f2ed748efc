"""Monthly results of areas, in the columns of `export_results`."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from facilities.models import Area
from facilities.periods import Month
from facilities.permissions import Permission, areas_for, goes_with
from indicators.exports import Selection, hides_result, month_value
from indicators.models import MonthlyResult, Term
from indicators.models.results import Exactness
from indicators.small_numbers import Hidden, hidden_results
from plans.exchange import plain
from reporting.api.filters import CodeFilter, DayFilter, MonthFilter, area_named
from reporting.api.operations import ListOperation
from reporting.api.shapes import CodeOrNull, MonthField, Number

EVERYBODY = "all"
NOT_SHARED = ("", "false", "0")


class ResultShape(serializers.Serializer):
    """Numerator, denominator and value are null where nothing was reported or no exact figure exists.

    With `hidden` true numerator and value are null because a small number could name a person.
    """

    area = serializers.CharField()
    area_valid_from = serializers.DateField()
    indicator = serializers.CharField()
    group = CodeOrNull()
    period = MonthField()
    numerator = Number(allow_null=True)
    denominator = Number(allow_null=True)
    value = Number(allow_null=True)
    reported = serializers.IntegerField()
    expected = serializers.IntegerField()
    exactness = serializers.ChoiceField(Exactness.choices)
    hidden = serializers.BooleanField()

    def to_representation(self, result: MonthlyResult) -> dict[str, Any]:
        divides = result.indicator_id in self.context["with_denominator"]
        numerator, denominator = result.parts()
        value = month_value(result.indicator, numerator, denominator, divides=divides)
        is_hidden = result.area_id not in self.context["open"] and hides_result(
            self.context["hidden"], result
        )
        return {
            "area": result.area.code,
            "area_valid_from": result.area.valid_from.isoformat(),
            "indicator": result.indicator.code,
            "group": result.group.code or None,
            "period": str(Month.of(result.month)),
            "numerator": None if is_hidden else plain(numerator),
            "denominator": plain(denominator if divides else None),
            "value": None if is_hidden else plain(value),
            "reported": result.reported,
            "expected": result.expected,
            "exactness": result.exactness,
            "hidden": is_hidden,
        }


class ResultFilter(django_filters.FilterSet):
    """The months of a range, as they were or restated on the boundaries of a day."""

    indicator = CodeFilter(label=_("chỉ số"))
    area = CodeFilter(label=_("địa bàn: MÃ hoặc MÃ@ngày"))
    level = django_filters.ChoiceFilter(label=_("cấp"), choices=Area.Level.choices)
    group = CodeFilter(label=_("mã nhóm, hoặc all: tất cả mọi người; không ghi: mọi nhóm"))
    first = MonthFilter(label=_("từ tháng"), required=True)
    last = MonthFilter(label=_("đến hết tháng"), required=True)
    boundaries = DayFilter(label=_("theo địa giới của ngày"))
    shared = django_filters.BooleanFilter(
        label=_("true: ẩn số nhỏ nhạy cảm như trong tài liệu gửi ra ngoài"), method="as_shared"
    )

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """`from` is a word of the language; the parameters are named `from` and `to`."""
        filters = super().get_filters()
        return filters | {"from": filters.pop("first"), "to": filters.pop("last")}

    def as_shared(self, rows: QuerySet[MonthlyResult], name: str, value: bool) -> QuerySet[MonthlyResult]:
        """Which rows there are does not depend on it; what they say does."""
        return rows

    def filter_queryset(self, queryset: QuerySet[MonthlyResult]) -> QuerySet[MonthlyResult]:
        asked = self.form.cleaned_data
        within = Area.objects.covered_by(areas_for(self.request.user, Permission.VIEW_PLAN))
        selection = Selection(
            first=asked["from"],
            last=asked["to"],
            indicators=(asked["indicator"],) if asked["indicator"] else (),
            areas=(area_named(asked["area"], within).pk,) if asked["area"] else (),
            level=asked["level"],
            boundaries=asked["boundaries"],
        )
        rows = selection.queryset().filter(area__in=within)
        if not asked["group"]:
            return rows
        return rows.filter(group__code="" if asked["group"] == EVERYBODY else asked["group"])


class ListResults(ListOperation):
    summary = _("Kết quả tháng theo địa bàn, chỉ số, nhóm")
    queryset = MonthlyResult.objects.all()
    serializer_class = ResultShape
    filterset_class = ResultFilter
    open: frozenset[int] | set[int] = frozenset()
    hidden = Hidden({})

    def paginate_queryset(self, queryset: QuerySet[MonthlyResult]) -> list[MonthlyResult]:
        """The page, with what is hidden of it from those who do not see the submissions behind it."""
        page = super().paginate_queryset(queryset)
        areas = {result.area_id for result in page}
        self.open = set() if self._is_shared() else self._open_areas(areas)
        if closed := areas - self.open:
            self.hidden = hidden_results(closed, {result.month.year for result in page})
        return page

    def _is_shared(self) -> bool:
        """Whatever does not plainly say no asks for it: nobody takes exact figures for hidden ones."""
        return self.request.query_params.get("shared", "").lower() not in NOT_SHARED

    def _open_areas(self, areas: set[int]) -> set[int]:
        """The areas whose stations' submissions the reader may open: there the cells are read anyway."""
        user = self.request.user
        if goes_with(user, Permission.VIEW_PLAN, Permission.VIEW_SUBMISSION):
            return areas
        seen = Area.objects.covered_by(areas_for(user, Permission.VIEW_SUBMISSION))
        return set(seen.filter(pk__in=areas).values_list("pk", flat=True))

    def get_serializer_context(self) -> dict[str, Any]:
        parts = Term.objects.filter(part=Term.Part.DENOMINATOR)
        return super().get_serializer_context() | {
            "with_denominator": set(parts.values_list("indicator_id", flat=True)),
            "open": self.open,
            "hidden": self.hidden,
        }
