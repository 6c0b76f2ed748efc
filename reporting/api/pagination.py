"""Pages of API lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

UNREADABLE = _("Là số nguyên từ 1 đến %(most)d.")
MOST_PAGES = 10**9


class Pages(PageNumberPagination):
    """`page` from 1 and `page_size` up to 500. What is no such number is refused, not read as the default."""

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = _("Số dòng mỗi trang, nhiều nhất 500.")
    page_query_description = _("Trang, từ 1.")
    max_page_size = 500

    def paginate_queryset(
        self, queryset: QuerySet | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self._require_count(request, self.page_query_param, MOST_PAGES)
        self._require_count(request, self.page_size_query_param, self.max_page_size)
        return super().paginate_queryset(queryset, request, view)

    def _require_count(self, request: Request, name: str, most: int) -> None:
        text = request.query_params.get(name, "1")
        if not (text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= most):
            raise exceptions.ValidationError({name: [UNREADABLE % {"most": most}]})

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        most = {self.page_query_param: MOST_PAGES, self.page_size_query_param: self.max_page_size}
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            parameter["schema"] |= {"minimum": 1, "maximum": most[parameter["name"]]}
        return parameters
