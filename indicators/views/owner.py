"""Whose page an answer is: browsers keep it for that person alone (docs/entry-protocol.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

USER_HEADER = "X-Entry-User"
View = Callable[..., HttpResponse]


def says_whose(view: View) -> View:
    """Name the person in a header of a page that the service worker may keep."""

    @wraps(view)
    def said(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if request.user.is_authenticated and answer.status_code == 200:
            answer.headers[USER_HEADER] = str(request.user.pk)
        return answer

    return said
