"""What arrived from a browser or a workbook: operations counted once, uploads waiting for a yes; closed periods."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area
from indicators.models.figures import Submission


class Operation(models.Model):
    """One batch of changes a browser sent, by the number it gave it. Sent again it gets the same answer.

    Written in the transaction that stores the changes, so an answer means that they are stored.
    """

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.CASCADE, related_name="operations")
    digest = models.CharField(max_length=64, help_text=_("SHA-256 của nội dung đã gửi"))
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("lần gửi")
        verbose_name_plural = pgettext_lazy("nhiều", "lần gửi")

    def __str__(self) -> str:
        return str(self.id)


class Upload(models.Model):
    """A workbook a person uploaded: what it would change, waiting until the person confirms.

    `preview` holds the differences and the rejected cells; nothing of it is applied before `applied_at`.
    """

    class Status(models.TextChoices):
        CHECKING = "checking", _("đang kiểm tra")
        READY = "ready", _("chờ xác nhận")
        REFUSED = "refused", _("không nhận")
        APPLIED = "applied", _("đã ghi")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(_("tên tệp"), max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status.choices, default=Status.CHECKING)
    problem = models.TextField(_("vì sao không nhận"), blank=True)
    preview = models.JSONField(default=dict)
    at = models.DateTimeField(_("tải lên lúc"))
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tệp đã tải lên")
        verbose_name_plural = pgettext_lazy("nhiều", "tệp đã tải lên")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="applied") | Q(applied_at__isnull=False), name="upload_applied_at_set"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ClosedPeriod(models.Model):
    """A month (or year of the yearly forms) whose figures are closed in an area, until somebody reopens it.

    It holds for every facility standing in a commune that the area covers. Reopening deletes the row; the
    log keeps both acts.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="closed_periods")
    period = models.DateField(_("kỳ"))
    yearly = models.BooleanField(_("biểu năm"), default=False)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    at = models.DateTimeField(_("khóa lúc"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("kỳ đã khóa")
        verbose_name_plural = pgettext_lazy("nhiều", "kỳ đã khóa")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "period", "yearly"],
                name="closed_period_unique",
                violation_error_message=_("Kỳ này đã khóa."),
            ),
            models.CheckConstraint(
                condition=Q(period__day=1) & (Q(yearly=False) | Q(period__month=1)),
                name="closed_period_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.period:%Y-%m}"
