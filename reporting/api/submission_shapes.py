"""The shapes of submissions: what is read, and what a save or a decision asks for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indicators.models import Submission
from indicators.values import GREATEST
from reporting.api.shapes import PERIOD_SCHEMA, CodeOrNull

MOST_CELLS = 500
MOST_VERSION = 2**31 - 1


@extend_schema_field(PERIOD_SCHEMA)
class PeriodField(serializers.CharField):
    """`YYYY-MM`, or `YYYY` of a yearly form."""


class SubmissionShape(serializers.ModelSerializer):
    facility = serializers.CharField(source="facility.code")
    form = serializers.CharField(source="form.code")
    period = PeriodField(source="period_text")
    version = serializers.IntegerField()

    class Meta:
        model = Submission
        fields = [
            "facility", "form", "period", "status", "version", "reason", "submitted_at", "decided_at",
        ]  # fmt: skip


class CellShape(serializers.Serializer):
    element = serializers.CharField()
    group = CodeOrNull()
    value = serializers.IntegerField(allow_null=True)
    no_data = serializers.BooleanField()


class BreakShape(serializers.Serializer):
    """A rule the figures break: said, never in the way."""

    rule = serializers.CharField()
    message = serializers.CharField()


class SubmissionDetailShape(SubmissionShape):
    """Version 0: owed and not begun. Every cell of the form is there, blank ones with value null."""

    cells = CellShape(many=True)
    breaks = BreakShape(many=True)

    class Meta(SubmissionShape.Meta):
        fields = [*SubmissionShape.Meta.fields, "cells", "breaks"]


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": GREATEST})
class CountField(serializers.Field):
    """A whole count. Texts and booleans are not read as numbers: what was meant must be said."""

    default_error_messages = {
        "not_a_number": _("Không phải là số nguyên."),
        "negative": _("Là số âm. Ô này đếm, chỉ nhận từ 0 trở lên."),
        "too_large": _("Quá lớn. Kiểm tra lại số chữ số."),
    }

    def to_internal_value(self, data: Any) -> int:
        whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if isinstance(data, bool) or not whole:
            self.fail("not_a_number")
        if data < 0:
            self.fail("negative")
        if data > GREATEST:
            self.fail("too_large")
        return int(data)

    def to_representation(self, value: int) -> int:
        return value


class CellRequest(serializers.Serializer):
    """`group` null is everybody. Value null without `no_data` makes the cell blank."""

    element = serializers.CharField(max_length=20)
    group = serializers.CharField(max_length=20, allow_null=True, default=None)
    value = CountField(allow_null=True, default=None)
    no_data = serializers.BooleanField(default=False)


class SaveRequest(serializers.Serializer):
    """`version` is the one last read (0: not begun). Cells left out stay as they are."""

    version = serializers.IntegerField(min_value=0, max_value=MOST_VERSION)
    cells = serializers.ListField(child=CellRequest(), max_length=MOST_CELLS)
    submit = serializers.BooleanField(default=False)


class DecisionRequest(serializers.Serializer):
    """`version` is the one last read: with it, nothing is decided of figures that changed since (409)."""

    version = serializers.IntegerField(min_value=0, max_value=MOST_VERSION, allow_null=True, default=None)


class SendBackRequest(DecisionRequest):
    reason = serializers.CharField(max_length=2000)
