"""What happened, and what must be computed again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from facilities.models.areas import Area
from facilities.models.facilities import Facility

SYSTEM = "hệ thống"  # stored where nobody acted; shown in the reader's language


class AuditEvent(models.Model):
    """One act of one person. Holds labels and ids, no foreign keys, so that it outlives what it names."""

    at = models.DateTimeField(_("lúc"))
    actor_id = models.BigIntegerField(_("số tài khoản"), null=True)
    actor = models.CharField(_("người thực hiện"), max_length=160)
    verb = models.CharField(_("việc"), max_length=60)
    subject_type = models.CharField(_("loại đối tượng"), max_length=40)
    subject_id = models.CharField(_("số của đối tượng"), max_length=40)
    subject = models.CharField(_("đối tượng"), max_length=300)
    area_id = models.BigIntegerField(_("số của địa bàn"), null=True, db_index=True)
    details = models.JSONField(_("chi tiết"), default=dict)

    class Meta:
        verbose_name = _("nhật ký")
        verbose_name_plural = pgettext_lazy("nhiều", "nhật ký")
        ordering = ["-at", "-id"]
        # Pages of the log follow each other by it, and whatever asks for a time.
        indexes = [models.Index(fields=["at", "id"], name="audit_event_in_order")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.verb} {self.subject}"

    @property
    def actor_name(self) -> str:
        return gettext("hệ thống") if self.actor == SYSTEM else self.actor


class StaleMark(models.Model):
    """Written in the transaction that changes figures: results of these months must be computed again.

    With an area, what counts in it changed: its results are summed anew from those of the facilities. With
    neither, the definitions behind every facility changed in months [from_month, to_month].
    """

    facility = models.ForeignKey(Facility, null=True, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+")
    from_month = models.DateField()
    to_month = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_month__gte=models.F("from_month")), name="stale_mark_months_ordered"
            ),
            models.CheckConstraint(
                condition=models.Q(facility__isnull=True) | models.Q(area__isnull=True),
                name="stale_mark_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id or self.area_id or '*'} {self.from_month:%Y-%m}…{self.to_month:%Y-%m}"
