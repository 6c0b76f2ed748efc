"""Administrative units during their lives, and what became of them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models.reforms import Reform
from facilities.text import alphabetical, fold, spell_out


class AreaNotFound(LookupError):
    """No area has this code, or none had it on this day."""


class AreaQuerySet(models.QuerySet["Area"]):
    def valid_on(self, day: date) -> AreaQuerySet:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def covered_by(self, areas: models.QuerySet[Area]) -> AreaQuerySet:
        """Areas of any epoch that lie wholly in one of `areas`, those areas themselves included."""
        return self.filter(pk__in=Coverage.objects.filter(area__in=areas).values("covered"))

    def matching(self, words: str) -> AreaQuerySet:
        """By code, or by name without accents and with the usual abbreviations: `P. Kinh Bac`, `ba don`."""
        return self.filter(Q(code=words) | Q(folded_name__contains=spell_out(words)))

    def by_name(self) -> list[Area]:
        """In the order of the Vietnamese alphabet, which not every database knows."""
        return sorted(self, key=lambda area: (alphabetical(area.name), area.code))

    def named(self, text: str, *, on: date | None = None) -> Area:
        """Return the area `CODE` (the one valid on `on`, else the latest) or `CODE@YYYY-MM-DD`.

        Raises AreaNotFound.
        """
        code, _at, day = text.strip().partition("@")
        areas = self.filter(code=code)
        if day:
            try:
                areas = areas.filter(valid_from=date.fromisoformat(day))
            except ValueError as error:
                raise AreaNotFound(text) from error
        elif on:
            areas = areas.valid_on(on)
        area = areas.order_by("-valid_from").first()
        if area is None:
            raise AreaNotFound(text)
        return area


class Area(models.Model):
    """One administrative unit during its life. Codes are reused, so the key is (code, valid_from)."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("cả nước")
        PROVINCE = "province", _("tỉnh, thành phố")
        DISTRICT = "district", _("huyện, quận, thị xã")
        COMMUNE = "commune", _("xã, phường, thị trấn")

    class Trait(models.TextChoices):
        URBAN = "urban", _("đô thị")
        DIFFICULT = "difficult", _("khó khăn")
        ETHNIC_MINORITY = "ethnic_minority", _("dân tộc thiểu số")
        INDUSTRIAL = "industrial", _("khu công nghiệp")

    code = models.CharField(_("mã"), max_length=10)
    level = models.CharField(_("cấp"), max_length=10, choices=Level.choices)
    kind = models.CharField(_("loại"), max_length=40)
    name = models.CharField(_("tên"), max_length=120, help_text=_("Có cả loại đơn vị: Phường Kinh Bắc"))
    folded_name = models.CharField(max_length=120, editable=False, db_index=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("trực thuộc"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)
    traits = models.JSONField(
        _("đặc điểm"),
        default=list,
        blank=True,
        help_text=_("Danh sách: urban, difficult, ethnic_minority, industrial"),
    )
    is_urban = models.BooleanField(
        _("đô thị"), default=False, help_text=_("Phường, thị trấn; đọc khi tính chỉ tiêu đô thị")
    )
    latitude = models.DecimalField(_("vĩ độ"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("kinh độ"), max_digits=9, decimal_places=6, null=True, blank=True)
    surface = models.DecimalField(
        _("diện tích (km²)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    registered_population = models.PositiveIntegerField(_("dân số đăng ký"), null=True, blank=True)
    begun_by = models.ForeignKey(
        Reform, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="begun"
    )
    ended_by = models.ForeignKey(
        Reform, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="ended"
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("địa bàn")
        verbose_name_plural = pgettext_lazy("nhiều", "địa bàn")
        ordering = ["level", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="area_code_from_unique",
                violation_error_message=_("Mã này đã có một địa bàn bắt đầu cùng ngày."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="area_life_positive",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; to be called before areas are created in bulk."""
        self.folded_name = fold(self.name)
        self.is_urban = self.Trait.URBAN in self.traits

    @property
    def key(self) -> str:
        """`code@valid_from`, the name other programs use."""
        return f"{self.code}@{self.valid_from.isoformat()}"

    @property
    def is_abolished(self) -> bool:
        """Whether it has ended by today; a reform entered ahead of its day ends it only then."""
        return self.valid_to is not None and self.valid_to <= timezone.localdate()


class Succession(models.Model):
    """On a date, a predecessor goes to a successor: whole (share 1), or a part with or without a share."""

    date = models.DateField(_("ngày"))
    predecessor = models.ForeignKey(
        Area, verbose_name=_("đơn vị cũ"), on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Area, verbose_name=_("đơn vị mới"), on_delete=models.PROTECT, related_name="origins"
    )
    share = models.DecimalField(
        _("tỷ phần"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("1: nhập nguyên vẹn; để trống: chia mà chưa biết tỷ phần"),
    )
    share_source = models.CharField(_("nguồn của tỷ phần"), max_length=200, blank=True)
    is_main = models.BooleanField(_("phần chính"), default=False)
    legal_basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    reform = models.ForeignKey(
        Reform, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="successions"
    )

    class Meta:
        verbose_name = _("kế tục địa bàn")
        verbose_name_plural = pgettext_lazy("nhiều", "kế tục địa bàn")
        ordering = ["date", "predecessor", "successor"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "predecessor", "successor"],
                name="succession_unique",
                violation_error_message=_("Kế tục này đã có."),
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
                name="succession_share_range",
                violation_error_message=_("Tỷ phần lớn hơn 0 và không quá 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor.key} → {self.successor.key}"


class Coverage(models.Model):
    """Derived: `covered` (of any epoch) lies wholly in `area`. A role on `area` reaches what it covers."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="coverage")
    covered = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="covered_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "covered"], name="coverage_unique")]

    def __str__(self) -> str:
        return f"{self.area_id} ⊇ {self.covered_id}"
