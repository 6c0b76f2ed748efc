"""Areas, successions and facilities: the reference that everybody signed in may read."""

from __future__ import annotations

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from facilities.models import Area, Facility, Placement, Succession
from facilities.text import fold
from reporting.api.filters import CodeFilter, DayFilter, area_named
from reporting.api.operations import ListOperation
from reporting.api.shapes import MonthField, Number


class AreaShape(serializers.ModelSerializer):
    """As `export_places` writes it, with its key."""

    key = serializers.CharField(read_only=True)
    parent = serializers.CharField(source="parent.key", default=None, allow_null=True, read_only=True)
    traits = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Area
        fields = ["key", "code", "level", "name", "parent", "valid_from", "valid_to", "traits"]


class AreaFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(label=_("cấp"), choices=Area.Level.choices)
    valid_on = DayFilter(label=_("có hiệu lực ngày"), method="only_valid_on")
    parent = CodeFilter(label=_("thuộc địa bàn: MÃ hoặc MÃ@ngày"), method="only_below")
    search = CodeFilter(label=_("mã, hoặc một phần tên không cần dấu"), method="only_found")

    def only_valid_on(self, areas: QuerySet[Area], name: str, value: object) -> QuerySet[Area]:
        return areas.valid_on(value)

    def only_below(self, areas: QuerySet[Area], name: str, value: str) -> QuerySet[Area]:
        return areas.filter(parent=area_named(value, Area.objects.all()))

    def only_found(self, areas: QuerySet[Area], name: str, value: str) -> QuerySet[Area]:
        return areas.filter(Q(folded_name__contains=fold(value)) | Q(code=value))


class ListAreas(ListOperation):
    summary = _("Địa bàn, kể cả đơn vị đã giải thể")
    queryset = Area.objects.select_related("parent").order_by("valid_from", "level", "code")
    serializer_class = AreaShape
    filterset_class = AreaFilter


class SuccessionShape(serializers.ModelSerializer):
    share = Number(allow_null=True)

    class Meta:
        model = Succession
        fields = ["date", "share"]

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of the language, so the two areas are named here."""
        areas = {
            "from": serializers.CharField(source="predecessor.key"),
            "to": serializers.CharField(source="successor.key"),
        }
        return areas | super().get_fields()


class SuccessionFilter(django_filters.FilterSet):
    area = CodeFilter(label=_("có địa bàn này: MÃ hoặc MÃ@ngày"), method="only_of")

    def only_of(self, rows: QuerySet[Succession], name: str, value: str) -> QuerySet[Succession]:
        area = area_named(value, Area.objects.all())
        return rows.filter(Q(predecessor=area) | Q(successor=area))


class ListSuccessions(ListOperation):
    summary = _("Địa bàn cũ nhập vào địa bàn mới")
    queryset = Succession.objects.select_related("predecessor", "successor").order_by("date", "pk")
    serializer_class = SuccessionShape
    filterset_class = SuccessionFilter


class PlacementShape(serializers.ModelSerializer):
    area = serializers.CharField(source="area.key")
    from_month = MonthField()
    main_station = serializers.CharField(
        source="main_station.code", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Placement
        fields = ["area", "from_month", "main_station", "carries_past"]


class FacilityShape(serializers.ModelSerializer):
    opened = MonthField()
    closed = MonthField(allow_null=True)
    consolidated_from = MonthField(allow_null=True)
    placements = PlacementShape(many=True)

    class Meta:
        model = Facility
        fields = ["code", "name", "type", "opened", "closed", "consolidated_from", "placements"]


class FacilityFilter(django_filters.FilterSet):
    type = django_filters.ChoiceFilter(label=_("loại"), choices=Facility.Type.choices)
    area = CodeFilter(label=_("trong địa bàn: MÃ hoặc MÃ@ngày"), method="only_within")
    open_on = DayFilter(label=_("hoạt động ngày"), method="only_open_on")
    search = CodeFilter(label=_("mã, hoặc một phần tên không cần dấu"), method="only_found")

    def only_within(self, facilities: QuerySet[Facility], name: str, value: str) -> QuerySet[Facility]:
        area = area_named(value, Area.objects.all())
        return facilities.within(Area.objects.filter(pk=area.pk))

    def only_open_on(self, facilities: QuerySet[Facility], name: str, value: object) -> QuerySet[Facility]:
        return facilities.open_on(value)

    def only_found(self, facilities: QuerySet[Facility], name: str, value: str) -> QuerySet[Facility]:
        return facilities.filter(Q(folded_name__contains=fold(value)) | Q(code=value))


class ListFacilities(ListOperation):
    summary = _("Cơ sở y tế và nơi đặt theo thời gian")
    queryset = Facility.objects.order_by("code").prefetch_related(
        Prefetch(
            "placements", Placement.objects.select_related("area", "main_station").order_by("from_month")
        )
    )
    serializer_class = FacilityShape
    filterset_class = FacilityFilter
