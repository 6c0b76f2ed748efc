"""What people decide about their own account."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from facilities.actions.audit import place_of, record
from facilities.models import User


@transaction.atomic
def save_wishes(*, user: User, fields: Collection[str], email_before: str) -> User:
    """Save these fields of the person's own account. Where mails go to is logged, for figures go with them."""
    if not fields:
        return user
    user.save(update_fields=list(fields))
    if "email" in fields:
        where, address = place_of(user), {"before": email_before, "after": user.email}
        record(by=user, verb="change_address", subject=user, area=where, **address)
    return user
