"""Who owes reports on a plan to whom, through whom, by when: data of the plan's file."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from plans.models.plans import Plan


def after_words(years: int) -> str:
    """Of which year a yearly day is: the reported one's, or how many after it."""
    if years < 2:
        return gettext("năm sau năm báo cáo") if years else gettext("năm báo cáo")
    words = ngettext("%(n)s năm sau năm báo cáo", "%(n)s năm sau năm báo cáo", years)
    return words % {"n": years}


class ReportDuty(models.Model):
    """One report duty of a plan.

    Due on `due` once, or every year on `month`/`day` of the reported year plus `years_after`; a plan that names no
    day leaves all of them empty until a planner sets one. `due` is the last day in time: "trước ngày 05/12" is
    04/12. `reporters` are the agencies that owe it, as the plan names them; empty where the plan's issuer
    owes it itself: that report is drafted by the portal. `text` is what the plan prints. `set_by`, `set_at`: the
    planner who set the yearly day; such a day outlives a reload of the plan's file.
    """

    class Period(models.TextChoices):
        YEAR = "year", _("cả năm")
        HALF = "h1", _("6 tháng đầu năm")
        NINE_MONTHS = "m9", _("9 tháng đầu năm")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="report_duties")
    key = models.SlugField(_("mã"), max_length=40)
    reporters = models.JSONField(_("cơ quan báo cáo"), default=list, blank=True)
    recipient = models.CharField(_("nơi nhận báo cáo"), max_length=200)
    through = models.CharField(_("qua"), max_length=200, blank=True)
    period = models.CharField(_("kỳ"), max_length=7, choices=Period.choices, default=Period.YEAR)
    due = models.DateField(_("hạn"), null=True, blank=True)
    month = models.PositiveSmallIntegerField(_("tháng đến hạn"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("ngày đến hạn"), null=True, blank=True)
    years_after = models.PositiveSmallIntegerField(_("số năm sau năm báo cáo"), default=0)
    text = models.TextField(_("như bản in"), blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người đặt hạn"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    set_at = models.DateTimeField(_("đặt hạn lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("nhiệm vụ báo cáo")
        verbose_name_plural = pgettext_lazy("nhiều", "nhiệm vụ báo cáo")
        ordering = ["plan", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "key"],
                name="report_duty_unique",
                violation_error_message=_("Mã nhiệm vụ báo cáo này đã có."),
            ),
            models.CheckConstraint(
                condition=models.Q(month=None, day=None)
                | models.Q(due=None, month__range=(1, 12), day__range=(1, 28)),
                name="report_duty_one_day",
                violation_error_message=_("Hạn là một ngày, hoặc một ngày (1–28) của tháng hằng năm."),
            ),
            models.CheckConstraint(
                condition=models.Q(set_at=None, set_by=None)
                | models.Q(set_at__isnull=False, set_by__isnull=False, month__isnull=False),
                name="report_duty_set_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.key}"

    @property
    def is_own(self) -> bool:
        """Whether the plan's issuer owes it: the portal drafts such a report."""
        return not self.reporters

    def due_on(self, year: int) -> date | None:
        """The day the report on `year` is due; None where the duty makes none due on that year, or has no day yet."""
        if self.due:
            return self.due if self.due.year - self.years_after == year else None
        return date(year + self.years_after, self.month, self.day) if self.month and self.day else None

    @property
    def has_day(self) -> bool:
        return self.due is not None or self.month is not None

    @property
    def after_words(self) -> str:
        return after_words(self.years_after)
