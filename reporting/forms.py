"""Forms of the report pages. Querysets come from the view; forms clean into domain types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from facilities.periods import InvalidPeriod
from plans.models import Plan
from reporting.actions.reports import NARRATIVE_LIMIT
from reporting.content.periods import HALF, NINE_MONTHS, YEAR, ReportPeriod

PERIODS = [
    (YEAR, _("cả năm")),
    (HALF, _("6 tháng đầu năm")),
    (NINE_MONTHS, _("9 tháng đầu năm")),
    *[(f"{number:02d}", format_lazy(_("đến hết tháng {number}"), number=number)) for number in range(1, 13)],
]


class PlanField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Plan) -> str:
        """The short title first: numbers alone tell plans apart for nobody."""
        number = f" ({obj.number})" if obj.number else ""
        return f"{obj.short_title}{number}"


class PrepareForm(forms.Form):
    """Which plan, which year, up to when."""

    plan = PlanField(
        label=_("Kế hoạch"), queryset=Plan.objects.none(), to_field_name="slug", empty_label=None
    )
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    period = forms.ChoiceField(label=_("Kỳ báo cáo"), choices=PERIODS, initial=YEAR)

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        year, code = cleaned.get("year"), cleaned.get("period")
        if year and code:
            try:
                cleaned["period"] = ReportPeriod.parse(year, f"{year}-{code}" if code.isdigit() else code)
            except InvalidPeriod:
                self.add_error("period", _("Kỳ báo cáo không hợp lệ."))
        return cleaned


class NarrativeForm(forms.Form):
    """The judgement parts the officer types. A part left empty prints as dotted lines."""

    direction = forms.CharField(label=_("I. Công tác chỉ đạo, điều hành"))
    strengths = forms.CharField(label=_("V.1. Ưu điểm"))
    limits = forms.CharField(label=_("V.2. Tồn tại, hạn chế"))
    causes = forms.CharField(label=_("V.3. Nguyên nhân"))
    next = forms.CharField(label=_("VI. Phương hướng, nhiệm vụ"))
    proposals = forms.CharField(label=_("VII. Đề xuất, kiến nghị"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.max_length = NARRATIVE_LIMIT
            field.widget = forms.Textarea(attrs={"rows": 4, "maxlength": NARRATIVE_LIMIT, "lang": "vi"})
            if not (self.initial.get(name) or "").strip():
                field.help_text = _("Chưa nhập: bản in để dòng chấm “…” ở phần này.")


class FreezeForm(forms.Form):
    """Freezing again says why."""

    reason = forms.CharField(
        label=_("Lý do lập lại"),
        required=False,
        max_length=300,
        help_text=_("Chỉ cần khi nội dung đã khác bản chốt trước."),
    )
