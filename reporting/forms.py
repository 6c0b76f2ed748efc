"""Forms of the report pages. Querysets come from the view; forms clean into domain types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from facilities.periods import InvalidPeriod
from plans.models import Plan
from reporting.actions.reports import NARRATIVE_LIMIT, fingerprint
from reporting.content.periods import HALF, NINE_MONTHS, YEAR, ReportPeriod
from reporting.content.sections import NARRATIVE
from reporting.models import Report
from reporting.presenters.reports import number_words

PERIODS = [
    (YEAR, _("cả năm")),
    (HALF, _("6 tháng đầu năm")),
    (NINE_MONTHS, _("9 tháng đầu năm")),
    *[(f"{number:02d}", format_lazy(_("đến hết tháng {number}"), number=number)) for number in range(1, 13)],
]


class PlanField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Plan) -> str:
        """The short title first: numbers alone tell plans apart for nobody."""
        number = f" ({number_words(obj).strip('()')})" if obj.number else ""
        return f"{obj.short_title}{number}"


class PrepareForm(forms.Form):
    """Which plan, which year, up to when. A period that is not over asks once whether it is meant."""

    plan = PlanField(
        label=_("Kế hoạch"),
        queryset=Plan.objects.none(),
        to_field_name="slug",
        empty_label=_("Chọn kế hoạch"),
    )
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    period = forms.ChoiceField(label=_("Kỳ báo cáo"), choices=PERIODS, initial=YEAR)
    confirmed = forms.BooleanField(label=_("Vẫn lập báo cáo cho kỳ chưa kết thúc này"), required=False)

    def __init__(self, *args: Any, plans: QuerySet[Plan], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
        self.today = today

    @property
    def questions(self) -> Iterator[forms.BoundField]:
        """The fields to show: the confirmation only once it was asked for."""
        asked = self.is_bound and bool(self.errors.get("confirmed") or self.data.get("confirmed"))
        return (bound for bound in self if bound.name != "confirmed" or asked)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        year, code = cleaned.get("year"), cleaned.get("period")
        if not year or not code:
            return cleaned
        try:
            period = ReportPeriod.parse(year, f"{year}-{code}" if code.isdigit() else code)
        except InvalidPeriod:
            self.add_error("period", _("Kỳ báo cáo không hợp lệ."))
            return cleaned
        cleaned["period"] = period
        if not cleaned.get("confirmed") and self._is_early(cleaned.get("plan"), period):
            self.add_error("confirmed", self._early_words(period))
        return cleaned

    def _is_early(self, plan: Plan | None, period: ReportPeriod) -> bool:
        """Whether a report that may be opened would be opened before its period is over."""
        if plan is None or period.year not in plan.years or period.year != self.today.year:
            return False
        has_begun = "-" not in period.code or period.last.number <= self.today.month
        known = Report.objects.filter(plan=plan, year=period.year, period=period.code)
        return has_begun and not period.is_over(self.today) and not known.exists()

    def _early_words(self, period: ReportPeriod) -> str:
        words = gettext(
            "Hôm nay là %(today)s, kỳ báo cáo kết thúc ngày cuối tháng %(month)s/%(year)s: số liệu chưa đủ. "
            "Chọn kỳ đã hết, hoặc đánh dấu ô này rồi bấm Tiếp tục."
        )
        shown = f"{self.today:%d/%m/%Y}"
        return words % {"today": shown, "month": period.last.number, "year": period.year}


class Prose(forms.CharField):
    """A typed part. Lines end as they are counted in the browser, in one character."""

    def __init__(self, *, label: Promise) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "lang": "vi"})
        super().__init__(label=label, required=False, max_length=NARRATIVE_LIMIT, widget=widget)

    def to_python(self, value: str | None) -> str:
        return super().to_python((value or "").replace("\r\n", "\n"))


class NarrativeForm(forms.Form):
    """The judgement parts the officer types. A part left empty prints as dotted lines.

    A hidden field `shown_<part>` says which text a part was typed over, so that two people who type in
    different parts keep both.
    """

    direction = Prose(label=_("I. Công tác chỉ đạo, điều hành"))
    strengths = Prose(label=_("V.1. Ưu điểm"))
    limits = Prose(label=_("V.2. Tồn tại, hạn chế"))
    causes = Prose(label=_("V.3. Nguyên nhân"))
    next = Prose(label=_("VI. Phương hướng, nhiệm vụ"))
    proposals = Prose(label=_("VII. Đề xuất, kiến nghị"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others: dict[str, str] = {}
        for name in NARRATIVE:
            field, stored = self.fields[name], self.initial.get(name) or ""
            if not stored.strip():
                field.help_text = _("Chưa nhập: bản in để dòng chấm “…” ở phần này.")
            self.fields[shown_name(name)] = forms.CharField(
                required=False, initial=fingerprint(stored), widget=forms.HiddenInput
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, str]]:
        """Each part, what it was typed over, and what somebody else wrote there meanwhile."""
        return [(self[name], self[shown_name(name)], self.others.get(name, "")) for name in NARRATIVE]

    @property
    def parts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in NARRATIVE}

    @property
    def shown(self) -> dict[str, str]:
        values = {name: self.cleaned_data[shown_name(name)] for name in NARRATIVE}
        return {name: value for name, value in values.items() if value}

    def settle(self, stored: Mapping[str, str], others: Mapping[str, str]) -> None:
        """Go on from what is stored now; a part in conflict keeps the typed text and shows the other's."""
        self.others = dict(others)
        self.data = self.data.copy()
        for name in NARRATIVE:
            self.data[shown_name(name)] = fingerprint(stored.get(name, ""))
            if name not in others:
                self.data[name] = stored.get(name, "")
                continue
            self.add_error(
                name,
                _("Người khác vừa sửa phần này. Gộp hai bản vào ô rồi lưu lần nữa: ô này sẽ thay bản kia."),
            )


def shown_name(name: str) -> str:
    return f"shown_{name}"


class FreezeForm(forms.Form):
    """Freezing again says why."""

    reason = forms.CharField(
        label=_("Lý do lập lại"),
        required=False,
        max_length=300,
        help_text=_("Chỉ cần khi nội dung đã khác bản chốt trước."),
    )
