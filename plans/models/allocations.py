"""A line's target shared out to the places below: versions that are only ever added, the latest in force."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area
from plans.allocation import Basis, Method
from plans.models.lines import PlanIndicator, Target


class AllocationVersionQuerySet(models.QuerySet["AllocationVersion"]):
    def in_force_first(self, day: date) -> AllocationVersionQuerySet:
        """The version in force on `day` first: of those that had begun the last made; then those to come."""
        begun = Case(When(in_force_from__lte=day, then=Value(0)), default=Value(1))
        return self.order_by(begun, "-number")


class AllocationVersion(models.Model):
    """What the places were given of a line's target of a year, by which document, from which day.

    The group of people or places is the line's own. Rows are never changed: an amended plan is a new version
    that supersedes the one before; `superseded_by` is its other side. The target it was checked against is
    kept as it stood, with what the parts came to: `total` is their sum or their weighted mean, None where no
    weights were known.
    """

    class Method(models.TextChoices):
        EQUAL = Method.EQUAL.value, _("mức bằng nhau")
        POPULATION = Method.POPULATION.value, _("theo dân số")
        BASELINE = Method.BASELINE.value, _("theo số năm trước của từng nơi")
        MANUAL = Method.MANUAL.value, _("ghi tay")

    class Basis(models.TextChoices):
        DENOMINATOR = Basis.DENOMINATOR.value, _("mẫu số năm trước")
        POPULATION = Basis.POPULATION.value, _("dân số đăng ký")
        REPORTED = Basis.REPORTED.value, _("dân số trung bình báo cáo năm trước")
        NONE = Basis.NONE.value, _("không có")

    line = models.ForeignKey(PlanIndicator, on_delete=models.PROTECT, related_name="allocation_versions")
    year = models.PositiveSmallIntegerField(_("năm"))
    number = models.PositiveSmallIntegerField(_("bản"))
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("thay bản"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    level = models.CharField(_("cấp được giao"), max_length=10, choices=Area.Level.choices)
    method = models.CharField(_("cách phân bổ"), max_length=10, choices=Method.choices)
    edited = models.BooleanField(_("có sửa tay"), default=False)
    adds_up = models.BooleanField(
        _("các phần cộng lại"), help_text=_("Số đếm: các phần cộng lại bằng chỉ tiêu chung; nếu không là mức")
    )
    basis = models.CharField(_("trọng số"), max_length=12, choices=Basis.choices, default=Basis.NONE)
    in_force_from = models.DateField(_("áp dụng từ ngày"))
    legal_basis = models.CharField(_("văn bản giao, phụ lục"), max_length=300)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    reason = models.CharField(_("lý do chênh với chỉ tiêu chung"), max_length=300, blank=True)
    target_text = models.TextField(_("chỉ tiêu chung khi phân bổ, như bản in"), blank=True)
    target_operator = models.CharField(max_length=10, choices=Target.Operator.choices)
    target_value = models.DecimalField(max_digits=20, decimal_places=6)
    total = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người phân bổ"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AllocationVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản phân bổ")
        verbose_name_plural = pgettext_lazy("nhiều", "bản phân bổ")
        ordering = ["line", "year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year", "number"],
                name="allocation_version_unique",
                violation_error_message=_("Người khác vừa công bố một bản phân bổ."),
            ),
            models.CheckConstraint(
                condition=Q(number=1, supersedes__isnull=True) | Q(number__gt=1, supersedes__isnull=False),
                name="allocation_version_chained",
                violation_error_message=_("Bản sau phải thay bản ngay trước."),
            ),
            models.CheckConstraint(
                condition=~Q(legal_basis=""),
                name="allocation_version_basis_given",
                violation_error_message=_("Cần ghi văn bản giao chỉ tiêu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.year} v{self.number}"


class Allocation(models.Model):
    """What one place was given: a value in the unit of the line, with what it was weighed and measured by."""

    version = models.ForeignKey(AllocationVersion, on_delete=models.CASCADE, related_name="allocations")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(_("giá trị"), max_digits=20, decimal_places=6)
    baseline = models.DecimalField(_("năm trước"), max_digits=20, decimal_places=6, null=True, blank=True)
    weight = models.DecimalField(_("trọng số"), max_digits=20, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = _("chỉ tiêu được giao")
        verbose_name_plural = pgettext_lazy("nhiều", "chỉ tiêu được giao")
        ordering = ["version", "area__folded_name", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "area"],
                name="allocation_unique",
                violation_error_message=_("Địa bàn này đã được giao trong bản này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.value}"
