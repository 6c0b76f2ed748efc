"""The total of a past year as an old report gives it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from facilities.models import Area
from plans.forms.choices import area_choices
from plans.forms.fields import NumberField
from plans.models import HistoricTotal


class HistoryForm(forms.ModelForm):
    """`areas` are the provinces and districts whose totals the person may enter."""

    value = NumberField(
        label=_("Giá trị"),
        required=False,
        help_text=_("Đúng như báo cáo cũ; để trống nếu có đủ tử số và mẫu số"),
    )
    numerator = NumberField(label=_("Tử số"), required=False)
    denominator = NumberField(label=_("Mẫu số"), required=False)
    advanced = ()

    class Meta:
        model = HistoricTotal
        fields = ["area", "year", "value", "numerator", "denominator", "source"]
        help_texts = {
            "area": _("Tỉnh hoặc huyện mà báo cáo cũ nói đến, đúng ranh giới khi đó"),
            "source": _("Số hiệu, ngày và cơ quan của báo cáo"),
        }

    def __init__(self, *args: Any, areas: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        self.fields["area"].choices = partial(area_choices, areas)
