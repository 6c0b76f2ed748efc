"""Reforms that people entered: which areas began and ended on a day, by what decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reform(models.Model):
    """One decision that changed areas on a day. What it made points back to it, so that it can be undone.

    Areas it began and ended, successions and placements name it (`begun`, `ended`, `successions`,
    `placements`). `summary` keeps the names for reading after an undo:
    {"ended": [name, …], "begun": [name, …], "facilities": count}.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("nhập")
        DIVIDE = "divide", _("chia")
        RENAME = "rename", _("đổi tên, đổi loại")
        MOVE = "move", _("chuyển về đơn vị cấp trên khác")

    kind = models.CharField(_("loại sắp xếp"), max_length=10, choices=Kind.choices)
    date = models.DateField(_("ngày"))
    legal_basis = models.CharField(
        _("căn cứ"), max_length=200, help_text=_("Số, ngày của nghị quyết hoặc quyết định")
    )
    summary = models.JSONField(default=dict, editable=False)
    area = models.ForeignKey(
        "facilities.Area", verbose_name=_("địa bàn"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(_("nhập lúc"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người nhập"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người hoàn tác"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("lần sắp xếp địa bàn")
        verbose_name_plural = pgettext_lazy("nhiều", "lần sắp xếp địa bàn")
        ordering = ["-date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(legal_basis=""),
                name="reform_has_basis",
                violation_error_message=_("Cần ghi căn cứ pháp lý."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("entered_at")),
                name="reform_undone_after_entered",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(undone_at__isnull=False),
                name="reform_undone_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date:%d/%m/%Y}: {', '.join(self.summary.get('ended', []))}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
