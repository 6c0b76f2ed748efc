"""Addresses a database can be asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

NUL = "\x00"


class PlainAddressMiddleware:
    """Nothing is named with a NUL in it: such an address or query reads as not found.

    PostgreSQL refuses to be asked, which would be an error of the server. Forms clean their own fields, and the
    API answers in its own shape.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> None:
        if request.resolver_match.app_name == "api":
            return
        asked = [request.path, *(text for texts in request.GET.lists() for text in (texts[0], *texts[1]))]
        if any(NUL in text for text in asked):
            raise Http404
