"""Fields and shapes that several resources share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from facilities.periods import InvalidPeriod, Month
from plans.exchange import plain

MONTH_PATTERN = "(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])"
MONTH_SCHEMA = {"type": "string", "pattern": f"^{MONTH_PATTERN}$", "example": "2026-10"}
PERIOD_SCHEMA = {
    "type": "string",
    "pattern": f"^({MONTH_PATTERN}|(19|20|21)[0-9]{{2}})$",
    "example": "2026-10",
}


@extend_schema_field({"type": "number"})
class Number(serializers.Field):
    """A decimal as a JSON number: a whole one without a fraction, any other as the shortest that reads back."""

    def to_representation(self, value: Decimal | int | float) -> int | float | None:
        return plain(value)


@extend_schema_field(MONTH_SCHEMA)
class MonthField(serializers.Field):
    """A month `YYYY-MM`: a Month inside, the text outside; a first day is written as its month."""

    default_error_messages = {"invalid": _("Tháng viết YYYY-MM, ví dụ 2026-10.")}

    def to_internal_value(self, data: Any) -> Month:
        try:
            return Month.parse(data)
        except InvalidPeriod:
            self.fail("invalid")

    def to_representation(self, value: Month | date) -> str:
        return str(Month.of(value) if isinstance(value, date) else value)


class CodeOrNull(serializers.CharField):
    """A code, null where it is empty: everybody, no trait, no sign."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_null": True, "read_only": True} | options)

    def to_representation(self, value: str) -> str | None:
        return value or None


class CellState(serializers.Serializer):
    value = serializers.IntegerField(allow_null=True)
    no_data = serializers.BooleanField()


class ErrorDetail(serializers.Serializer):
    """Where it lies: a field of the request, or a cell of the form; at a conflict, what each side wrote."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)
    cell = serializers.CharField(required=False)
    group = serializers.CharField(required=False, allow_null=True)
    before = CellState(required=False)
    theirs = CellState(required=False)
    yours = CellState(required=False)
    by = serializers.CharField(required=False)
    at = serializers.DateTimeField(required=False, allow_null=True)
    version = serializers.IntegerField(required=False)


class Error(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    details = ErrorDetail(many=True)


class ErrorAnswer(serializers.Serializer):
    error = Error()
