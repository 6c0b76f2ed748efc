"""What came in of the fields of a report: kept where it may be, given back where it may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from django.http import HttpRequest, QueryDict

from reporting.actions.preparing import Parts, Value, write_typed
from reporting.actions.preparing import TypedConflict as Conflict
from reporting.document_forms import SHOWN, AdditionsForm, DocumentForm, NarrativeForm, TypedForm
from reporting.models import Report

Forms: TypeAlias = dict[str, TypedForm]


def forms_of(
    report: Report,
    data: QueryDict | None = None,
    *,
    keys: Iterable[str] = (),
    proposed: Mapping[str, Value] | None = None,
) -> Forms:
    """The three forms by the report's field. `keys`: sentences that can be added to, beside those sent."""
    return {
        "narrative": NarrativeForm(data, stored=report.narrative),
        "additions": AdditionsForm(
            data, stored=report.additions, keys=[*keys, *_sent_keys(data or QueryDict())]
        ),
        "document": DocumentForm(data, stored=report.document, proposed=proposed),
    }


def _sent_keys(data: QueryDict) -> list[str]:
    start = f"{AdditionsForm.prefix}-"
    sent = (name.removeprefix(start) for name in data if name.startswith(start))
    return [key for key in sent if not key.startswith(SHOWN)]


def keep(request: HttpRequest, report: Report, forms: Forms) -> dict[str, Parts]:
    """Write what was sent and can be stored; return what others wrote meanwhile, by field and part.

    Raises ReportError for parts no page asks for.
    """
    for form in forms.values():
        form.is_valid()
    try:
        write_typed(
            report=report,
            typed={field: form.parts for field, form in forms.items()},
            by=request.user,
            shown={field: form.shown for field, form in forms.items()},
        )
    except Conflict as conflict:
        return conflict.others
    return {}


def settle(report: Report, forms: Forms, others: Mapping[str, Parts]) -> None:
    """Let the forms go on from what is stored now."""
    for field, form in forms.items():
        form.settle(getattr(report, field), others.get(field, {}))


def has_problems(forms: Forms) -> bool:
    return any(form.errors for form in forms.values())
