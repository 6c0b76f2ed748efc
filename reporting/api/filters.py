"""Filters that several resources share."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from facilities.models import Area
from facilities.models.areas import AreaNotFound, AreaQuerySet
from facilities.periods import InvalidPeriod, Month
from reporting.api.shapes import MONTH_SCHEMA

MOST_CODE = 60


class MonthFormField(forms.CharField):
    default_error_messages = {"invalid": _("Tháng viết YYYY-MM, ví dụ 2026-10.")}

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except InvalidPeriod as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


@extend_schema_field(MONTH_SCHEMA)
class MonthFilter(django_filters.Filter):
    """A month `YYYY-MM`, handed on as a Month."""

    field_class = MonthFormField


class DayFilter(django_filters.DateFilter):
    """A day `YYYY-MM-DD` and in no other writing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"input_formats": ["%Y-%m-%d"]} | options)


class CodeFilter(django_filters.CharFilter):
    """A code as the catalogue or the places write it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": MOST_CODE} | options)


def area_named(text: str, areas: AreaQuerySet) -> Area:
    """The one of `areas` named `CODE` (valid today, else the latest) or `CODE@YYYY-MM-DD`.

    Raises AreaNotFound.
    """
    try:
        return areas.named(text, on=None if "@" in text else timezone.localdate())
    except AreaNotFound:
        return areas.named(text)
