"""The form that begins a report: one for each kind, asking only what that kind needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from facilities.models import Agency
from facilities.periods import InvalidPeriod
from plans.models import Plan
from reporting.actions.opening import Wanted
from reporting.content.periods import HALF, NINE_MONTHS, YEAR, ReportPeriod
from reporting.models import Report
from reporting.presenters.reports import number_words

PERIODS = [
    (YEAR, _("cả năm")),
    (HALF, _("6 tháng đầu năm")),
    (NINE_MONTHS, _("9 tháng đầu năm")),
    *[(f"{number:02d}", format_lazy(_("đến hết tháng {number}"), number=number)) for number in range(1, 13)],
]
Kind, Boundaries = Report.Kind, Report.Boundaries


class PlanField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Plan) -> str:
        """The short title first: numbers alone tell plans apart for nobody."""
        number = f" ({number_words(obj).strip('()')})" if obj.number else ""
        return f"{obj.short_title}{number}"


class AgencyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Agency) -> str:
        return obj.name


def year_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=2000, max_value=2100)


class OpeningForm(forms.Form):
    """Of a plan, in a year, up to when. A period that is not over asks once whether it is meant.

    `wanted` holds what was asked for once the form is valid.
    """

    plan = PlanField(
        label=_("Kế hoạch"),
        queryset=Plan.objects.none(),
        to_field_name="slug",
        empty_label=_("Chọn kế hoạch"),
    )
    year = year_field(_("Năm"))
    period = forms.ChoiceField(label=_("Kỳ báo cáo"), choices=PERIODS, initial=YEAR)
    confirmed = forms.BooleanField(label=_("Vẫn lập báo cáo cho kỳ chưa kết thúc này"), required=False)

    def __init__(
        self,
        *args: Any,
        kind: str,
        plans: QuerySet[Plan],
        agencies: QuerySet[Agency],
        can_restate: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        self.choose_from(plans, agencies)
        if "boundaries" in self.fields and not can_restate:
            del self.fields["boundaries"]

    def choose_from(self, plans: QuerySet[Plan], agencies: QuerySet[Agency]) -> None:
        self.fields["plan"].queryset = plans

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
        self.wanted = Wanted(
            kind=self.kind,
            period=period,
            plan=cleaned.get("plan"),
            agency=cleaned.get("agency"),
            start_year=cleaned.get("start_year"),
            boundaries=cleaned.get("boundaries") or Boundaries.OWN,
        )
        if not cleaned.get("confirmed") and self._is_early():
            self.add_error("confirmed", self._early_words(period))
        return cleaned

    def _is_early(self) -> bool:
        """Whether a report that may be opened would be opened before its period is over."""
        wanted, period = self.wanted, self.wanted.period
        may_be = wanted.agency is not None if self.kind == Kind.COMBINED else self._is_in_plan()
        if not may_be or period.year != self.today.year:
            return False
        has_begun = "-" not in period.code or period.last.number <= self.today.month
        known = Report.objects.filter(
            kind=self.kind,
            plan=wanted.plan,
            agency=wanted.agency,
            start_year=wanted.start_year,
            year=period.year,
            period=period.code,
            boundaries=wanted.boundaries,
        )
        return has_begun and not period.is_over(self.today) and not known.exists()

    def _is_in_plan(self) -> bool:
        wanted = self.wanted
        return wanted.plan is not None and wanted.period.year in wanted.plan.years

    def _early_words(self, period: ReportPeriod) -> str:
        words = gettext(
            "Hôm nay là %(today)s, kỳ báo cáo kết thúc ngày cuối tháng %(month)s/%(year)s: số liệu chưa đủ. "
            "Chọn kỳ đã hết, hoặc đánh dấu ô này rồi bấm Tiếp tục."
        )
        shown = f"{self.today:%d/%m/%Y}"
        return words % {"today": shown, "month": period.last.number, "year": period.year}


def boundaries_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Ranh giới"),
        choices=[
            (Boundaries.OWN, _("của kế hoạch")),
            (Boundaries.TODAY, _("hiện nay (quy số liệu về tỉnh mới)")),
        ],
        initial=Boundaries.OWN,
        required=False,
        help_text=_("Chỉ kế hoạch của tỉnh đã sắp xếp mới quy về ranh giới hiện nay được."),
    )


class PlanForm(OpeningForm):
    """Of one plan, on its own boundaries or on today's."""

    boundaries = boundaries_field()

    field_order = ("plan", "year", "period", "boundaries", "confirmed")


class ReviewForm(OpeningForm):
    """Of one plan over several years; the period is that of the last one."""

    start_year = year_field(_("Từ năm"))
    boundaries = boundaries_field()

    field_order = ("plan", "start_year", "year", "period", "boundaries", "confirmed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].label = _("Đến năm")
        self.fields["period"].label = _("Kỳ của năm cuối")

    def choose_from(self, plans: QuerySet[Plan], agencies: QuerySet[Agency]) -> None:
        self.fields["plan"].queryset = plans.filter(end_year__gt=F("start_year"))


class CombinedForm(OpeningForm):
    """Of all plans an agency answers for."""

    plan = None
    agency = AgencyField(label=_("Cơ quan"), queryset=Agency.objects.none(), empty_label=_("Chọn cơ quan"))

    field_order = ("agency", "year", "period", "confirmed")

    def choose_from(self, plans: QuerySet[Plan], agencies: QuerySet[Agency]) -> None:
        self.fields["agency"].queryset = agencies


# Kinds without a form of their own ask for plan, year and period.
FORMS: dict[str, type[OpeningForm]] = {
    Kind.PLAN: PlanForm,
    Kind.REVIEW: ReviewForm,
    Kind.COMBINED: CombinedForm,
}


def form_of(kind: str) -> type[OpeningForm]:
    return FORMS.get(kind, OpeningForm)
