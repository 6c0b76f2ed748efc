"""Files rendered from snapshots, and the signatures on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.models.reports import Snapshot
from reporting.said import Said


class ReportFile(models.Model):
    """One rendering of a snapshot. The file is written once and named by its hash."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        PDFA = "pdfa", _("PDF/A lưu trữ")
        XLSX = "xlsx", "Excel"
        DOCX = "docx", "Word"
        ZIP = "zip", "ZIP"

    class Status(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        DONE = "done", _("xong")
        FAILED = "failed", _("lỗi")

    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("bản chốt số liệu"), on_delete=models.PROTECT, related_name="files"
    )
    format = models.CharField(_("định dạng"), max_length=4, choices=Format.choices)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(_("đã dựng, %"), default=0)
    file = models.FileField(_("tệp"), upload_to="reports/", blank=True, max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField(_("kích thước"), null=True)
    error = models.CharField(
        pgettext_lazy("vì sao", "lỗi"),
        max_length=300,
        blank=True,
        help_text="As written before errors were kept as a code",
    )
    error_code = models.CharField(_("mã lỗi"), max_length=30, blank=True, help_text="reporting.said")
    error_values = models.JSONField(_("giá trị trong lỗi"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("tệp báo cáo")
        verbose_name_plural = pgettext_lazy("nhiều", "tệp báo cáo")
        ordering = ["snapshot", "format"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "format"], name="report_file_unique"),
            models.CheckConstraint(
                condition=~models.Q(status="done") | ~models.Q(sha256=""), name="report_file_done_has_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}.{self.format}"

    @property
    def error_words(self) -> str:
        """Why it was not made, in the active language; "" where nothing went wrong."""
        return str(Said(self.error_code, self.error_values)) if self.error_code else self.error

    @property
    def last_signature(self) -> Signature | None:
        """The newest signature: its file carries the earlier ones too, and is the one to pass on."""
        return next(reversed(self.signatures.all()), None)


class Signature(models.Model):
    """A signature on a snapshot's PDF: by the person first, then by the agency. Each leaves a file of its own."""

    class Part(models.TextChoices):
        PERSON = "person", _("người ký")
        AGENCY = "agency", _("cơ quan")

    file = models.ForeignKey(
        ReportFile, verbose_name=_("tệp báo cáo"), on_delete=models.PROTECT, related_name="signatures"
    )
    part = models.CharField(_("chữ ký của"), max_length=10, choices=Part.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người bấm ký"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("ký lúc"))
    certificate = models.JSONField(
        _("chứng thư"),
        help_text="subject, issuer, serial (hex), valid_from, valid_to (ISO 8601), is_test",
    )
    signed = models.FileField(_("tệp đã ký"), upload_to="reports/", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("kích thước"))

    class Meta:
        verbose_name = _("chữ ký số")
        verbose_name_plural = pgettext_lazy("nhiều", "chữ ký số")
        ordering = ["file", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "part"],
                name="signature_once",
                violation_error_message=_("Văn bản đã có chữ ký này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.part}"
