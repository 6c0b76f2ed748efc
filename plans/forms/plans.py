"""A plan, its objectives and its money as a planner writes them."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from facilities.models import Agency, Area
from facilities.text import fold
from plans.forms.choices import area_choices, area_words, group_agencies, last_day
from plans.forms.documents import DocumentField
from plans.forms.fields import DayField, LinesField, NumberField
from plans.models import BudgetLine, Objective, Plan

SLUG_LENGTH, ROOM_FOR_YEARS = 80, 16
SLUG_WORDS = _("Định danh chỉ gồm chữ thường không dấu, số và gạch nối, ví dụ ke-hoach-2026.")
RESERVED = {"new"}


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

    slug = forms.SlugField(
        label=_("Định danh"),
        max_length=SLUG_LENGTH,
        required=False,
        help_text=_("Đứng trong địa chỉ của kế hoạch; để trống thì lấy theo số hiệu hoặc tên ngắn và năm"),
        error_messages={"invalid": SLUG_WORDS},
    )
    sure_of_years = forms.BooleanField(label=_("Đúng, vẫn lưu với địa bàn và năm này"), required=False)
    advanced = ("slug",)

    class Meta:
        model = Plan
        fields = [
            "slug", "number", "short_title", "title", "issuer", "area", "issued_on", "start_year", "end_year",
            "baseline_year", "report_due", "report_text", "legal_bases", "warnings", "sections",
        ]  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 3}),
            "report_text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, areas: QuerySet[Area], agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        self.fields["area"].choices = partial(area_choices, areas)
        self.fields["issuer"].queryset = agencies
        self.fields["issuer"].choices = [("", "---------"), *group_agencies(agencies)]
        self.fields["sections"].widget.attrs["rows"] = 16
        self._sure_field = self.fields["sure_of_years"]
        if "sure_of_years" not in self.data:
            del self.fields["sure_of_years"]
        if self.instance.pk:
            del self.fields["slug"]
            self.advanced = ()

    @property
    def advanced_has_errors(self) -> bool:
        return any(name in self.errors for name in self.advanced)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(SLUG_WORDS)
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and "slug" in self.fields and not cleaned["slug"]:
            cleaned["slug"] = _free_slug(cleaned)
        if not self.errors:
            self._ask_about_years(cleaned)
        return cleaned

    def _ask_about_years(self, cleaned: dict[str, Any]) -> None:
        """A plan for years in which its area did not exist is likely the wrong one of two of that name: ask once."""
        area, start, end = cleaned["area"], cleaned["start_year"], cleaned["end_year"]
        is_outside = start < area.valid_from.year or (last_day(area) and end > last_day(area).year)
        is_asked_about = {"area", "start_year", "end_year"} & set(self.changed_data)
        if not is_outside or not is_asked_about or cleaned.get("sure_of_years"):
            return
        self.fields["sure_of_years"] = self._sure_field
        words = {"area": area_words(area), "years": f"{start}–{end}" if end != start else start}
        raise ValidationError(
            {
                "area": _("Kế hoạch %(years)s nằm ngoài thời gian của địa bàn %(area)s. Kiểm tra lại.")
                % words,
                "sure_of_years": _("Đánh dấu ô này nếu vẫn muốn lưu."),
            }
        )


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


def _free_slug(cleaned: dict[str, Any]) -> str:
    """From the number (else the short title) and the years: `683-kh-syt-2026`; a counter behind one taken."""
    years = dict.fromkeys([cleaned["start_year"], cleaned["end_year"]])
    number = cleaned.get("number") or ""
    name = number if any(char.isdigit() for char in number) else cleaned["short_title"]
    words = slugify(fold(name.replace("/", " ")))[: SLUG_LENGTH - ROOM_FOR_YEARS].strip("-") or "ke-hoach"
    slug = "-".join([words, *(str(year) for year in years)])
    taken = set(Plan.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(free for n in count(1) if (free := slug if n == 1 else f"{slug}-{n}") not in taken)
