"""Reports and the snapshots they freeze."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Agency, Area
from plans.models import Plan
from reporting.said import Said


class ReportQuerySet(models.QuerySet["Report"]):
    def within(self, areas: models.QuerySet[Area]) -> ReportQuerySet:
        """Reports on plans, or of agencies, of areas that `areas` cover."""
        covered = Area.objects.covered_by(areas)
        return self.filter(Q(plan__area__in=covered) | Q(plan=None, agency__area__in=covered))


class Report(models.Model):
    """A report for a period, with the parts an officer types.

    Of one plan; the combined report is of an agency, on all its plans. A review covers the years from
    `start_year` to `year`. `document` holds what the head and foot print where it differs from what the
    portal proposes (keys: `reporting.content.header.DOCUMENT`); `additions` what the officer adds after a
    computed sentence, by the sentence's key.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("Báo cáo kế hoạch")
        REVIEW = "review", _("Sơ kết, tổng kết nhiều năm")
        COMBINED = "combined", _("Báo cáo chung các kế hoạch")
        SHEETS = "sheets", _("Phiếu từng xã")
        BRIEF = "brief", _("Một trang cho lãnh đạo")

    class Boundaries(models.TextChoices):
        OWN = "own", _("của kế hoạch")
        TODAY = "today", _("hiện nay")

    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices, default=Kind.PLAN)
    plan = models.ForeignKey(
        Plan,
        verbose_name=_("kế hoạch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
        help_text=_("Cơ quan của báo cáo chung"),
    )
    start_year = models.PositiveSmallIntegerField(_("từ năm"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("năm"))
    period = models.CharField(
        _("kỳ"), max_length=7, help_text=_("year (cả năm), h1 (6 tháng), m9 (9 tháng) hoặc YYYY-MM")
    )
    boundaries = models.CharField(
        _("ranh giới"), max_length=5, choices=Boundaries.choices, default=Boundaries.OWN
    )
    due_on = models.DateField(_("hạn gửi"), null=True, blank=True)
    narrative = models.JSONField(
        _("phần nhận định"),
        default=dict,
        blank=True,
        help_text=_("Lời đã viết theo từng phần: direction, strengths, limits, causes, next, proposals"),
    )
    document = models.JSONField(_("thể thức văn bản"), default=dict, blank=True)
    additions = models.JSONField(_("lời thêm"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = pgettext_lazy("nhiều", "báo cáo")
        ordering = ["-year", "plan", "period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "year", "period", "boundaries"],
                condition=Q(start_year=None),
                name="report_unique",
                violation_error_message=_("Báo cáo này đã có."),
            ),
            models.UniqueConstraint(
                fields=["plan", "start_year", "year", "period", "boundaries"],
                condition=Q(kind="review"),
                name="report_review_unique",
                violation_error_message=_("Báo cáo này đã có."),
            ),
            models.UniqueConstraint(
                fields=["agency", "year", "period"],
                condition=Q(kind="combined"),
                name="report_combined_unique",
                violation_error_message=_("Báo cáo này đã có."),
            ),
            models.CheckConstraint(
                condition=Q(kind="combined", plan=None, agency__isnull=False)
                | (~Q(kind="combined") & Q(plan__isnull=False, agency=None)),
                name="report_of_plan_or_agency",
                violation_error_message=_("Báo cáo là của một kế hoạch, hoặc của một cơ quan."),
            ),
            models.CheckConstraint(
                condition=Q(kind="review", start_year__lte=models.F("year"))
                | (~Q(kind="review") & Q(start_year=None)),
                name="report_review_has_years",
                violation_error_message=_("Sơ kết, tổng kết phải có năm đầu, không sau năm cuối."),
            ),
        ]

    def __str__(self) -> str:
        years = f"{self.start_year}–{self.year}" if self.start_year else str(self.year)
        return f"{self.subject_name} – {years} ({self.period})"

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])

    @property
    def area(self) -> Area:
        """The area whose roles reach the report."""
        return self.plan.area if self.plan else self.agency.area

    @property
    def subject_name(self) -> str:
        """What the report is on: the plan's short title, or the agency's name."""
        return self.plan.short_title if self.plan else self.agency.name

    def issuer_on(self, day: date) -> Agency:
        """The agency that answers for the report on `day`."""
        return (self.plan.issuer if self.plan else self.agency).responsible_on(day)


class Snapshot(models.Model):
    """Everything a report prints, frozen. Never changed; a later difference is another snapshot with its reason."""

    report = models.ForeignKey(
        Report, verbose_name=_("báo cáo"), on_delete=models.PROTECT, related_name="snapshots"
    )
    number = models.PositiveSmallIntegerField(_("lần"))
    data = models.JSONField(_("nội dung"))
    sha256 = models.CharField("SHA-256", max_length=64)
    reason = models.CharField(
        _("lý do lập lại"), max_length=300, blank=True, help_text=_("Như người nhập đã gõ")
    )
    reason_code = models.CharField(
        _("mã lý do"), max_length=30, blank=True, help_text=_("Lý do của cổng, theo reporting.said")
    )
    reason_values = models.JSONField(_("giá trị trong lý do"), default=dict, blank=True)
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
                condition=Q(number=1) | ~Q(reason="") | ~Q(reason_code=""),
                name="snapshot_revision_has_reason",
                violation_error_message=_("Lập lại báo cáo phải nêu lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.number}"

    @property
    def why(self) -> str:
        """Why it was frozen again: what a person typed, or the portal's own words in the active language."""
        return str(Said(self.reason_code, self.reason_values)) if self.reason_code else self.reason


class Editing(models.Model):
    """Who has a report's preparing page open, and when the page last said so: two editors are told of each other."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="editings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(_("lần cuối"))

    class Meta:
        verbose_name = _("người đang soạn")
        verbose_name_plural = pgettext_lazy("nhiều", "người đang soạn")
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="editing_unique")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.user_id}"
