"""Writing submissions: saving a whole form, handing it in, deciding on it. The actions are the pages' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.actions import submissions
from indicators.actions.figures import save_cells
from indicators.expressions import Cell
from indicators.values import CellValue
from reporting.api.errors import INVALID, flatten
from reporting.api.refusals import Refusal
from reporting.api.submission_shapes import (
    DecisionRequest,
    SaveRequest,
    SendBackRequest,
    SubmissionShape,
)
from reporting.api.submissions import OfSheet, ReadSubmission


class SaveSubmission(OfSheet):
    @extend_schema(
        summary=gettext_lazy("Lưu cả biểu trong một yêu cầu, và nộp nếu muốn"),
        request=SaveRequest,
        responses=SubmissionShape,
    )
    def put(self, request: Request, **address: str) -> Response:
        sheet = self.sheet()
        asked = read_cells(request.data)
        with transaction.atomic():
            submission = save_cells(
                facility=sheet.facility,
                form=sheet.form,
                period=sheet.period,
                cells=asked["cells"],
                by=request.user,
                source="api",
                expected_version=asked["version"],
            )
            if asked["submit"]:
                submissions.submit(submission=submission, by=request.user)
        return Response(SubmissionShape(submission).data)


class SubmissionResource(ReadSubmission, SaveSubmission):
    """Reading and saving share one address."""


class SubmitSubmission(OfSheet):
    summary = gettext_lazy("Nộp báo cáo")

    @extend_schema(request=None, responses=SubmissionShape)
    def post(self, request: Request, **address: str) -> Response:
        submission = submissions.submit(submission=self.begun(), by=request.user)
        return Response(SubmissionShape(submission).data)


class ApproveSubmission(OfSheet):
    summary = gettext_lazy("Duyệt báo cáo đã nộp")

    @extend_schema(request=DecisionRequest, responses=SubmissionShape)
    def post(self, request: Request, **address: str) -> Response:
        submission = self.begun()
        asked = DecisionRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        submissions.approve(submission=submission, by=request.user, seen=asked.validated_data["version"])
        return Response(SubmissionShape(submission).data)


class SendBackSubmission(OfSheet):
    summary = gettext_lazy("Trả lại báo cáo, nêu lý do")

    @extend_schema(request=SendBackRequest, responses=SubmissionShape)
    def post(self, request: Request, **address: str) -> Response:
        submission = self.begun()
        asked = SendBackRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        submissions.send_back(
            submission=submission,
            by=request.user,
            reason=asked.validated_data["reason"],
            seen=asked.validated_data["version"],
        )
        return Response(SubmissionShape(submission).data)


def read_cells(body: Any) -> dict[str, Any]:
    """The body of a save with `cells` by (element, group). Raises Refusal naming every cell that is wrong."""
    asked = SaveRequest(data=body)
    if not asked.is_valid():
        details = [_with_cell(detail, body) for detail in flatten(asked.errors)]
        raise Refusal("invalid", str(INVALID), details=details)
    cells: dict[Cell, CellValue] = {}
    twice: list[Cell] = []
    for given in asked.validated_data["cells"]:
        cell = (given["element"], given["group"] or "")
        if cell in cells:
            twice.append(cell)
        cells[cell] = CellValue(given["value"], given["no_data"])
    if twice:
        raise Refusal("cell_twice", _("Có ô được ghi hai lần."), details=_repeated(twice))
    return asked.validated_data | {"cells": cells}


def _with_cell(detail: dict[str, Any], body: Any) -> dict[str, Any]:
    """Name the cell of an error at `cells.N…`, where the request itself names it with texts."""
    path = detail["field"].split(".")
    if path[0] != "cells" or len(path) < 2:
        return detail
    given = body["cells"][int(path[1])]
    element, group = (_echoed(given, name) for name in ("element", "group"))
    return detail | {"cell": element, "group": group} if element else detail


def _echoed(given: Any, name: str) -> str | None:
    """The text as it was sent; None for what is no text, or what JSON can not carry back."""
    text = given.get(name) if isinstance(given, dict) else None
    return text if isinstance(text, str) and text.isprintable() and text else None


def _repeated(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    message = _("Ô này được ghi hai lần.")
    return [
        {"cell": element, "group": group or None, "code": "cell_twice", "message": message}
        for element, group in cells
    ]
