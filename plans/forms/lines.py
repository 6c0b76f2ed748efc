"""A line of a plan, and what its target of a year means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.models import Group
from plans.forms.fields import NumberField
from plans.models import Plan, PlanIndicator, Target
from plans.presenters.words import meaning_words
from plans.targets import Meaning

CUSTOM_KINDS = [(kind.value, kind.label) for kind in (Target.Kind.LEVEL, Target.Kind.CHANGE)]


class LineForm(forms.ModelForm):
    """Choices of objective and parent stay inside the plan."""

    tolerance = NumberField(
        label=_("Sai lệch cho phép"),
        required=False,
        help_text=_("Chỉ cho dòng xét theo một mức hoặc “khoảng …”"),
    )

    class Meta:
        model = PlanIndicator
        fields = [
            "objective", "parent", "order", "key", "label", "name", "indicator", "group", "group_text", "unit",
            "direction", "decimals", "tolerance", "has_baseline", "baseline_text", "origin", "is_further",
            "body_text", "original_text",
        ]  # fmt: skip
        labels = {"has_baseline": _("Kế hoạch có in cột năm gốc")}
        help_texts = {
            "key": _("Ví dụ 2.10: số mục tiêu, dấu chấm, số thứ tự"),
            "has_baseline": "",
            "indicator": _("Để trống nếu không chỉ số nào tính được dòng này"),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("name", "body_text", "original_text")}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].queryset = plan.objectives.all()
        parents = plan.lines.filter(parent__isnull=True).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = parents
        self.fields["group"].queryset = Group.objects.exclude(code="")


class TargetTextForm(forms.Form):
    """First step: the text as the plan prints it. Blank removes the target."""

    text = forms.CharField(
        label=_("Chỉ tiêu như bản in"),
        required=False,
        strip=True,
        help_text=_("Ví dụ: ≥ 97; dưới 11,5; Tăng 0,1. Để trống là năm này không đặt chỉ tiêu."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True)
class Proposal:
    """One way to understand the text, with the words shown to the person who chooses."""

    code: str
    words: str
    meanings: tuple[Meaning, ...]


def proposals(text: str, meanings: Sequence[Meaning], unit: str) -> list[Proposal]:
    """What may be confirmed: the machine's reading, leaving it open where it is ambiguous, or a qualitative one."""
    found = []
    settled = tuple(replace(meaning, ambiguous=False) for meaning in meanings)
    if settled:
        words = "; ".join(meaning_words(meaning, unit=unit) for meaning in settled)
        found.append(Proposal("read", words, settled))
    if any(meaning.ambiguous for meaning in meanings):
        found.append(
            Proposal("open", str(_("chưa quyết định; chưa đánh giá cho đến khi chọn")), tuple(meanings))
        )
    if not any(meaning.kind == "text" for meaning in meanings):
        qualitative = Meaning(text=text)
        found.append(Proposal("text", meaning_words(qualitative), (qualitative,)))
    return found


class ConfirmForm(forms.Form):
    """Second step: a person says what the text means. Cleans into `meanings`."""

    choice = forms.ChoiceField(label=_("Văn bản này có nghĩa là"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Loại"), choices=CUSTOM_KINDS, required=False)
    operator = forms.ChoiceField(label=_("So sánh"), choices=Target.Operator.choices, required=False)
    value = NumberField(label=_("Giá trị"), required=False)
    upper = NumberField(label=_("Cận trên"), required=False, help_text=_("Chỉ khi chọn “trong khoảng”"))

    def __init__(self, *args: Any, text: str, found: Sequence[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.found = text, {proposal.code: proposal for proposal in found}
        choices = [(proposal.code, proposal.words) for proposal in found]
        self.fields["choice"].choices = [*choices, ("custom", _("nghĩa khác, ghi ở dưới"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        choice = cleaned.get("choice")
        if choice == "custom" and not self.errors:
            cleaned["meanings"] = (self._custom(cleaned),)
        elif choice in self.found:
            cleaned["meanings"] = self.found[choice].meanings
        return cleaned

    def _custom(self, cleaned: dict[str, Any]) -> Meaning:
        value, upper, operator = cleaned.get("value"), cleaned.get("upper"), cleaned["operator"]
        if value is None:
            raise ValidationError({"value": _("Cần ghi giá trị.")})
        between = operator == Target.Operator.BETWEEN
        if between and (upper is None or upper < value):
            raise ValidationError({"upper": _("Cận trên phải lớn hơn hoặc bằng cận dưới.")})
        return Meaning(
            text=self.text,
            operator=operator,
            value=value,
            upper=upper if between else None,
            kind=cleaned["kind"],
            signed=True,
        )
