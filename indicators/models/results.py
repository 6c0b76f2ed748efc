"""What the figures amount to: per facility and per area, every column additive."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area, Facility
from indicators.models.catalogue import Group, Indicator


class Figures(models.Model):
    """Sums of facility-months. Additive, so a change of one station is added to its areas as a difference.

    numerator, denominator: sums over facility-months whose every due term is approved.
    provisional_*: the same, submitted values included. reported/expected count facility-months;
    no_data counts those kept out by "không có số liệu"; stand_in those that read last year's yearly figure.
    year_denominator sums the denominators known whether or not the numerator was reported: "that year's
    denominator" of a coverage (domain/indicators.md). Eight decimals hold a coefficient (two) times a share
    (six) without rounding.
    """

    numerator = models.DecimalField(_("tử số"), max_digits=24, decimal_places=8)
    denominator = models.DecimalField(_("mẫu số"), max_digits=24, decimal_places=8)
    reported = models.IntegerField(_("số tháng cơ sở đã có"))
    expected = models.IntegerField(_("số tháng cơ sở phải có"))
    no_data = models.IntegerField(_("số tháng cơ sở không có số liệu"))
    stand_in = models.IntegerField(_("số tháng cơ sở dùng số năm trước"))
    provisional_numerator = models.DecimalField(_("tử số kể cả chưa duyệt"), max_digits=24, decimal_places=8)
    provisional_denominator = models.DecimalField(
        _("mẫu số kể cả chưa duyệt"), max_digits=24, decimal_places=8
    )
    provisional_reported = models.IntegerField(_("số tháng cơ sở kể cả chưa duyệt"))
    year_denominator = models.DecimalField(_("mẫu số năm"), max_digits=24, decimal_places=8)

    class Meta:
        abstract = True


def derived_key(
    to: type[models.Model], related_name: str = "+", words: str | Promise | None = None
) -> models.ForeignKey:
    """A key of rows that one statement derives from rows holding the same key.

    Neither checked by the database nor indexed on its own: at national size each of both costs as much as the
    roll-up itself. Django still deletes the rows with what they name.
    """
    return models.ForeignKey(
        to,
        verbose_name=words,
        on_delete=models.CASCADE,
        related_name=related_name,
        db_constraint=False,
        db_index=False,
    )


class FacilityResult(Figures):
    """One facility, indicator, group and month. A row exists wherever something is due; `expected` 0: no longer."""

    facility = derived_key(Facility)
    indicator = derived_key(Indicator)
    group = derived_key(Group)
    month = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "month", "indicator", "group"], name="facility_result_unique"
            )
        ]
        indexes = [models.Index(fields=["month"], name="facility_result_month")]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.indicator_id} {self.month:%Y-%m}"


class Exactness(models.TextChoices):
    EXACT = "exact", _("chính xác")
    ESTIMATE = "estimate", _("ước lượng theo tỷ phần")
    NONE = "none", _("không có số liệu chính xác")


class MonthlyResult(Figures):
    """One area, indicator, group and month.

    `estimated` and `unknown` count due facility-months that entered by a share or that no share places;
    with any unknown the sums are only a part and `numerator`/`denominator` must not be shown: read
    `parts()`.
    """

    area = derived_key(Area, "results", words=_("địa bàn"))
    indicator = derived_key(Indicator, words=_("chỉ số"))
    group = derived_key(Group, words=_("nhóm"))
    month = models.DateField(_("tháng"))
    estimated = models.IntegerField(_("số tháng cơ sở tính theo tỷ phần"))
    unknown = models.IntegerField(_("số tháng cơ sở không rõ tỷ phần"))

    class Meta:
        verbose_name = _("kết quả tháng")
        verbose_name_plural = pgettext_lazy("nhiều", "kết quả tháng")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "month", "indicator", "group"], name="monthly_result_unique"
            )
        ]
        indexes = [models.Index(fields=["month"], name="monthly_result_month")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.indicator_id} {self.month:%Y-%m}"

    @property
    def exactness(self) -> str:
        if self.unknown:
            return Exactness.NONE
        return Exactness.ESTIMATE if self.estimated else Exactness.EXACT

    def parts(self) -> tuple[Decimal | None, Decimal | None]:
        """(numerator, denominator), or (None, None) where no exact figure exists or nothing was reported."""
        if self.unknown or not self.reported:
            return None, None
        return self.numerator, self.denominator


class ComputedMonth(models.Model):
    """A month whose results exist for every facility due; later changes are added as differences."""

    month = models.DateField(_("tháng"), unique=True)
    computed_at = models.DateTimeField(_("tính lúc"))

    class Meta:
        verbose_name = _("tháng đã tính")
        verbose_name_plural = pgettext_lazy("nhiều", "tháng đã tính")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
