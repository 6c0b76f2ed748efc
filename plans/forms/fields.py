"""Fields that read what people type in Vietnam and never reinterpret it silently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from facilities.numbers import AmbiguousNumber, NotANumber, format_number, parse_number
from facilities.periods import InvalidPeriod, Month

KEY_DIGITS = 18


class NumberField(forms.CharField):
    """A number with comma decimals and dot thousands, as a Decimal; None where blank and not required."""

    def __init__(self, *, integer: bool = False, **kwargs: Any) -> None:
        self.integer = integer
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric" if integer else "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_number(text, integer=self.integer)
        except AmbiguousNumber as error:
            decimal = format_number(error.decimal.normalize())
            message = (
                _("“%(text)s” có thể là %(plain)s hoặc %(decimal)s. Ghi lại, không dùng dấu chấm, dấu phẩy.")
                if self.integer
                else _(
                    "“%(text)s” có thể là %(plain)s hoặc %(decimal)s. "
                    "Ghi lại: %(plain)s nếu là số nguyên, %(decimal)s nếu là số lẻ."
                )
            )
            params = {"text": text, "plain": str(error.thousands), "decimal": decimal}
            raise ValidationError(message, params=params) from error
        except NotANumber as error:
            message = (
                _("“%(text)s” không phải là số nguyên.")
                if self.integer
                else _("“%(text)s” không phải là số.")
            )
            raise ValidationError(message, params={"text": text}) from error

    def prepare_value(self, value: Any) -> Any:
        return format_number(value.normalize() + 0) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day, typed `05/02/2026` or picked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        kwargs.setdefault("error_messages", {"invalid": _("Ngày viết như 05/02/2026.")})
        super().__init__(**kwargs)


class MonthField(forms.CharField):
    """A month, typed `02/2026` or `2026-02`, as its first day; None where blank."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        month, slash, year = text.partition("/")
        try:
            return Month.parse(f"{year}-{month.zfill(2)}" if slash else text).first_day
        except InvalidPeriod as error:
            raise ValidationError(_("Tháng viết như 02/2026.")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%Y}" if isinstance(value, date) else value


class RowsField(forms.ModelMultipleChoiceField):
    """Rows chosen by their keys. A key longer than the database holds is no choice; SQLite would raise on it."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > KEY_DIGITS:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)


class LinesField(forms.CharField):
    """A list of texts, one a row."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[str]:
        return [row.strip() for row in super().clean(value).splitlines() if row.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value
