"""Tasks as the planner writes them, and what an agency says of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from facilities.models import Agency
from plans.forms.choices import group_agencies
from plans.forms.fields import DayField, MonthField, RowsField
from plans.models import Task, TaskAgency


class ProgressForm(forms.Form):
    """Cleans into the arguments of `report_progress`."""

    status = forms.ChoiceField(label=_("Tình trạng"), choices=Task.Status.choices)
    completed_on = DayField(
        label=_("Hoàn thành ngày"),
        required=False,
        help_text=_("Để trống là hôm nay; chỉ dùng khi đã hoàn thành"),
    )
    note = forms.CharField(
        label=_("Kết quả, vướng mắc"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class TaskForm(forms.ModelForm):
    """`agencies` are those a planner may name: of the plan's area and around it."""

    due_month = MonthField(label=_("Tháng hoàn thành"), required=False, help_text=_("Viết như 02/2026"))
    lead = RowsField(label=_("Cơ quan chủ trì"), queryset=None, required=False)
    partners = RowsField(label=_("Cơ quan phối hợp"), queryset=None, required=False)

    class Meta:
        model = Task
        fields = ["label", "section", "content", "due_month", "output", "note"]
        widgets = {
            "content": forms.Textarea(attrs={"rows": 5}),
            "output": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    field_order = ["label", "section", "content", "lead", "partners", "due_month", "output", "note"]

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = self.instance.parts.all() if self.instance.pk else []
        groups = group_agencies(agencies)
        for name, part in (("lead", TaskAgency.Part.LEAD), ("partners", TaskAgency.Part.PARTNER)):
            self.fields[name].queryset = agencies
            self.fields[name].choices = groups
            self.initial[name] = [entry.agency_id for entry in parts if entry.part == part]
