"""A signed plan and its money."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Agency, Area


class PlanQuerySet(models.QuerySet["Plan"]):
    def within(self, areas: models.QuerySet[Area]) -> PlanQuerySet:
        """Plans of areas that `areas` cover, abolished predecessors included."""
        return self.filter(area__in=Area.objects.covered_by(areas))


class Plan(models.Model):
    """A plan as signed. Texts are kept as printed; their machine meaning stands on its lines."""

    slug = models.SlugField(_("định danh"), max_length=80, unique=True)
    number = models.CharField(_("số hiệu"), max_length=60, blank=True)
    title = models.TextField(_("tên kế hoạch"))
    short_title = models.CharField(_("tên ngắn"), max_length=120)
    issuer = models.ForeignKey(
        Agency, verbose_name=_("cơ quan ban hành"), on_delete=models.PROTECT, related_name="plans"
    )
    area = models.ForeignKey(Area, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="plans")
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    start_year = models.PositiveSmallIntegerField(_("từ năm"))
    end_year = models.PositiveSmallIntegerField(_("đến năm"))
    baseline_year = models.PositiveSmallIntegerField(_("năm gốc"), null=True, blank=True)
    legal_bases = models.JSONField(_("căn cứ"), default=list, blank=True)
    report_due = models.DateField(_("hạn báo cáo"), null=True, blank=True)
    report_text = models.TextField(_("quy định về báo cáo"), blank=True)
    sections = models.JSONField(
        _("các phần của văn bản"),
        default=list,
        blank=True,
        help_text=_('Nguyên văn văn bản: [{"heading": "…", "text": "…"}]'),
    )
    warnings = models.JSONField(_("lưu ý"), default=list, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("kế hoạch")
        verbose_name_plural = pgettext_lazy("nhiều", "kế hoạch")
        ordering = ["-start_year", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_year__gte=F("start_year")),
                name="plan_years_ordered",
                violation_error_message=_("Năm kết thúc không được trước năm bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.short_title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("plans:scorecard", args=[self.slug])

    @property
    def years(self) -> range:
        return range(self.start_year, self.end_year + 1)


class BudgetLine(models.Model):
    """Money planned for a year from a source, and what was spent of it."""

    plan = models.ForeignKey(
        Plan, verbose_name=_("kế hoạch"), on_delete=models.CASCADE, related_name="budget_lines"
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    source = models.CharField(_("nguồn"), max_length=200)
    amount = models.DecimalField(_("kinh phí giao"), max_digits=18, decimal_places=0)
    spent = models.DecimalField(_("đã thực hiện"), max_digits=18, decimal_places=0, null=True, blank=True)
    currency = models.CharField(_("tiền tệ"), max_length=3, default="VND")
    words = models.CharField(_("bằng chữ, như bản in"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("kinh phí")
        verbose_name_plural = pgettext_lazy("nhiều", "kinh phí")
        ordering = ["plan", "year", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "source"],
                name="budget_line_unique",
                violation_error_message=_("Năm và nguồn này đã có."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="budget_line_not_negative",
                violation_error_message=_("Kinh phí không thể âm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount} {self.currency}"
