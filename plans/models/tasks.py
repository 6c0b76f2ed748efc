"""Tasks of a plan, who leads them, and how they stand."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Agency
from plans.models.plans import Plan


class Task(models.Model):
    class Section(models.TextChoices):
        APPENDIX = "appendix", _("phụ lục nhiệm vụ")
        ORGANISATION = "organisation", _("tổ chức thực hiện")

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("chưa thực hiện")
        IN_PROGRESS = "in_progress", _("đang thực hiện")
        DONE = "done", _("hoàn thành")

    plan = models.ForeignKey(Plan, verbose_name=_("kế hoạch"), on_delete=models.CASCADE, related_name="tasks")
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    label = models.CharField(_("số thứ tự"), max_length=20)
    section = models.CharField(_("phần"), max_length=20, choices=Section.choices, default=Section.APPENDIX)
    content = models.TextField(_("nội dung"))
    original_text = models.TextField(_("nguyên văn"), blank=True)
    due_month = models.DateField(_("tháng hoàn thành"), null=True, blank=True)
    output = models.TextField(_("kết quả đầu ra"), blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    refers_to = models.ForeignKey(
        Plan,
        verbose_name=_("chính là kế hoạch"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="referring_tasks",
    )
    status = models.CharField(
        _("tình trạng"), max_length=20, choices=Status.choices, default=Status.NOT_STARTED
    )
    completed_on = models.DateField(_("hoàn thành ngày"), null=True, blank=True)
    agencies = models.ManyToManyField(Agency, through="TaskAgency", related_name="tasks")

    class Meta:
        verbose_name = _("nhiệm vụ")
        verbose_name_plural = pgettext_lazy("nhiều", "nhiệm vụ")
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "section", "label"],
                name="task_label_unique",
                violation_error_message=_("Số thứ tự này đã có."),
            ),
            models.CheckConstraint(
                name="task_done_has_date",
                condition=models.Q(status="done", completed_on__isnull=False)
                | (~models.Q(status="done") & models.Q(completed_on__isnull=True)),
                violation_error_message=_("Nhiệm vụ hoàn thành phải có ngày hoàn thành."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}. {self.content[:80]}"

    def is_late(self, today: date) -> bool:
        """Past its due month and not done by `today`, or done after it."""
        if not self.due_month:
            return False
        reached = min(self.completed_on or today, today)
        return (reached.year, reached.month) > (self.due_month.year, self.due_month.month)


class TaskAgency(models.Model):
    """An agency's part in a task, under the name the plan prints."""

    class Part(models.TextChoices):
        LEAD = "lead", _("chủ trì")
        PARTNER = "partner", _("phối hợp")

    task = models.ForeignKey(Task, verbose_name=_("nhiệm vụ"), on_delete=models.CASCADE, related_name="parts")
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.PROTECT, related_name="parts"
    )
    part = models.CharField(_("vai trò"), max_length=10, choices=Part.choices)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("cơ quan thực hiện")
        verbose_name_plural = pgettext_lazy("nhiều", "cơ quan thực hiện")
        ordering = ["task", "part", "order"]
        constraints = [models.UniqueConstraint(fields=["task", "agency", "part"], name="task_agency_unique")]

    def __str__(self) -> str:
        return f"{self.agency} ({self.get_part_display()})"


class TaskUpdate(models.Model):
    """What an agency said of a task, when. Append-only."""

    task = models.ForeignKey(
        Task, verbose_name=_("nhiệm vụ"), on_delete=models.CASCADE, related_name="updates"
    )
    status = models.CharField(_("tình trạng"), max_length=20, choices=Task.Status.choices)
    note = models.TextField(_("nội dung"), blank=True)
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người báo cáo"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("cập nhật nhiệm vụ")
        verbose_name_plural = pgettext_lazy("nhiều", "cập nhật nhiệm vụ")
        ordering = ["task", "-at", "-id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.status}"
