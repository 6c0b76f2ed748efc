"""Objectives, the lines under them, what each line promises, and the figures people enter for it."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.models import Group, Indicator
from plans.models.given import GivenFigure
from plans.models.plans import Plan

# A line's key stands in its address.
VALID_KEY = RegexValidator(r"^[\w.-]+\Z", _("Khóa chỉ gồm chữ, số, dấu chấm, gạch ngang và gạch dưới."))


class Objective(models.Model):
    plan = models.ForeignKey(
        Plan, verbose_name=_("kế hoạch"), on_delete=models.CASCADE, related_name="objectives"
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    label = models.CharField(_("ký hiệu"), max_length=60)
    title = models.TextField(_("nội dung"))

    class Meta:
        verbose_name = _("mục tiêu")
        verbose_name_plural = pgettext_lazy("nhiều", "mục tiêu")
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "label"],
                name="objective_label_unique",
                violation_error_message=_("Ký hiệu mục tiêu này đã có."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.title}"


class PlanIndicator(models.Model):
    """One line of a plan's table, as printed, with the indicator that computes it."""

    class Origin(models.TextChoices):
        TABLE = "table", _("bảng chỉ tiêu")
        SECTION = "section", _("phần mục tiêu")
        APPENDIX = "appendix", _("phụ lục")
        BODY = "body", _("thân văn bản")

    plan = models.ForeignKey(Plan, verbose_name=_("kế hoạch"), on_delete=models.CASCADE, related_name="lines")
    objective = models.ForeignKey(
        Objective, verbose_name=_("mục tiêu"), on_delete=models.CASCADE, related_name="lines"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("thuộc dòng"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="sub_lines",
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    key = models.CharField(_("khóa"), max_length=20, validators=[VALID_KEY])
    label = models.CharField(_("số thứ tự như bản in"), max_length=20, blank=True)
    name = models.TextField(_("tên chỉ tiêu như bản in"))
    original_text = models.TextField(_("nguyên văn trước khi sửa lỗi trích"), blank=True)
    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("chỉ số"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
    )
    group = models.ForeignKey(
        Group, verbose_name=_("nhóm"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    group_text = models.CharField(_("nhóm như bản in"), max_length=60, blank=True)
    unit = models.CharField(_("đơn vị tính"), max_length=60, blank=True)
    direction = models.CharField(_("chiều tốt hơn"), max_length=10, choices=Indicator.Direction.choices)
    decimals = models.PositiveSmallIntegerField(_("số chữ số thập phân"), default=1)
    tolerance = models.DecimalField(
        _("sai lệch cho phép"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Cho dòng xét theo một mức (dân số, “khoảng …”); để trống là chưa xét được"),
    )
    origin = models.CharField(_("đứng ở"), max_length=10, choices=Origin.choices, default=Origin.TABLE)
    is_further = models.BooleanField(
        _("chỉ tiêu thêm"), default=False, help_text=_("Chỉ có trong thân văn bản, hoặc là kết quả định tính")
    )
    body_text = models.TextField(_("thân văn bản viết khác"), blank=True)
    baseline_text = models.CharField(_("năm gốc, như bản in"), max_length=100, blank=True)
    baseline_operator = models.CharField(_("dấu so sánh của số nền"), max_length=10, blank=True)
    baseline_value = models.DecimalField(
        _("giá trị số nền"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    baseline_kind = models.CharField(_("loại số nền"), max_length=10, blank=True)
    has_baseline = models.BooleanField(
        _("có cột số nền"),
        default=False,
        help_text=_("Kế hoạch in cột số nền cho dòng này, dù ô để trống"),
    )

    class Meta:
        verbose_name = _("dòng chỉ tiêu")
        verbose_name_plural = pgettext_lazy("nhiều", "dòng chỉ tiêu")
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "key"],
                name="plan_indicator_key_unique",
                violation_error_message=_("Khóa này đã có trong kế hoạch."),
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0),
                name="plan_indicator_tolerance_not_negative",
                violation_error_message=_("Sai lệch cho phép không thể âm."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("plans:line", args=[self.plan.slug, self.key])

    @property
    def is_of_places(self) -> bool:
        """Whether the line is about some places alone, the urban communes; its results are everybody's there."""
        return self.group is not None and self.group.kind == Group.Kind.PLACES


class Target(models.Model):
    """What a line promises for a year: the text as printed and its machine meaning, confirmed by a person.

    A year may hold a level and a change ("Giảm 16,2 điểm% (về mức 111)"); then the level judges. A level
    without a value (a bare "duy trì") is the baseline: not worse than that.
    """

    class Kind(models.TextChoices):
        LEVEL = "level", _("mức")
        CHANGE = "change", _("thay đổi")
        TEXT = "text", _("định tính")

    class Operator(models.TextChoices):
        LESS = "<", "<"
        AT_MOST = "<=", "≤"
        EQUAL = "=", "="
        AT_LEAST = ">=", "≥"
        MORE = ">", ">"
        BETWEEN = "between", _("trong khoảng")
        ABOUT = "about", _("khoảng")

    line = models.ForeignKey(
        PlanIndicator, verbose_name=_("dòng chỉ tiêu"), on_delete=models.CASCADE, related_name="targets"
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    text = models.TextField(_("như bản in"), blank=True)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    operator = models.CharField(_("so sánh"), max_length=10, choices=Operator.choices, blank=True)
    value = models.DecimalField(_("giá trị"), max_digits=20, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField(_("cận trên"), max_digits=20, decimal_places=6, null=True, blank=True)
    is_signed = models.BooleanField(_("bản in có dấu so sánh"), default=False)
    is_ambiguous = models.BooleanField(_("cần người quyết định"), default=False)

    class Meta:
        verbose_name = _("chỉ tiêu năm")
        verbose_name_plural = pgettext_lazy("nhiều", "chỉ tiêu năm")
        ordering = ["line", "year", "-kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year", "kind"],
                name="target_unique",
                violation_error_message=_("Dòng này đã có chỉ tiêu cho năm này."),
            ),
            models.CheckConstraint(
                condition=Q(kind="text")
                | Q(is_ambiguous=True)
                | Q(value__isnull=False)
                | Q(operator__in=["<=", ">="]),
                name="target_value_given",
                violation_error_message=_("Chỉ tiêu số phải có giá trị."),
            ),
            models.CheckConstraint(
                condition=~Q(operator="between") | Q(upper__gte=models.F("value")),
                name="target_range_ordered",
                violation_error_message=_("Cận trên không được nhỏ hơn cận dưới."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.text}"


class EnteredFigure(GivenFigure):
    """A figure no form feeds, an estimate, or a verdict on a qualitative line. Later entries replace, none is lost."""

    class Kind(models.TextChoices):
        ACTUAL = "actual", _("thực hiện")
        ESTIMATE = "estimate", _("ước thực hiện")
        VERDICT = "verdict", _("đánh giá")

    line = models.ForeignKey(
        PlanIndicator,
        verbose_name=_("dòng chỉ tiêu"),
        on_delete=models.CASCADE,
        related_name="entered_figures",
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    value = models.DecimalField(
        _("giá trị"),
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Với đánh giá: 1 là đạt, 0 là không đạt"),
    )

    class Meta:
        verbose_name = _("số liệu nhập")
        verbose_name_plural = pgettext_lazy("nhiều", "số liệu nhập")
        ordering = ["line", "year", "-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False),
                name="entered_figure_value_given",
                violation_error_message=_("Cần nhập giá trị."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="verdict") | Q(value__in=[0, 1]),
                name="entered_figure_verdict_binary",
                violation_error_message=_("Đánh giá là đạt hoặc không đạt."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="entered_figure_source_given",
                violation_error_message=_("Cần ghi nguồn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.year} {self.kind} {self.value}"
