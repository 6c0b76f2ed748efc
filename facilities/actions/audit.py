"""Writing the log of acts, with the place each concerns."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from facilities.models import Area, AuditEvent, Facility, Placement, User
from facilities.models.log import SYSTEM
from facilities.sql import insert


def record(
    *, by: User | None, verb: str, subject: models.Model, area: Area | int | None = None, **details: Any
) -> None:
    """Write one audit event inside the caller's transaction. `by` None is the system itself; `area` may be an id."""
    insert(
        AuditEvent,
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor=by.display_name if by else SYSTEM,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:300],
        area_id=area.pk if isinstance(area, Area) else area,
        details=details,
    )


def place_of(thing: models.Model) -> int | None:
    """The id of the area a thing concerns, for whoever reads the log of that area; None: the whole portal.

    An area concerns the one above it, which is still there when it is gone; a person the place of the first role.
    """
    if isinstance(thing, Area):
        return thing.parent_id or thing.pk
    if isinstance(thing, Facility):
        stands = Placement.objects.filter(facility=thing).values_list("area", flat=True)
        # One that opens in a later month concerns the place where it will stand.
        return stands.current().first() or stands.order_by("from_month").first()
    if isinstance(thing, User):
        thing = thing.assignments.select_related("area", "facility", "agency").order_by("pk").first()
    for name in ("area", "facility", "agency", "plan", "line", "predecessor"):
        if (owner := getattr(thing, name, None)) is not None:
            return owner.pk if name == "area" else place_of(owner)
    return None
