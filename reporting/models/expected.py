"""Reports owed for a plan: one row for each report a duty makes due, ticked off when it comes."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plans.models import ReportDuty
from reporting.models.reports import Report


class ExpectedReport(models.Model):
    """A report one agency owes for a period. Our own is prepared by the portal; others' are ticked off.

    `undone_at`, `undone_by`: who last took a tick back. Until a person ticks it again, or registers the report after
    that moment, the portal does not tick it off itself.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", _("chưa đến hạn")
        RECEIVED = "received", _("đã nhận")
        LATE = "late", _("nhận muộn")
        MISSING = "missing", _("quá hạn, chưa nhận")

    duty = models.ForeignKey(ReportDuty, on_delete=models.CASCADE, related_name="expected")
    reporter = models.CharField(_("cơ quan báo cáo"), max_length=200)
    year = models.PositiveSmallIntegerField(_("năm"))
    due_on = models.DateField(_("hạn"))
    report = models.ForeignKey(
        Report,
        verbose_name=_("báo cáo của cổng"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="expected",
    )
    received_on = models.DateField(_("nhận ngày"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người ghi nhận"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("bỏ ghi nhận lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người bỏ ghi nhận"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("báo cáo phải nhận")
        verbose_name_plural = pgettext_lazy("nhiều", "báo cáo phải nhận")
        ordering = ["due_on", "duty", "reporter"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "reporter", "year"], name="expected_report_unique"),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(by__isnull=False),
                name="expected_report_received_by",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(received_on=None, undone_at__isnull=False, undone_by__isnull=False),
                name="expected_report_undone_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reporter}, {self.year}"

    def state_on(self, day: date) -> State:
        """Where it stands on `day`: late where it came after its day, missing where the day has passed."""
        if self.received_on:
            return self.State.LATE if self.received_on > self.due_on else self.State.RECEIVED
        return self.State.MISSING if day > self.due_on else self.State.EXPECTED
