"""Where a person goes on after a page has done what was asked."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page named by `next`, if that is a page of this site; else `otherwise`, an address."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    here = target.startswith("/")  # anything else `redirect` would take for the name of a view
    if here and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return otherwise
