"""What every operation of the API has in common."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from reporting.api.description import PortalSchema
from reporting.api.parsing import PlainJSONParser


class Operation(APIView):
    """Closed by default: signed in, JSON in and out, only the query parameters it names."""

    permission_classes = [IsAuthenticated]
    parser_classes = [PlainJSONParser]
    metadata_class = None
    schema = PortalSchema()
    summary: str | Promise = ""
    query_shape: type[serializers.Serializer] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\x00" in str(value) for value in kwargs.values()):
            raise exceptions.NotFound
        unknown = set(request.query_params) - self.known_parameters()
        if unknown:
            raise exceptions.ValidationError(
                {
                    name: [exceptions.ErrorDetail(_("Không có tham số này."), "unknown")]
                    for name in sorted(unknown)
                }
            )

    def known_parameters(self) -> set[str]:
        """Query parameters that mean something here; any other is a slip and is refused."""
        return set(self.query_shape().fields) if self.query_shape else set()

    def query(self) -> dict[str, Any]:
        """The query parameters as `query_shape` reads them. Raises ValidationError."""
        shape = self.query_shape(data=self.request.query_params)
        shape.is_valid(raise_exception=True)
        return shape.validated_data


class ListOperation(Operation, ListAPIView):
    """A list in pages, filtered by its `filterset_class`."""

    filterset_class: Any = None

    def known_parameters(self) -> set[str]:
        named = set(self.filterset_class.base_filters) if self.filterset_class else set()
        pages = {self.paginator.page_query_param, self.paginator.page_size_query_param}
        return super().known_parameters() | named | pages
