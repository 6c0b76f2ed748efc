"""One shape for every refusal: {"error": {"code", "message", "details"}}."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from reporting.api.domain import translate
from reporting.api.refusals import Refusal

INVALID = _("Yêu cầu có chỗ không hợp lệ; xem chi tiết.")


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception raised in an operation; None leaves an unforeseen one to the server's 500."""
    exc = translate(exc)
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = {"error": _body(exc, response)}
    return response


def _body(exc: Exception, response: Response) -> dict[str, Any]:
    if isinstance(exc, Refusal):
        return {"code": exc.code, "message": str(exc.detail), "details": exc.details}
    if isinstance(exc, exceptions.ValidationError):
        return {"code": "invalid", "message": str(INVALID), "details": list(flatten(exc.detail))}
    detail = response.data["detail"]
    return {"code": detail.code, "message": str(detail), "details": []}


def flatten(detail: Any, field: str = "") -> Iterator[dict[str, Any]]:
    """Yield {"field", "code", "message"} for each error of a serializer; `field` is a path: `cells.3.value`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from flatten(inner, ".".join(part for part in (field, own) if part))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from flatten(inner, f"{field}.{index}".lstrip(".") if nested else field)
    else:
        yield {"field": field, "code": detail.code, "message": str(detail)}


class LockedOut(exceptions.APIException):
    """Too many wrong passwords for this name from this address."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_detail = _("Đăng nhập sai quá nhiều lần. Hãy đợi 15 phút rồi thử lại.")
    default_code = "locked_out"
