"""The fields of a reform's form: the day it takes effect, and a share."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.actions.reform_rules import day_wanted, is_readable


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """The day a reform takes effect, in the years that periods are read in."""

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Có hiệu lực từ ngày"), widget=DayInput())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not is_readable(value):
            raise ValidationError(day_wanted())


class ShareField(forms.CharField):
    """A share between 0 and 1, with a comma or a point; it has no thousands. None where blank."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            share = Decimal(text.replace(",", "."))
        except InvalidOperation:
            share = Decimal("NaN")
        if not share.is_finite():
            raise ValidationError(_("“%(text)s” không phải là số. Ghi như 0,6.") % {"text": text})
        return share
