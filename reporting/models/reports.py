"""Reports, the snapshots they freeze, and the files rendered from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area
from plans.models import Plan


class ReportQuerySet(models.QuerySet["Report"]):
    def within(self, areas: models.QuerySet[Area]) -> ReportQuerySet:
        return self.filter(plan__area__in=Area.objects.covered_by(areas))


class Report(models.Model):
    """A plan's report for a period, with the parts an officer types."""

    plan = models.ForeignKey(
        Plan, verbose_name=_("kế hoạch"), on_delete=models.PROTECT, related_name="reports"
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    period = models.CharField(_("kỳ"), max_length=7, help_text="year, h1, m9 or YYYY-MM")
    narrative = models.JSONField(
        _("phần nhận định"),
        default=dict,
        blank=True,
        help_text="Typed parts by section: direction, strengths, limits, causes, next, proposals",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = pgettext_lazy("nhiều", "báo cáo")
        ordering = ["-year", "plan", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "period"],
                name="report_unique",
                violation_error_message=_("Báo cáo này đã có."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan.short_title} – {self.year} ({self.period})"

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])


class Snapshot(models.Model):
    """Everything a report prints, frozen. Never changed; a later difference is another snapshot with its reason."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("lần"))
    data = models.JSONField()
    sha256 = models.CharField("SHA-256", max_length=64)
    reason = models.CharField(_("lý do lập lại"), max_length=300, blank=True)
    at = models.DateTimeField(_("chốt lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người chốt"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("bản chốt số liệu")
        verbose_name_plural = pgettext_lazy("nhiều", "bản chốt số liệu")
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="snapshot_number_unique"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="snapshot_revision_has_reason",
                violation_error_message=_("Lập lại báo cáo phải nêu lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.number}"


class ReportFile(models.Model):
    """One rendering of a snapshot. The file is written once and named by its hash."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        DOCX = "docx", "Word"

    class Status(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        DONE = "done", _("xong")
        FAILED = "failed", _("lỗi")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(_("định dạng"), max_length=4, choices=Format.choices)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    file = models.FileField(_("tệp"), upload_to="reports/", blank=True, max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField(_("kích thước"), null=True)
    error = models.CharField(_("lỗi"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tệp báo cáo")
        verbose_name_plural = pgettext_lazy("nhiều", "tệp báo cáo")
        ordering = ["snapshot", "format"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "format"], name="report_file_unique"),
            models.CheckConstraint(
                condition=~Q(status="done") | ~Q(sha256=""), name="report_file_done_has_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}.{self.format}"
