"""Addresses that only buttons send to: opened by hand, from a bookmark or after signing in again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

NOTHING_DONE = "nothing-done"


class PostedAddressMiddleware:
    """A person who opens such an address comes to the page above it, which has the button, and reads why.

    Only where a browser asks for a page: the API and scripts hear that the method is not allowed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not _is_opened(request):
            return response
        # The page above may itself be one of these: it says the same once.
        if not _is_said(request):
            words = _(
                "Chưa làm gì: địa chỉ vừa mở chỉ dùng khi bấm nút. Bấm nút ở trang này nếu vẫn muốn làm."
            )
            messages.info(request, words, extra_tags=NOTHING_DONE)
        return redirect(next(_above(request.path_info), "/"))


def _is_opened(request: HttpRequest) -> bool:
    """Whether a browser asks for a page to show."""
    match = request.resolver_match
    is_api = match is not None and "api" in match.app_names
    return (
        request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "") and not is_api
    )


def _is_said(request: HttpRequest) -> bool:
    """Whether the words wait for the next page already; looking leaves all messages waiting."""
    storage = messages.get_messages(request)
    waiting = list(storage)
    storage.used = False
    return any(message.extra_tags == NOTHING_DONE for message in waiting)


def _above(path: str) -> Iterator[str]:
    """The addresses above this one that lead somewhere, the nearest first."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, -1, -1):
        address = "/" + "".join(f"{part}/" for part in parts[:length])
        try:
            resolve(address)
        except Resolver404:
            continue
        yield address
