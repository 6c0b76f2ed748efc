"""Days on which offices work, or rest, because somebody decided so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DecidedDay(models.Model):
    """A day that is not what weekday and public holidays make of it: swapped, made up for, or given free.

    Deadlines count with it (facilities/working_days.py). Decisions come out year by year, so the rows are people's.
    """

    date = models.DateField(_("ngày"), unique=True)
    is_off = models.BooleanField(_("được nghỉ"), help_text=_("Bỏ chọn nếu là ngày làm việc (làm bù)"))
    legal_basis = models.CharField(
        _("căn cứ"), max_length=200, help_text=_("Số, ngày của văn bản quyết định")
    )

    class Meta:
        verbose_name = _("ngày nghỉ, làm bù theo quyết định")
        verbose_name_plural = pgettext_lazy("nhiều", "ngày nghỉ, làm bù theo quyết định")
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(legal_basis=""),
                name="decided_day_has_basis",
                violation_error_message=_("Cần ghi văn bản quyết định."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}"
