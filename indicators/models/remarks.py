"""What people say about figures: notes on a cell, why a period has no report, what should be corrected."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Facility
from indicators.models.catalogue import DataElement, Group
from indicators.models.figures import Submission


class CellNote(models.Model):
    """The latest words of one kind on one cell; what they replaced stands in the log.

    A reason and a reviewer's remark are about one value (`value`, `no_data`): they hold while the cell
    keeps it, and say nothing about another.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("ghi chú")
        REASON = "reason", _("giải thích")
        SENT_BACK = "sent_back", _("lý do trả lại")
        TYPED = "typed", _("chữ chưa đọc được")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="notes")
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("nội dung"))
    value = models.BigIntegerField(null=True)
    no_data = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("ghi chú của ô")
        verbose_name_plural = pgettext_lazy("nhiều", "ghi chú của ô")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "element", "group", "kind"], name="cell_note_unique"
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="cell_note_says_something",
                violation_error_message=_("Ghi chú phải có nội dung."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Absence(models.Model):
    """Why a facility files no report of a form for a period, in its own or its reviewer's words."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="absences")
    form_code = models.CharField(_("biểu"), max_length=20)
    period = models.DateField(_("kỳ"))
    reason = models.CharField(_("lý do"), max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("lý do chưa báo cáo")
        verbose_name_plural = pgettext_lazy("nhiều", "lý do chưa báo cáo")
        constraints = [
            models.UniqueConstraint(fields=["facility", "form_code", "period"], name="absence_unique"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="absence_reason_given",
                violation_error_message=_("Cần ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Correction(models.Model):
    """A proposal to change cells of an approved submission. Nothing changes until a reviewer accepts it whole."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("chờ xem xét")
        ACCEPTED = "accepted", _("chấp nhận")
        REFUSED = "refused", _("không chấp nhận")
        WITHDRAWN = "withdrawn", _("đã rút")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="corrections")
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    reason = models.CharField(_("vì sao sửa"), max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(_("trả lời"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("đề nghị đính chính")
        verbose_name_plural = pgettext_lazy("nhiều", "đề nghị đính chính")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(status="proposed"),
                name="correction_one_open",
                violation_error_message=_("Báo cáo này đang có một đề nghị chờ xem xét."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_reason_given",
                violation_error_message=_("Đính chính phải nêu lý do."),
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_at__isnull=False),
                name="correction_decided_at_set",
                violation_error_message=_("Đề nghị đã quyết định phải có thời điểm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.reason}"


class CorrectionCell(models.Model):
    """One cell of a proposal: the value it stood at when proposed, and the one asked for."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="cells")
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    old_value = models.BigIntegerField(null=True)
    old_no_data = models.BooleanField(default=False)
    new_value = models.BigIntegerField(null=True)
    new_no_data = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "element", "group"], name="correction_cell_unique"),
            models.CheckConstraint(
                condition=Q(new_value__isnull=True) | Q(new_value__gte=0, new_no_data=False),
                name="correction_cell_possible",
                violation_error_message=_("Số liệu không thể âm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.element_id}"
