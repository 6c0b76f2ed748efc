"""Facilities that report, where they stand over time, and what they contribute to."""

from __future__ import annotations

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models.areas import Area
from facilities.models.reforms import Reform
from facilities.text import fold

# Codes stand in addresses, file names and workbooks.
CODE = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
CODE_WANTED = _("Mã chỉ gồm chữ cái không dấu, chữ số, dấu gạch nối, gạch dưới và dấu chấm.")


class FacilityQuerySet(models.QuerySet["Facility"]):
    def open_on(self, day: date) -> FacilityQuerySet:
        return self.filter(opened__lte=day).filter(Q(closed__isnull=True) | Q(closed__gt=day))

    def within(self, areas: models.QuerySet[Area], *, now: bool = False) -> FacilityQuerySet:
        """Facilities ever placed in a commune that one of `areas` covers; with `now`, standing there today."""
        placements = Placement.objects.current() if now else Placement.objects.all()
        return self.filter(
            pk__in=placements.filter(area__in=Area.objects.covered_by(areas)).values("facility")
        )


class Facility(models.Model):
    """A place of care that reports. It outlives the areas around it."""

    class Type(models.TextChoices):
        STATION = "station", _("trạm y tế")
        POINT = "point", _("điểm trạm")
        HEALTH_CENTRE = "health_centre", _("trung tâm y tế")
        HOSPITAL = "hospital", _("bệnh viện")
        CDC = "cdc", _("trung tâm kiểm soát bệnh tật")

    class Ownership(models.TextChoices):
        PUBLIC = "public", _("công lập")
        PRIVATE = "private", _("ngoài công lập")

    code = models.CharField(
        _("mã"), max_length=20, unique=True, validators=[RegexValidator(CODE, CODE_WANTED)]
    )
    name = models.CharField(_("tên"), max_length=160)
    folded_name = models.CharField(max_length=160, editable=False, db_index=True)
    type = models.CharField(
        _("loại"),
        max_length=20,
        choices=Type.choices,
        help_text=_("Loại hiện nay; một trạm thuộc trạm khác là điểm trạm kể từ tháng đó"),
    )
    ownership = models.CharField(
        _("sở hữu"), max_length=10, choices=Ownership.choices, default=Ownership.PUBLIC
    )
    opened = models.DateField(_("từ tháng"), help_text=_("Ngày đầu của tháng đầu tiên có hoạt động"))
    closed = models.DateField(_("đến trước tháng"), null=True, blank=True)
    consolidated_from = models.DateField(
        _("nộp thay các điểm trạm từ tháng"),
        null=True,
        blank=True,
        help_text=_("Từ tháng này trạm nộp một báo cáo chung; các điểm trạm thôi nộp"),
    )
    latitude = models.DecimalField(_("vĩ độ"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("kinh độ"), max_digits=9, decimal_places=6, null=True, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ sở y tế")
        verbose_name_plural = pgettext_lazy("nhiều", "cơ sở y tế")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gt=F("opened")),
                name="facility_life_positive",
                violation_error_message=_("Tháng đóng phải sau tháng mở."),
            ),
            models.CheckConstraint(
                condition=Q(consolidated_from__isnull=True) | Q(type="station"),
                name="facility_consolidated_is_station",
                violation_error_message=_("Chỉ trạm y tế nộp thay điểm trạm."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=CODE), name="facility_code_plain", violation_error_message=CODE_WANTED
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)


class PlacementQuerySet(models.QuerySet["Placement"]):
    def current(self) -> PlacementQuerySet:
        """Each facility's placement of today: the last one that has begun."""
        begun = Q(from_month__lte=timezone.localdate())
        later = Placement.objects.filter(
            begun, facility=OuterRef("facility"), from_month__gt=OuterRef("from_month")
        )
        return self.filter(begun).exclude(Exists(later))


class Placement(models.Model):
    """From a month on the facility stands in a commune and, if a point, belongs to a main station.

    A placement ends where the facility's next one begins.
    """

    facility = models.ForeignKey(
        Facility, verbose_name=_("cơ sở"), on_delete=models.CASCADE, related_name="placements"
    )
    area = models.ForeignKey(
        Area, verbose_name=_("xã, phường"), on_delete=models.PROTECT, related_name="placements"
    )
    from_month = models.DateField(_("từ tháng"))
    main_station = models.ForeignKey(
        Facility,
        verbose_name=_("trạm y tế chính"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="points",
    )
    carries_past = models.BooleanField(
        _("số liệu trước đó cũng của nơi này"),
        default=False,
        help_text=_(
            "Xã trước đó bị chia mà cơ sở chỉ phục vụ phần này: số liệu trước khi chia thuộc trọn nơi này, không chia "
            "theo tỷ phần"
        ),
    )
    reform = models.ForeignKey(
        Reform, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="placements"
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi đặt")
        verbose_name_plural = pgettext_lazy("nhiều", "nơi đặt")
        ordering = ["facility", "from_month"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "from_month"],
                name="placement_unique",
                violation_error_message=_("Cơ sở đã có nơi đặt từ tháng này."),
            ),
            models.CheckConstraint(
                condition=Q(from_month__day=1),
                name="placement_first_of_month",
                violation_error_message=_("Nơi đặt bắt đầu từ ngày đầu tháng."),
            ),
            models.CheckConstraint(
                condition=Q(main_station__isnull=True) | ~Q(main_station=F("facility")),
                name="placement_not_own_station",
                violation_error_message=_("Trạm không thể là điểm trạm của chính nó."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility}, {self.from_month:%m/%Y}"


class Contribution(models.Model):
    """Derived (design decision 1): in months [from_month, to_month) the facility's figures count in the area.

    `share` is a whole number of millionths, so that sums stay exact on every database: 1,000,000 counts
    whole (exact), less is an estimate by a stated share, NULL means that part of the facility's figures
    lies in the area and nobody knows how much: the area then has no exact figure.
    """

    WHOLE = 1_000_000

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="contributions")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="contributions")
    from_month = models.DateField()
    to_month = models.DateField(null=True)
    share = models.IntegerField(null=True)
    in_own_time = models.BooleanField(
        help_text="The area was valid in these months (as it was), not restated."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "area", "from_month"], name="contribution_unique")
        ]
        indexes = [models.Index(fields=["area", "facility"], name="contribution_by_area")]

    def __str__(self) -> str:
        return f"{self.facility_id} → {self.area_id} ({self.share})"
