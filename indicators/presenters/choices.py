"""What a list or a download can be narrowed to: the forms the person's facilities owe, the places they stand in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from facilities.models import Area, Facility, Placement
from facilities.text import alphabetical
from indicators.models import Duty, Form

WIDEST_FIRST = (Area.Level.COUNTRY, Area.Level.PROVINCE, Area.Level.DISTRICT, Area.Level.COMMUNE)


def form_options(facilities: QuerySet[Facility]) -> list[tuple[str, str]]:
    """Code and name of every form owed at some time, the newest version's name. One query."""
    owed = Duty.objects.filter(facility__in=facilities.values("pk")).values("form")
    newest = {
        form.code: form.label for form in Form.objects.filter(pk__in=owed).order_by("code", "valid_from")
    }
    return list(newest.items())


def area_options(facilities: QuerySet[Facility]) -> list[tuple[str, str]]:
    """Key and name of the communes they stand in today and of what these belong to. One query."""
    standing = Placement.objects.current().filter(facility__in=facilities.values("pk")).values("area")
    found = Area.objects.filter(Q(pk__in=standing) | Q(children__in=standing)).distinct()
    ordered = sorted(found, key=lambda area: (WIDEST_FIRST.index(area.level), alphabetical(area.name)))
    return [(area.key, area.name) for area in ordered]
