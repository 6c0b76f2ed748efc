"""Frozen reports that print a reform's new areas hold it fast."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from facilities.models import Coverage, Reform
from reporting.models import Snapshot


def reports_on(reform: Reform) -> Iterator[str]:
    """Name the reports frozen since the reform was entered whose content names an area it began."""
    begun = list(reform.begun.all())
    reaching = Coverage.objects.filter(covered__in=begun).values("area")
    on_them = Q(report__plan__area__in=reaching) | Q(report__agency__area__in=reaching)
    frozen = Snapshot.objects.filter(on_them, at__gte=reform.entered_at)
    for snapshot in (
        frozen.select_related("report__plan", "report__agency").order_by("at").iterator(chunk_size=20)
    ):
        text = json.dumps(snapshot.data, ensure_ascii=False)
        if area := next((area for area in begun if area.name in text or area.key in text), None):
            words = {"report": snapshot.report, "area": area.name}
            yield _("Báo cáo đã chốt có nêu %(area)s: %(report)s.") % words
            return
