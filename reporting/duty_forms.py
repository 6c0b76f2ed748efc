"""Forms of the page of report duties."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.files.duties import LAST_DAY

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
        choices=[(0, _("năm báo cáo")), (1, _("năm sau năm báo cáo"))],
        initial=0,
    )
