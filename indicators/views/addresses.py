"""Where a person goes on after a page has done what was asked."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LISTS = ("review", "matrix")


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page named by `next`, if that is a page of this site; else `otherwise`, an address."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    here = target.startswith("/")  # anything else `redirect` would take for the name of a view
    if here and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return otherwise


def list_left(request: HttpRequest) -> str:
    """The list from which a person opened a form, filtered as it was: named by `next`, else by the page left; or ""."""
    if named := back_to(request, ""):
        return named
    try:
        left = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if left.netloc != request.get_host() or left.path not in {
        reverse(f"submissions:{name}") for name in LISTS
    }:
        return ""
    return f"{left.path}?{left.query}" if left.query else left.path


def keeping_list(request: HttpRequest, address: str) -> str:
    """The address of a form with the list to go back to, where one is known."""
    back = list_left(request)
    return f"{address}?{urlencode({'next': back})}" if back else address
