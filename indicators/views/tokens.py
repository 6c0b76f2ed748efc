"""Whether a request's CSRF token is of its session, asked by views that answer in their own way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck


def has_wrong_token(request: HttpRequest) -> bool:
    check = CSRFCheck(lambda request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {}) is not None
