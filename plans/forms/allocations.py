"""Sharing a target out: how, to whom, by which document, and a value for every place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Area
from plans.actions.allocations import LONGEST, Terms
from plans.allocation import Goal, Method, fault_of
from plans.forms.fields import DayField, NumberField
from plans.models import AllocationVersion
from plans.standing.refusals import fault_words

YES = "1"


class ChoiceForm(forms.Form):
    """How the target is shared out. What is missing or makes no sense takes the default; nothing is refused."""

    method = forms.ChoiceField(label=gettext_lazy("Cách phân bổ"))
    level = forms.ChoiceField(label=gettext_lazy("Giao cho"))
    adds_up = forms.ChoiceField(label=gettext_lazy("Chỉ tiêu là"))

    def __init__(
        self,
        data: Any,
        *,
        levels: Sequence[str],
        adds_up: bool | None,
        latest: AllocationVersion | None,
    ) -> None:
        super().__init__(data)
        self.fields["method"].choices = _methods(latest, adds_up)
        self.fields["level"].choices = [(level, Area.Level(level).label) for level in levels]
        self.fields["adds_up"].choices = [
            ("", _("một mức, mọi nơi cùng so với nó")),
            (YES, _("số đếm, các phần cộng lại bằng nó")),
        ]
        self.fields["adds_up"].required = False
        if adds_up is not None:
            del self.fields["adds_up"]
        self.nature, self.latest = adds_up, latest
        self.full_clean()

    @property
    def method_chosen(self) -> str:
        default = Method.MANUAL if self.latest else Method.EQUAL
        return self.cleaned_data.get("method") or str(default)

    @property
    def level_chosen(self) -> str:
        levels = [level for level, _label in self.fields["level"].choices]
        default = self.latest.level if self.latest and self.latest.level in levels else next(iter(levels), "")
        return self.cleaned_data.get("level") or default

    @property
    def adds_up_chosen(self) -> bool:
        if self.nature is not None:
            return self.nature
        if "adds_up" in self.data:
            return self.cleaned_data.get("adds_up") == YES
        return bool(self.latest and self.latest.adds_up)


def _methods(latest: AllocationVersion | None, adds_up: bool | None) -> list[tuple[str, Any]]:
    """By people only where a count may be meant; by hand starts from the version before."""
    choices = [(one.value, one.label) for one in AllocationVersion.Method]
    if adds_up is False:
        choices = [one for one in choices if one[0] != Method.POPULATION]
    if latest:
        by_hand = _("ghi tay, bắt đầu từ bản %(number)d") % {"number": latest.number}
        choices = [(value, by_hand if value == Method.MANUAL else label) for value, label in choices]
    return choices


class TermsForm(forms.Form):
    """What the version says of itself. Length and dates are checked where it is published."""

    in_force_from = DayField(
        label=gettext_lazy("Áp dụng từ ngày"),
        help_text=gettext_lazy("Số đến tháng nào thì xét theo bản áp dụng vào ngày cuối tháng đó"),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Văn bản giao, phụ lục"),
        max_length=LONGEST,
        help_text=gettext_lazy("Ví dụ: Phụ lục 2 kèm Kế hoạch 683/KH-UBND"),
    )
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=LONGEST, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Lý do chênh với chỉ tiêu chung"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("Chỉ cần khi tổng hoặc bình quân không khớp, hoặc còn nơi chưa được giao"),
    )

    def terms(self, choice: ChoiceForm) -> Terms:
        return Terms(
            level=choice.level_chosen,
            method=choice.method_chosen,
            adds_up=choice.adds_up_chosen,
            **self.cleaned_data,
        )


class SharesForm(forms.Form):
    """A field a place, named by its area's id; blank is given nothing, and what none can be given is refused.

    Each carries what the page was opened with, so that what a person typed is told from what stood there.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        goal: Goal,
        areas: Sequence[Area],
        values: Mapping[int, Decimal | None] | None = None,
    ) -> None:
        initial = {name_of(key): value for key, value in (values or {}).items()}
        super().__init__(data, initial=initial)
        for area in areas:
            self.fields[name_of(area.pk)] = NumberField(
                label=area.name, required=False, show_hidden_initial=True
            )
        self.goal = goal

    def clean(self) -> dict[str, Decimal | None]:
        for name, value in list(self.cleaned_data.items()):
            if value is not None and (fault := fault_of(self.goal, value)):
                self.add_error(name, fault_words(fault))
        return self.cleaned_data

    def values(self) -> dict[int, Decimal | None]:
        """What could be read, by area id."""
        return {int(name[1:]): value for name, value in self.cleaned_data.items()}


def name_of(area: int | str) -> str:
    return f"v{area}"


def first_day(year: int, latest: AllocationVersion | None, today: date) -> date:
    """The first version of a year counts from its beginning, a later one from today, within the year."""
    if latest is None:
        return date(year, 1, 1)
    return max(latest.in_force_from, min(today, date(year, 12, 31)))
