"""The months of a full recompute, as typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.periods import InvalidPeriod, Month


class MonthField(forms.CharField):
    """A month `YYYY-MM`, as browsers send it and as it may be typed; cleaned to a Month."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        try:
            return Month.parse(text) if text else None
        except InvalidPeriod as error:
            raise ValidationError(
                _("“%(text)s” không phải là tháng. Ghi năm-tháng, ví dụ 2026-10.") % {"text": text}
            ) from error


class RunForm(forms.Form):
    first = MonthField(label=gettext_lazy("Từ tháng"))
    last = MonthField(label=gettext_lazy("Đến hết tháng"))
