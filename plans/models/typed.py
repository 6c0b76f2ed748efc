"""What a person is typing of a plan's pages, kept until it is published or thrown away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plans.models.lines import PlanIndicator


class TypedShares(models.Model):
    """A planner's own draft of sharing a line's target of a year out; nobody else sees it, nothing counts by it.

    `fields` holds the page's fields by name, as typed; {} where the table was begun anew. `before` holds them as
    they stood before a method, a file or a new beginning took their place: one step back; None where there is none.
    """

    line = models.ForeignKey(PlanIndicator, on_delete=models.CASCADE, related_name="typed_shares")
    year = models.PositiveSmallIntegerField(_("năm"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người nhập"), on_delete=models.CASCADE, related_name="+"
    )
    fields = models.JSONField(default=dict)
    before = models.JSONField(null=True, blank=True)
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("bản nháp phân bổ")
        verbose_name_plural = pgettext_lazy("nhiều", "bản nháp phân bổ")
        constraints = [models.UniqueConstraint(fields=["line", "year", "by"], name="typed_shares_unique")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.year}: {self.by_id}"

    @property
    def mark(self) -> str:
        """What a page knows this state of the draft by."""
        return self.at.isoformat()

    @property
    def has_table(self) -> bool:
        """Whether it holds a table to go on with."""
        return any(name.startswith("v") for name in self.fields)
