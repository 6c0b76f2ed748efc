"""What is known of whoever asks: the address behind the proxy, and what no honest request carries."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponse]


def client_address(request: HttpRequest) -> str:
    """The address that the one trusted proxy saw; without a proxy the connection's own.

    Only the last entry of X-Forwarded-For was written by the proxy, earlier ones by anybody.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.PRODUCTION and forwarded:
        return forwarded.split(",")[-1].strip()
    return request.META.get("REMOTE_ADDR", "")


class RefuseControlCharacters:
    """Answer 400 to a NUL in path or query: no text holds one, and PostgreSQL refuses to store or compare it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if "\x00" in request.path or b"\x00" in query:
            return HttpResponseBadRequest(
                _("Địa chỉ có ký tự không hợp lệ."), content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)


class PrivatePages:
    """Keep signed-in pages out of caches: stations share computers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
