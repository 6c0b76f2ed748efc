"""What came in: submissions, their values, and every change of a value."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area, Facility
from facilities.periods import format_period
from indicators.models.catalogue import DataElement, Group
from indicators.models.forms import Form


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def within(self, areas: models.QuerySet[Area]) -> SubmissionQuerySet:
        return self.filter(facility__in=Facility.objects.within(areas))


class Submission(models.Model):
    """One form of one facility for one period: draft → submitted → approved, or sent back."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("nháp")
        SUBMITTED = "submitted", _("đã nộp")
        APPROVED = "approved", _("đã duyệt")
        SENT_BACK = "sent_back", _("trả lại")

    facility = models.ForeignKey(
        Facility, verbose_name=_("cơ sở"), on_delete=models.PROTECT, related_name="submissions"
    )
    form = models.ForeignKey(
        Form, verbose_name=_("biểu mẫu"), on_delete=models.PROTECT, related_name="submissions"
    )
    period = models.DateField(_("kỳ"), help_text=_("Ngày đầu của tháng; ngày 01/01 với biểu năm"))
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    reason = models.TextField(_("lý do trả lại"), blank=True)
    version = models.PositiveIntegerField(
        _("lần ghi"), default=0, help_text=_("Tăng mỗi lần lưu; hai người cùng ghi thì người sau được hỏi")
    )
    created_at = models.DateTimeField(_("bắt đầu lúc"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(
        _("nộp lần đầu lúc"), null=True, blank=True, help_text=_("Đúng hạn hay muộn tính theo lần đầu")
    )
    nothing_occurred = models.BooleanField(_("không phát sinh"), default=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người nộp"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("duyệt hoặc trả lúc"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người duyệt hoặc trả"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo tháng")
        verbose_name_plural = pgettext_lazy("nhiều", "báo cáo tháng")
        ordering = ["-period", "facility", "form"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "form", "period"],
                name="submission_unique",
                violation_error_message=_("Báo cáo này đã có."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "approved"]) | Q(submitted_at__isnull=False),
                name="submission_submitted_at_set",
                violation_error_message=_("Báo cáo đã nộp phải có thời điểm nộp."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "sent_back"]) | Q(decided_at__isnull=False),
                name="submission_decided_at_set",
                violation_error_message=_("Báo cáo đã duyệt hoặc trả lại phải có thời điểm."),
            ),
            models.CheckConstraint(
                condition=~Q(status="sent_back") | ~Q(reason=""),
                name="submission_reason_given",
                violation_error_message=_("Trả lại phải nêu lý do."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(first_submitted_at__isnull=False),
                name="submission_first_submitted_at_set",
                violation_error_message=_("Báo cáo đã nộp phải có thời điểm nộp lần đầu."),
            ),
            models.CheckConstraint(
                condition=Q(period__day=1),
                name="submission_period_first_day",
                violation_error_message=_("Kỳ là ngày đầu tháng."),
            ),
        ]
        indexes = [models.Index(fields=["period", "status"], name="submission_period_status")]

    def __str__(self) -> str:
        return f"{self.facility} – {self.form.code} – {self.period_text}"

    def get_absolute_url(self) -> str:
        return reverse("submissions:form", args=[self.facility.code, self.form.code, self.period_text])

    @property
    def period_text(self) -> str:
        """`YYYY-MM`, or `YYYY` for a yearly form."""
        return format_period(self.period, yearly=self.form.is_yearly)

    @property
    def is_open(self) -> bool:
        """A clerk may still type: not yet submitted, or sent back."""
        return self.status in {self.Status.DRAFT, self.Status.SENT_BACK}


class DataValue(models.Model):
    """One cell: a count, blank (value NULL), or "không có số liệu" (no_data). The three never stand for each other.

    Read by its submission, through the unique key: an index for each key would cost as much again as the table.
    """

    submission = models.ForeignKey(
        Submission,
        verbose_name=_("báo cáo tháng"),
        on_delete=models.CASCADE,
        related_name="values",
        db_index=False,
    )
    element = models.ForeignKey(
        DataElement, verbose_name=_("số liệu"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    group = models.ForeignKey(
        Group, verbose_name=_("nhóm"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    value = models.BigIntegerField(_("giá trị"), null=True)
    no_data = models.BooleanField(_("không có số liệu"), default=False)
    version = models.PositiveIntegerField(_("lần ghi"), default=1)

    class Meta:
        verbose_name = _("giá trị")
        verbose_name_plural = pgettext_lazy("nhiều", "giá trị")
        constraints = [
            models.UniqueConstraint(fields=["submission", "element", "group"], name="data_value_cell_unique"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="data_value_not_negative",
                violation_error_message=_("Số liệu không thể âm."),
            ),
            models.CheckConstraint(
                condition=Q(no_data=False) | Q(value__isnull=True),
                name="data_value_no_data_has_no_value",
                violation_error_message=_("“Không có số liệu” thì không có giá trị."),
            ),
        ]

    def __str__(self) -> str:
        return "NA" if self.no_data else "" if self.value is None else str(self.value)


class DataValueChange(models.Model):
    """Append-only: who changed a cell, when, from what to what, and why. `source` is form, import or api."""

    submission = models.ForeignKey(
        Submission,
        verbose_name=_("báo cáo tháng"),
        on_delete=models.CASCADE,
        related_name="changes",
        db_index=False,
    )
    element = models.ForeignKey(
        DataElement, verbose_name=_("số liệu"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    group = models.ForeignKey(
        Group, verbose_name=_("nhóm"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(_("lần ghi"))
    old_value = models.BigIntegerField(_("giá trị cũ"), null=True)
    old_no_data = models.BooleanField(_("trước đó không có số liệu"), default=False)
    new_value = models.BigIntegerField(_("giá trị mới"), null=True)
    new_no_data = models.BooleanField(_("nay không có số liệu"), default=False)
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người sửa"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    source = models.CharField(_("nguồn"), max_length=10)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("thay đổi số liệu")
        verbose_name_plural = pgettext_lazy("nhiều", "thay đổi số liệu")
        ordering = ["submission", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "element", "group", "version"], name="data_value_change_version_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.element_id} v{self.version}"
