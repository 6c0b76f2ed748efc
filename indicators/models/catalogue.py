"""What is measured: elements, groups, indicators and their terms. Loaded from `indicators/data/`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Bilingual(models.Model):
    """A Vietnamese name with its English twin; definitions are data, so their translations are too."""

    name = models.CharField(_("tên"), max_length=400)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=400, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Basis(models.TextChoices):
    RESIDENCE = "residence", _("nơi cư trú")
    SERVICE = "service", _("nơi cung cấp dịch vụ")
    NONE = "none", _("không phân biệt")


class Group(Bilingual):
    """Some of the people, or some of the places. The group with the empty code is everybody.

    Everybody is a row so that a cell (element, group) is unique on every database: NULLs are not.
    """

    class Kind(models.TextChoices):
        ALL = "all", _("tất cả")
        PEOPLE = "people", _("nhóm người")
        PLACES = "places", _("nhóm địa bàn")

    code = models.CharField(_("mã"), max_length=20, unique=True, blank=True)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    trait = models.CharField(_("đặc điểm địa bàn"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("nhóm")
        verbose_name_plural = pgettext_lazy("nhiều", "nhóm")
        ordering = ["code"]


class DataElement(Bilingual):
    """What a station types: one count."""

    code = models.CharField(_("mã"), max_length=20, unique=True)
    short_name = models.CharField(_("tên ngắn"), max_length=80, blank=True)
    definition = models.TextField(_("định nghĩa"), blank=True)
    definition_en = models.TextField(_("định nghĩa tiếng Anh"), blank=True)
    example = models.TextField(_("ví dụ"), blank=True)
    example_en = models.TextField(_("ví dụ tiếng Anh"), blank=True)
    source = models.CharField(_("nguồn"), max_length=400, blank=True)
    is_stock = models.BooleanField(
        _("số hiện có"), default=False, help_text=_("Tại một thời điểm: không cộng các tháng với nhau")
    )
    is_yearly = models.BooleanField(_("số liệu năm"), default=False)
    is_sensitive = models.BooleanField(
        _("nhạy cảm"),
        default=False,
        help_text=_("Tử vong, HIV, phá thai: số từ 1 đến 4 được ẩn ở tài liệu gửi ra ngoài"),
    )

    class Meta:
        verbose_name = _("số liệu")
        verbose_name_plural = pgettext_lazy("nhiều", "số liệu")
        ordering = ["code"]

    @property
    def explanation(self) -> str:
        """The definition in the reader's language."""
        return self.definition_en if self.definition_en and get_language() == "en" else self.definition


class Indicator(Bilingual):
    """Numerator / denominator × factor, both sums of terms (domain/indicators.md)."""

    class Direction(models.TextChoices):
        HIGHER = "higher", _("cao hơn là tốt hơn")
        LOWER = "lower", _("thấp hơn là tốt hơn")
        NONE = "none", _("không định hướng")

    class Timing(models.TextChoices):
        FLOW = "flow", _("cộng dồn tử số và mẫu số")
        FLOW_POPULATION = "flow_population", _("cộng dồn trên dân số năm")
        RATE = "rate", _("suất trên dân số, quy năm")
        STOCK = "stock", _("thời điểm mới nhất")
        COUNT = "count", _("cộng dồn")
        SURVEY = "survey", _("điều tra")
        UNITS = "units", _("tỷ lệ đơn vị")
        CHANGE = "change", _("thay đổi so với năm trước")

    class Interval(models.TextChoices):
        NONE = "none", "–"
        POISSON = "poisson", "Poisson"
        WILSON = "wilson", "Wilson"
        SEX_RATIO = "sex_ratio", _("tỷ số giới tính")

    code = models.CharField(_("mã"), max_length=40, unique=True)
    official_code = models.CharField(_("mã chính thức"), max_length=40, blank=True)
    short_name = models.CharField(_("tên ngắn"), max_length=120, blank=True)
    factor = models.PositiveIntegerField(_("hệ số nhân"), default=1)
    unit = models.CharField(_("đơn vị tính"), max_length=60)
    unit_en = models.CharField(_("đơn vị tính tiếng Anh"), max_length=60, blank=True)
    direction = models.CharField(_("chiều tốt hơn"), max_length=10, choices=Direction.choices)
    timing = models.CharField(_("cách tính năm"), max_length=20, choices=Timing.choices)
    basis = models.CharField(_("tính theo"), max_length=10, choices=Basis.choices)
    interval = models.CharField(
        _("khoảng tin cậy"), max_length=10, choices=Interval.choices, default=Interval.NONE
    )
    decimals = models.PositiveSmallIntegerField(_("số chữ số thập phân"), default=1)
    source = models.TextField(_("nguồn"), blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("chỉ số")
        verbose_name_plural = pgettext_lazy("nhiều", "chỉ số")
        ordering = ["code"]

    @property
    def is_part_of_whole(self) -> bool:
        """Whether those counted are among those they are divided by, so that it never passes its factor.

        A coverage of people of a register is none: the register may know fewer than there are.
        """
        return self.interval == self.Interval.WILSON or self.timing == self.Timing.UNITS


class Term(models.Model):
    """One signed summand of an indicator's numerator or denominator, for everybody or for a group of people."""

    class Part(models.TextChoices):
        NUMERATOR = "numerator", _("tử số")
        DENOMINATOR = "denominator", _("mẫu số")

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("chỉ số"), on_delete=models.CASCADE, related_name="terms"
    )
    part = models.CharField(_("phần"), max_length=12, choices=Part.choices)
    element = models.ForeignKey(
        DataElement, verbose_name=_("số liệu"), on_delete=models.PROTECT, related_name="terms"
    )
    group = models.ForeignKey(Group, verbose_name=_("nhóm"), on_delete=models.PROTECT, related_name="+")
    coefficient = models.DecimalField(_("hệ số"), max_digits=6, decimal_places=2, default=1)

    class Meta:
        verbose_name = _("số hạng")
        verbose_name_plural = pgettext_lazy("nhiều", "số hạng")
        ordering = ["indicator", "group", "-part", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "part", "element", "group"],
                name="term_unique",
                violation_error_message=_("Số hạng này đã có trong chỉ số."),
            ),
            models.CheckConstraint(
                condition=~Q(coefficient=0),
                name="term_coefficient_not_zero",
                violation_error_message=_("Hệ số phải khác 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.part} {self.coefficient}×{self.element_id}"
