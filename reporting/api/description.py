"""How operations describe themselves in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from reporting.api.shapes import ErrorAnswer

ALWAYS = {
    "400": _("Yêu cầu không hợp lệ."),
    "401": _("Chưa đăng nhập."),
    "403": _("Không được làm việc này."),
    "404": _("Không tìm thấy, hoặc ngoài phạm vi của người dùng."),
    "405": _("Không có phương thức này."),
    "406": _("Chỉ trả lời bằng JSON."),
    "429": _("Quá nhiều yêu cầu."),
}
WITH_BODY = {
    "409": _("Trạng thái không cho phép, hoặc người khác vừa sửa."),
    "413": _("Yêu cầu quá lớn."),
    "415": _("Chỉ nhận JSON."),
}


class PortalSchema(AutoSchema):
    """Adds the refusals every operation may answer with, in their one shape."""

    def get_summary(self) -> str | None:
        return str(self.view.summary) or None

    def get_description(self) -> str:
        """Docstrings are for programmers; readers get the summary each operation states."""
        return ""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        refusals = ALWAYS if self.method == "GET" else ALWAYS | WITH_BODY
        for code, reason in refusals.items():
            answer = OpenApiResponse(ErrorAnswer, description=str(reason))
            bodies[code] = self._get_response_for_code(answer, code, direction=direction)
        return bodies
