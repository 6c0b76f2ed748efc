"""The catalogue: elements, groups, forms, rules and indicators, in the shape of `export_catalogue`."""

from __future__ import annotations

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indicators.models import DataElement, Form, FormItem, Group, Indicator, Rule, Term
from reporting.api.filters import CodeFilter, DayFilter
from reporting.api.operations import ListOperation
from reporting.api.shapes import CodeOrNull, Number


class ElementShape(serializers.ModelSerializer):
    period = serializers.SerializerMethodField()
    stock = serializers.BooleanField(source="is_stock")
    sensitive = serializers.BooleanField(source="is_sensitive")

    class Meta:
        model = DataElement
        fields = [
            "code",
            "name",
            "name_en",
            "period",
            "example",
            "example_en",
            "stock",
            "sensitive",
            "source",
        ]

    @extend_schema_field(serializers.ChoiceField(Form.Periodicity.choices))
    def get_period(self, element: DataElement) -> str:
        return Form.Periodicity.YEAR if element.is_yearly else Form.Periodicity.MONTH


class ListElements(ListOperation):
    summary = _("Số liệu trạm nhập")
    queryset = DataElement.objects.all()
    serializer_class = ElementShape


class GroupShape(serializers.ModelSerializer):
    trait = CodeOrNull()

    class Meta:
        model = Group
        fields = ["code", "name", "name_en", "kind", "trait"]


class ListGroups(ListOperation):
    """Everybody is null where a group is named, and no entry here."""

    summary = _("Nhóm người, nhóm địa bàn")
    queryset = Group.objects.exclude(code="")
    serializer_class = GroupShape


class ItemShape(serializers.ModelSerializer):
    element = serializers.CharField(source="element.code")
    group = CodeOrNull(source="group.code")
    section = serializers.CharField(source="section.title")

    class Meta:
        model = FormItem
        fields = ["element", "group", "section", "column"]


class DeadlineShape(serializers.Serializer):
    """Working days after the month, or month and day (MM-DD) of the year."""

    working_days = serializers.IntegerField(required=False)
    month_day = serializers.CharField(required=False)


class FormShape(serializers.ModelSerializer):
    facility_types = serializers.ListField(child=serializers.CharField())
    deadline = serializers.SerializerMethodField()
    items = ItemShape(many=True)

    class Meta:
        model = Form
        fields = [
            "code", "name", "name_en", "valid_from", "valid_to", "legal_basis", "basis", "periodicity",
            "facility_types", "deadline", "allows_nothing", "items",
        ]  # fmt: skip

    @extend_schema_field(DeadlineShape)
    def get_deadline(self, form: Form) -> dict[str, int | str]:
        if form.deadline_working_days:
            return {"working_days": form.deadline_working_days}
        return {"month_day": form.deadline_month_day}


class FormFilter(django_filters.FilterSet):
    code = CodeFilter(label=_("mã"))
    valid_on = DayFilter(label=_("có hiệu lực ngày"), method="only_valid_on")

    def only_valid_on(self, forms: QuerySet[Form], name: str, value: object) -> QuerySet[Form]:
        return forms.valid_on(value)


class ListForms(ListOperation):
    summary = _("Biểu mẫu theo từng thời kỳ hiệu lực")
    queryset = Form.objects.prefetch_related(
        Prefetch("items", FormItem.objects.select_related("section", "element", "group"))
    )
    serializer_class = FormShape
    filterset_class = FormFilter


class RuleShape(serializers.ModelSerializer):
    form = serializers.CharField(source="form_code")

    class Meta:
        model = Rule
        fields = [
            "code", "kind", "form", "expression", "parameters", "scope", "message", "valid_from", "valid_to",
        ]  # fmt: skip


class RuleFilter(django_filters.FilterSet):
    form = CodeFilter(label=_("biểu"), field_name="form_code")


class ListRules(ListOperation):
    summary = _("Quy tắc giữa các ô của biểu")
    queryset = Rule.objects.all()
    serializer_class = RuleShape
    filterset_class = RuleFilter


class TermShape(serializers.ModelSerializer):
    element = serializers.CharField(source="element.code")
    group = CodeOrNull(source="group.code")
    coefficient = Number()

    class Meta:
        model = Term
        fields = ["part", "element", "group", "coefficient"]


class IndicatorShape(serializers.ModelSerializer):
    terms = TermShape(many=True)

    class Meta:
        model = Indicator
        fields = [
            "code", "name", "name_en", "factor", "direction", "timing", "basis", "unit", "decimals", "terms",
        ]  # fmt: skip


class IndicatorFilter(django_filters.FilterSet):
    code = CodeFilter(label=_("mã"))
    timing = django_filters.ChoiceFilter(label=_("cách tính năm"), choices=Indicator.Timing.choices)


class ListIndicators(ListOperation):
    summary = _("Chỉ số: tử số, mẫu số, cách tính")
    queryset = Indicator.objects.prefetch_related(
        Prefetch("terms", Term.objects.select_related("element", "group"))
    )
    serializer_class = IndicatorShape
    filterset_class = IndicatorFilter
