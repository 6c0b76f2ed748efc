"""Errors of the domain, and of Django's own limits, as answers of the API."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import exceptions, status

from facilities.models.areas import AreaNotFound
from indicators.actions.figures import (
    Conflict,
    ImpossibleValue,
    NotDue,
    NotOpen,
    PeriodClosed,
    StaleVersion,
    UnknownCell,
)
from indicators.actions.submissions import ChangedSince, InvalidTransition, ReasonMissing
from indicators.expressions import Cell
from indicators.values import CellValue
from plans.standing import AsOfOutsideYear
from reporting.api.refusals import Refusal, conflict, missing


@singledispatch
def translate(exc: Exception) -> Exception:
    """Return the answer that an error of the domain stands for; any other error as it is."""
    return exc


@translate.register
def _too_large(exc: RequestDataTooBig) -> Exception:
    return Refusal("too_large", _("Yêu cầu quá lớn."), status_code=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)


@translate.register
def _area_not_found(exc: AreaNotFound) -> Exception:
    return exceptions.NotFound()


@translate.register
def _not_due(exc: NotDue) -> Exception:
    return missing("not_due", str(exc))


@translate.register
def _not_open(exc: NotOpen) -> Exception:
    return conflict("not_open", str(exc))


@translate.register
def _period_closed(exc: PeriodClosed) -> Exception:
    return conflict("period_closed", str(exc))


@translate.register
def _invalid_transition(exc: InvalidTransition) -> Exception:
    return conflict("invalid_transition", str(exc))


@translate.register
def _changed_since(exc: ChangedSince) -> Exception:
    return conflict("changed_since", str(exc))


@translate.register
def _reason_missing(exc: ReasonMissing) -> Exception:
    return Refusal("reason_missing", str(exc))


@translate.register
def _outside_year(exc: AsOfOutsideYear) -> Exception:
    return exceptions.ValidationError({"as_of": [exceptions.ErrorDetail(str(exc), "outside_year")]})


@translate.register
def _unknown_cell(exc: UnknownCell) -> Exception:
    return Refusal(
        "unknown_cell", str(exc), details=_each(exc.cells, "unknown_cell", _("Biểu không có ô này."))
    )


@translate.register
def _impossible_value(exc: ImpossibleValue) -> Exception:
    message = _("Đã ghi “không có số liệu” thì không ghi giá trị; giá trị là số nguyên từ 0 đến 10¹².")
    return Refusal("impossible_value", str(exc), details=_each(exc.cells, "impossible_value", message))


@translate.register
def _stale_version(exc: StaleVersion) -> Exception:
    version = exc.submission.version
    return conflict("stale_version", str(exc), [_difference(each, version) for each in exc.conflicts])


def _each(cells: list[Cell], code: str, message: str) -> list[dict[str, Any]]:
    return [_named(cell) | {"code": code, "message": message} for cell in cells]


def _named(cell: Cell) -> dict[str, Any]:
    element, group = cell
    return {"cell": element, "group": group or None}


def _difference(conflict: Conflict, version: int) -> dict[str, Any]:
    """Both values, what stood before, who and when; save again with `version` to put one's own through."""
    return _named(conflict.cell) | {
        "code": "changed_by_other",
        "message": _("Người khác vừa ghi %(value)s vào ô này.")
        % {"value": str(conflict.theirs) or _("để trống")},
        "before": _state(conflict.before),
        "theirs": _state(conflict.theirs),
        "yours": _state(conflict.yours),
        "by": conflict.by,
        "at": conflict.at.isoformat() if conflict.at else None,
        "version": version,
    }


def _state(state: CellValue) -> dict[str, Any]:
    return {"value": state.value, "no_data": state.no_data}
