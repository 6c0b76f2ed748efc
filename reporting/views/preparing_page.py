"""The page on which a report is prepared, as read and as given back with what somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.permissions import Permission, has_permission
from indicators.waiting import is_waiting
from reporting.actions.preparing import Parts, note_editing
from reporting.actions.reports import ReportError
from reporting.content import draft_content
from reporting.document_rules import open_parts, warnings
from reporting.estimate_forms import EstimatesForm
from reporting.forms import FreezeForm
from reporting.models import Report
from reporting.presenters.carried import document_draft, narrative_draft
from reporting.presenters.outline import addition_keys, outline, typed_keys
from reporting.presenters.owing import present_owing
from reporting.presenters.preparing import (
    Figures,
    figures_of,
    open_points,
    others_editing,
    standings_of,
    steps,
    untold_tasks,
)
from reporting.presenters.proposals import proposals_of
from reporting.presenters.reports import entry
from reporting.presenters.tabs import tabs
from reporting.views.typed import Forms, forms_of, has_problems, keep, settle

Content = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What somebody sent that could not be stored as it is: the page shows it again."""

    data: QueryDict | None = None
    others: Mapping[str, Parts] = field(default_factory=dict)
    freezing: FreezeForm | None = None
    estimates: QueryDict | None = None


def preparing_page(
    request: HttpRequest, report: Report, given: Given | None = None, refusal: Any = None
) -> HttpResponse:
    """All five steps. `refusal`: an estimate that was not stored (EstimateRefused)."""
    given, now = given or Given(), timezone.now()
    today = timezone.localdate(now)
    content = draft_content(report, today=today, document={})
    figures = figures_of(standings_of(report, today), is_over=content["period"]["is_over"])
    owing = present_owing(report, today)
    proposed = proposals_of(report, content, today)
    # A sheet for the leadership or a commune is no letter: nobody signs it, and it goes to nobody.
    is_letter = bool(content["footer"]["office"])
    forms = _forms(report, content, proposed, given)
    left = {
        "figures": owing.reports,
        "estimates": figures.estimates_left + len(figures.unjudged),
        "texts": sum(not report.narrative.get(key) for key in typed_keys(content)),
        "head": len(_open_head(report, proposed, forms)) if is_letter else 0,
    }
    shown = entry(report)
    latest = shown.latest.snapshot.number if shown.latest else 0
    shown_steps, freezing = steps(left, latest), given.freezing or FreezeForm()
    context = {
        "report": report,
        "entry": shown,
        "tabs": tabs(report, "reports:preparing"),
        "steps": {step.anchor: step for step in shown_steps},
        "content": content,
        "is_letter": is_letter,
        "figures": figures,
        "untold_tasks": untold_tasks(report, today) if "tasks_by_agency" in content["tables"] else 0,
        "owing": owing,
        "estimates": _estimates(request, report, figures, given, refusal),
        "can_edit_plan": has_permission(request.user, Permission.EDIT_PLAN, report.area),
        **forms,
        **_written(report, content, forms, open_parts({}, proposed), today),
        "open_points": open_points(shown_steps, is_over=content["period"]["is_over"]),
        "freezing": freezing,
        "problems": _problems(forms, freezing),
        "is_waiting": is_waiting(report.area, ((report.start_year or report.year) - 1, report.year)),
        "others": _presence(request, report, now),
        "now": now,
    }
    return render(request, "reporting/preparing.html", context)


def _forms(report: Report, content: Content, proposed: Parts, given: Given) -> Forms:
    forms = forms_of(report, given.data, keys=addition_keys(content), proposed=proposed)
    if given.data is not None:
        for form in forms.values():
            form.is_valid()
        settle(report, forms, given.others)
    return forms


def _open_head(report: Report, proposed: Parts, forms: Forms) -> set[str]:
    """Keys of the head and foot that print nothing, look wrong, or were refused as typed."""
    refused = set(forms["document"].errors) if forms["document"].is_bound else set()
    return {*open_parts(report.document, proposed), *warnings(report.document), *refused}


def _written(
    report: Report, content: Content, forms: Forms, open_head: list[str], today: Any
) -> dict[str, Any]:
    """The fields where they stand in the document, with what earlier reports say."""
    drafts, keys = narrative_draft(report), set(addition_keys(content))
    orphans = [row for row in forms["additions"].rows if row.key not in keys]
    head = document_draft(report, today)
    warned = warnings(report.document)
    return {
        "sections": outline(content, forms["narrative"], forms["additions"], drafts),
        "orphans": orphans,
        "drafts": drafts,
        "head_rows": [
            (row, head.texts.get(row.key, ""), warned.get(row.key, ""), row.key in open_head)
            for row in forms["document"].rows
        ],
        "head_draft": head,
    }


def _estimates(
    request: HttpRequest, report: Report, figures: Figures, given: Given, refusal: Any
) -> EstimatesForm | None:
    """The form of estimates; None where the person may not enter figures of the plan."""
    if not has_permission(request.user, Permission.ENTER_FIGURE, report.area):
        return None
    form = EstimatesForm(given.estimates, rows=figures.estimates)
    if refusal is not None and form.is_valid():
        form.refuse(refusal)
    return form


def _presence(request: HttpRequest, report: Report, now: Any) -> str:
    """Note that the person has the report open, and say who else has. Readers do neither."""
    if not report.can_prepare:
        return ""
    note_editing(report=report, by=request.user, now=now)
    return presence_words(report, request.user.pk, now)


def presence_words(report: Report, user_id: int, now: Any) -> str:
    """ "Nguyễn Văn A cũng đang mở trang này (lúc 10:32)"; empty where nobody else has it open."""
    return "; ".join(
        _("%(name)s cũng đang mở trang này (lúc %(time)s)")
        % {"name": one.user.display_name, "time": f"{timezone.localtime(one.seen_at):%H:%M}"}
        for one in others_editing(report, user_id, now)
    )


def _problems(forms: Forms, freezing: FreezeForm) -> list[tuple[str, str]]:
    found = [problem for form in forms.values() for problem in form.problems]
    return found + [
        (bound.id_for_label, f"{bound.label}: {text}") for bound in freezing for text in bound.errors
    ]


def kept(
    request: HttpRequest,
    report: Report,
    data: QueryDict,
    freezing: FreezeForm | None = None,
    undone: str = "",
) -> HttpResponse | None:
    """Write what was typed; the page with all of it again where not all could be, saying what was `undone` for it."""
    forms = forms_of(report, data)
    try:
        others = keep(request, report, forms)
    except ReportError as error:
        messages.error(request, f"{error} {undone}".strip())
        return preparing_page(request, report, Given(data, freezing=freezing))
    if others or has_problems(forms):
        if undone:
            messages.warning(request, undone)
        return preparing_page(request, report, Given(data, others, freezing))
    return None
