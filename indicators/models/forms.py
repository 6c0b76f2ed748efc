"""The sheets stations fill in, who owes them and when."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility
from indicators.models.catalogue import Basis, Bilingual, DataElement, Group

# A day that every year has: a deadline of 29 February would be none in most years.
MONTH_DAY = "^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))$"
MONTH_DAY_WANTED = _("Viết tháng-ngày dạng MM-DD, ví dụ 01-31 là ngày 31 tháng 1.")
MOST_WORKING_DAYS = 60


class FormQuerySet(models.QuerySet["Form"]):
    def valid_on(self, day: date) -> FormQuerySet:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class Form(Bilingual):
    """One version of a form. Circulars change, so a form is (code, valid_from)."""

    class Periodicity(models.TextChoices):
        MONTH = "month", _("hằng tháng")
        YEAR = "year", _("hằng năm")

    code = models.CharField(_("mã"), max_length=20)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)
    legal_basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    basis = models.CharField(_("tính theo"), max_length=10, choices=Basis.choices)
    periodicity = models.CharField(_("kỳ báo cáo"), max_length=10, choices=Periodicity.choices)
    facility_types = models.JSONField(_("loại cơ sở phải nộp"), default=list)
    deadline_working_days = models.PositiveSmallIntegerField(
        _("hạn nộp (ngày làm việc)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WORKING_DAYS)],
        help_text=_("Sau khi hết tháng"),
    )
    allows_nothing = models.BooleanField(
        _("được báo “không phát sinh”"), default=False, help_text=_("Một thao tác điền 0 cho cả biểu")
    )
    deadline_month_day = models.CharField(
        _("hạn nộp (tháng-ngày)"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(MONTH_DAY, MONTH_DAY_WANTED)],
        help_text=_("Biểu năm: MM-DD của năm số liệu"),
    )

    objects = FormQuerySet.as_manager()

    class Meta:
        verbose_name = _("biểu mẫu")
        verbose_name_plural = pgettext_lazy("nhiều", "biểu mẫu")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="form_code_from_unique",
                violation_error_message=_("Biểu này đã có phiên bản bắt đầu cùng ngày."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="form_life_positive",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(deadline_month_day="") | Q(deadline_month_day__regex=MONTH_DAY),
                name="form_deadline_month_day",
                violation_error_message=MONTH_DAY_WANTED,
            ),
            models.CheckConstraint(
                condition=Q(deadline_working_days__isnull=True)
                | Q(deadline_working_days__range=(1, MOST_WORKING_DAYS)),
                name="form_deadline_working_days",
                violation_error_message=_("Hạn nộp là từ 1 đến 60 ngày làm việc."),
            ),
        ]

    def clean(self) -> None:
        """Who owes the form is chosen from the types there are: anything else would owe nothing, or break duties."""
        super().clean()
        types, known = self.facility_types, set(Facility.Type.values)
        if not (isinstance(types, list) and types and all(isinstance(t, str) and t in known for t in types)):
            words = gettext(
                "Viết danh sách các loại cơ sở, ví dụ [“station”, “point”]; có các loại: %(types)s."
            )
            raise ValidationError({"facility_types": words % {"types": ", ".join(sorted(known))}})

    @property
    def is_yearly(self) -> bool:
        return self.periodicity == self.Periodicity.YEAR


class FormSection(models.Model):
    form = models.ForeignKey(
        Form, verbose_name=_("biểu mẫu"), on_delete=models.CASCADE, related_name="sections"
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    title = models.CharField(_("tiêu đề"), max_length=200)
    title_en = models.CharField(_("tiêu đề tiếng Anh"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("phần của biểu")
        verbose_name_plural = pgettext_lazy("nhiều", "phần của biểu")
        ordering = ["form", "order"]
        constraints = [models.UniqueConstraint(fields=["form", "order"], name="form_section_unique")]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title


class FormItem(models.Model):
    """One cell of a form: an element for everybody or for a group of people."""

    form = models.ForeignKey(Form, verbose_name=_("biểu mẫu"), on_delete=models.CASCADE, related_name="items")
    section = models.ForeignKey(
        FormSection, verbose_name=_("phần của biểu"), on_delete=models.CASCADE, related_name="items"
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    element = models.ForeignKey(
        DataElement, verbose_name=_("số liệu"), on_delete=models.PROTECT, related_name="items"
    )
    group = models.ForeignKey(Group, verbose_name=_("nhóm"), on_delete=models.PROTECT, related_name="+")
    column = models.CharField(_("cột"), max_length=10, blank=True)
    name = models.CharField(_("tên riêng trên biểu"), max_length=400, blank=True)
    name_en = models.CharField(_("tên riêng tiếng Anh"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("ô của biểu")
        verbose_name_plural = pgettext_lazy("nhiều", "ô của biểu")
        ordering = ["form", "section__order", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "element", "group"],
                name="form_cell_unique",
                violation_error_message=_("Ô này đã có trên biểu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_id}: {self.column}"

    @property
    def label(self) -> str:
        """The item's own wording on this form, else the element's name and the group."""
        own = self.name_en if self.name_en and get_language() == "en" else self.name
        if own:
            return own
        return f"{self.element.label} – {self.group.label}" if self.group.code else self.element.label

    @property
    def written_name(self) -> str:
        """Its column and name as the form is issued, for what is written down and read by others: "12 Số trẻ sinh"."""
        whole = f"{self.element.name} – {self.group.name}" if self.group.code else self.element.name
        return f"{self.column} {self.name or whole}".strip()


class Duty(models.Model):
    """Derived: in months [from_month, to_month) this facility owes this form.

    Either a station or its points owe a form, never both (domain/places.md). For yearly forms the
    months say in which years the form is owed: the year of every month inside.
    """

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="duties")
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="duties")
    from_month = models.DateField()
    to_month = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "form", "from_month"], name="duty_unique")]

    def __str__(self) -> str:
        return f"{self.facility_id} owes {self.form_id} from {self.from_month:%Y-%m}"
