"""A plan, its objectives and its money as a planner writes them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from facilities.models import Agency, Area
from plans.forms.documents import DocumentField
from plans.forms.fields import DayField, LinesField, NumberField
from plans.models import BudgetLine, Objective, Plan


class PlanForm(forms.ModelForm):
    """`areas` and `agencies` are those the planner may write plans for."""

    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    report_due = DayField(label=_("Hạn báo cáo"), required=False)
    legal_bases = LinesField(label=_("Căn cứ"), required=False, help_text=_("Mỗi căn cứ một dòng"))
    warnings = LinesField(
        label=_("Lưu ý"), required=False, help_text=_("Điều người đọc cần biết khi so sánh; mỗi ý một dòng")
    )
    sections = DocumentField(
        label=_("Toàn văn"), required=False, help_text=_("Dòng bắt đầu bằng “# ” là tiêu đề của một phần")
    )

    class Meta:
        model = Plan
        fields = [
            "slug", "number", "short_title", "title", "issuer", "area", "issued_on", "start_year", "end_year",
            "baseline_year", "report_due", "report_text", "legal_bases", "warnings", "sections",
        ]  # fmt: skip
        help_texts = {"slug": _("Chữ thường không dấu, số và gạch nối; đứng trong địa chỉ của kế hoạch")}
        widgets = {
            "title": forms.Textarea(attrs={"rows": 3}),
            "report_text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, areas: QuerySet[Area], agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        self.fields["area"].label_from_instance = _area_words
        self.fields["issuer"].queryset = agencies
        self.fields["sections"].widget.attrs["rows"] = 16
        if self.instance.pk:
            del self.fields["slug"]


class ObjectiveForm(forms.ModelForm):
    class Meta:
        model = Objective
        fields = ["label", "title", "order"]
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}


class BudgetLineForm(forms.ModelForm):
    amount = NumberField(label=_("Kinh phí giao"), integer=True)
    spent = NumberField(
        label=_("Đã thực hiện"), integer=True, required=False, help_text=_("Để trống là chưa báo cáo")
    )

    class Meta:
        model = BudgetLine
        fields = ["year", "source", "amount", "spent", "currency", "words"]


def _area_words(area: Area) -> str:
    """The same name was held by different places, so the day their life began says which."""
    return f"{area.name} ({area.valid_from:%d/%m/%Y}{f'–{area.valid_to:%d/%m/%Y}' if area.valid_to else ''})"
