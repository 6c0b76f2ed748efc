"""Forms of the page of report duties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.files.duties import LAST_DAY
from plans.models.duties import after_words

NOTE_LENGTH = 300


class TickForm(forms.Form):
    """The day a report came (ours: went), with a note."""

    on = forms.DateField(label=_("Ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=NOTE_LENGTH)

    @property
    def day(self) -> date:
        return self.cleaned_data["on"]


class DayForm(forms.Form):
    """By when a report is due each year."""

    day = forms.IntegerField(label=_("Ngày"), min_value=1, max_value=LAST_DAY)
    month = forms.IntegerField(label=_("Tháng"), min_value=1, max_value=12)
    years_after = forms.TypedChoiceField(
        label=_("Của"),
        coerce=int,
        initial=0,
    )

    def __init__(self, *args: Any, years_after: int = 0, **kwargs: Any) -> None:
        """`years_after`: the stored one, which a plan may name larger than what is usual; it is offered too."""
        super().__init__(*args, **kwargs)
        offered = sorted({0, 1, years_after})
        self.fields["years_after"].choices = [(years, after_words(years)) for years in offered]
