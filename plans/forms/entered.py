"""What people enter on a line: an actual, an estimate, a verdict."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.fields import NumberField
from plans.models import EnteredFigure, PlanIndicator, Target

VERDICTS = [("", _("chọn")), ("1", _("đạt")), ("0", _("không đạt"))]


class EnteredForm(forms.Form):
    """Cleans into the arguments of `enter_figure`."""

    year = forms.TypedChoiceField(label=_("Năm"), coerce=int)
    kind = forms.ChoiceField(label=_("Loại"))
    value = NumberField(label=_("Giá trị"))
    numerator = NumberField(label=_("Tử số"), required=False)
    denominator = NumberField(label=_("Mẫu số"), required=False)
    source = forms.CharField(
        label=_("Nguồn"), max_length=300, help_text=_("Văn bản, cuộc điều tra hoặc người cung cấp số liệu")
    )

    def __init__(self, *args: Any, line: PlanIndicator, year: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": year})
        super().__init__(*args, **kwargs)
        plan = line.plan
        first = min(plan.start_year - 1, plan.baseline_year or plan.start_year)
        self.fields["year"].choices = [(y, str(y)) for y in range(first, plan.end_year + 1)]
        if is_qualitative(line):
            self.fields["kind"].choices = [(EnteredFigure.Kind.VERDICT, _("đánh giá"))]
            self.fields["value"] = forms.TypedChoiceField(
                label=_("Kết quả"), choices=VERDICTS, coerce=Decimal
            )
            del self.fields["numerator"], self.fields["denominator"]
        else:
            kinds = (EnteredFigure.Kind.ACTUAL, EnteredFigure.Kind.ESTIMATE)
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]


def is_qualitative(line: PlanIndicator) -> bool:
    """The line promises something a person judges."""
    targets = list(line.targets.all())
    return bool(targets) and all(target.kind == Target.Kind.TEXT for target in targets)
