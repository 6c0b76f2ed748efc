"""Refusals with details of their own."""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions, status


class Refusal(exceptions.APIException):
    """What an operation will not do: a code for programs, a sentence for people, and where it lies."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        status_code: int = status.HTTP_400_BAD_REQUEST,
    ) -> None:
        super().__init__(message, code)
        self.code = code
        self.details = details or []
        self.status_code = status_code


def conflict(code: str, message: str, details: list[dict[str, Any]] | None = None) -> Refusal:
    """The state of things does not allow it (any more)."""
    return Refusal(code, message, details=details, status_code=status.HTTP_409_CONFLICT)


def missing(code: str, message: str) -> Refusal:
    """There is no such thing for this person."""
    return Refusal(code, message, status_code=status.HTTP_404_NOT_FOUND)
