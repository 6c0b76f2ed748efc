"""Agencies that issue plans, lead tasks and answer for reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models.areas import Area


class AgencyQuerySet(models.QuerySet["Agency"]):
    def succeeded_by(self, agencies: Iterable[Agency | int]) -> AgencyQuerySet:
        """These agencies and all they have succeeded, a query for each generation."""
        found: set[int] = set()
        new = {one if isinstance(one, int) else one.pk for one in agencies}
        while new:
            found |= new
            new = set(Agency.objects.filter(successor__in=new).values_list("pk", flat=True)) - found
        return self.filter(pk__in=found)


class Agency(models.Model):
    """An agency during its life; a report carries the agency responsible on its date."""

    name = models.CharField(_("tên"), max_length=200)
    short_name = models.CharField(
        _("tên tắt"), max_length=40, blank=True, help_text=_("Dùng trong số hiệu văn bản: SYT, UBND")
    )
    area = models.ForeignKey(
        Area, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="agencies"
    )
    superior = models.CharField(_("cơ quan chủ quản"), max_length=200, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("cơ quan kế nhiệm"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = pgettext_lazy("nhiều", "cơ quan")
        ordering = ["area", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "area"],
                name="agency_name_area_unique",
                violation_error_message=_("Cơ quan này đã có ở địa bàn."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def responsible_on(self, day: date) -> Agency:
        """Follow successors to the agency that exists on `day`; the last one known where the line ends."""
        agency, seen = self, set()
        while agency.valid_to and agency.valid_to <= day and agency.successor and agency.pk not in seen:
            seen.add(agency.pk)
            agency = agency.successor
        return agency
