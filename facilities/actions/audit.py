"""Writing the log of acts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from facilities.models import Area, AuditEvent, User
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
