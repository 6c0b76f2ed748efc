"""What a person typed while the session ended, kept through signing in again.

The sign-in page carries the posted fields signed; after signing in they wait in the session for the page
they belong to. The mark on the form says whose it is: nobody else gets to see the fields, and nobody can
make a form that fills another's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, QueryDict

OWNER, KEPT, SESSION_KEY = "owner", "kept", "kept_fields"
SALT = "facilities.kept"
MAX_AGE = 14 * 24 * 3600  # a page open as long as a session may last
MAX_CHARS = 60_000
LEFT_OUT = frozenset({"csrfmiddlewaretoken", OWNER, "action"})


@dataclass(frozen=True)
class Kept:
    """Fields of one page of one person."""

    owner: int
    path: str
    fields: QueryDict


def owner_mark(user: AbstractBaseUser, path: str) -> str:
    """The hidden field of a form whose typing shall be kept: its person and its page."""
    return signing.dumps([user.pk, path], salt=SALT)


def posted_by(request: HttpRequest) -> int | None:
    """Whom the posted form of this page was made for; None where it does not say so credibly."""
    marked = _loads(request.POST.get(OWNER, ""), SALT)
    if not isinstance(marked, list) or len(marked) != 2 or marked[1] != request.path:
        return None
    return marked[0]


def pack(request: HttpRequest, owner: int) -> str:
    """The posted fields, signed; "" where they are more than any form of the portal sends."""
    fields = request.POST.copy()
    for name in LEFT_OUT:
        fields.pop(name, None)
    text = fields.urlencode()
    if len(text) > MAX_CHARS:
        return ""
    return signing.dumps([owner, request.path, text], salt=f"{SALT}.fields", compress=True)


def unpack(packed: str) -> Kept | None:
    """Read what `pack` wrote; None for anything else and for what is too old."""
    found = _loads(packed, f"{SALT}.fields")
    return Kept(found[0], found[1], QueryDict(found[2])) if isinstance(found, list) else None


def remember(request: HttpRequest, kept: Kept) -> bool:
    """Put the fields aside for their page, if the person signed in is the one who typed them."""
    if request.user.pk != kept.owner:
        return False
    request.session[SESSION_KEY] = [kept.path, kept.fields.urlencode()]
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """The fields that wait for this page, once."""
    path, text = request.session.get(SESSION_KEY) or (None, "")
    if path != request.path:
        return None
    del request.session[SESSION_KEY]
    return QueryDict(text)


def _loads(text: str, salt: str) -> Any:
    try:
        return signing.loads(text, salt=salt, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
