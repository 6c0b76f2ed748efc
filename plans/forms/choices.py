"""Places and agencies to choose from: the same name was held by different ones, so each says its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from facilities.models import Agency, Area
from facilities.text import alphabetical

Choice = tuple[int, str]


def area_choices(areas: QuerySet[Area]) -> list[tuple[int | str, str]]:
    """Those that exist first, then the last that ended; provinces before districts, by the alphabet. One query."""
    ordered = sorted(areas.by_name(), key=lambda area: area.level, reverse=True)
    ordered.sort(key=lambda area: area.valid_to or date.max, reverse=True)
    return [("", "---------"), *((area.pk, area_words(area)) for area in ordered)]


def last_day(of: Area | Agency) -> date | None:
    """The last day something existed; None while it does."""
    return of.valid_to - timedelta(days=1) if of.valid_to else None


def area_words(area: Area) -> str:
    """`Tỉnh Bắc Ninh (từ 01/07/2025)`, `Tỉnh Bắc Giang (đến 30/06/2025)`."""
    last = last_day(area)
    if last:
        return _("%(name)s (đến %(day)s)") % {"name": area.name, "day": f"{last:%d/%m/%Y}"}
    return _("%(name)s (từ %(day)s)") % {"name": area.name, "day": f"{area.valid_from:%d/%m/%Y}"}


def group_agencies(agencies: Iterable[Agency]) -> list[tuple[str, list[Choice]]]:
    """Agencies under their areas, those of today first: choices in groups, one query."""
    if isinstance(agencies, QuerySet):
        agencies = agencies.select_related("area")
    groups: dict[Area, list[Agency]] = {}
    for agency in agencies:
        groups.setdefault(agency.area, []).append(agency)
    areas = sorted(
        groups, key=lambda area: (area.is_abolished, area.level != "province", alphabetical(area.name))
    )
    return [
        (
            area_words(area),
            [(agency.pk, _agency_words(agency)) for agency in sorted(groups[area], key=_order)],
        )
        for area in areas
    ]


def _order(agency: Agency) -> tuple[bool, Any]:
    return agency.valid_to is not None, alphabetical(agency.name)


def _agency_words(agency: Agency) -> str:
    last = last_day(agency)
    if last is None:
        return agency.name
    return _("%(name)s (đến %(day)s)") % {"name": agency.name, "day": f"{last:%d/%m/%Y}"}
