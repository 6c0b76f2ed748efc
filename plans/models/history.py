"""Years that exist only as the total of a district or a province, as an old report gives them."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Area
from indicators.models import Group, Indicator
from plans.models.given import GivenFigure

FIRST_YEAR = 1950


class HistoricTotal(GivenFigure):
    """What a place came to in a year before its stations reported here, for an indicator and a group.

    It is shown in trends as given and enters no roll-up, no computed series, no season and no verdict. Either
    `value` is given, in the indicator's unit, or it follows from both counts. One a place and year: a later
    entry corrects it, the log keeps who changed what.
    """

    area = models.ForeignKey(
        Area, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="historic_totals"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("chỉ số"), on_delete=models.PROTECT, related_name="historic_totals"
    )
    group = models.ForeignKey(Group, verbose_name=_("nhóm"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("năm"))

    class Meta:
        verbose_name = _("số tổng năm trước")
        verbose_name_plural = pgettext_lazy("nhiều", "số tổng năm trước")
        ordering = ["area", "indicator", "group", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "indicator", "group", "year"],
                name="historic_total_unique",
                violation_error_message=_("Địa bàn này đã có số tổng của năm này; hãy sửa số đã có."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(numerator__isnull=False, denominator__isnull=False),
                name="historic_total_value_given",
                violation_error_message=_("Cần nhập giá trị, hoặc cả tử số và mẫu số."),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0, numerator__isnull=False),
                name="historic_total_denominator_positive",
                violation_error_message=_("Mẫu số phải lớn hơn 0 và đi cùng tử số."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="historic_total_source_given",
                violation_error_message=_("Cần ghi nguồn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.year}: {self.indicator}"

    @property
    def counted(self) -> Fraction | None:
        """The value that both counts give, unrounded; None without them."""
        if self.numerator is None or self.denominator is None:
            return None
        return Fraction(self.numerator) / Fraction(self.denominator) * self.indicator.factor

    @property
    def figure(self) -> Fraction:
        """The value as given, else the one that the counts give."""
        return Fraction(self.value) if self.value is not None else self.counted or Fraction(0)
