"""What an earlier report says where this one says nothing yet: shown beside the field, never printed by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from facilities.periods import Month
from reporting.actions.preparing import Value, as_text
from reporting.content.periods import ReportPeriod
from reporting.content.sections import NARRATIVE
from reporting.models import Report
from reporting.presenters.reports import period_words

# Of the head and foot these are the same in most of an agency's reports.
CARRIED = ("authority", "authority_of", "office", "signer", "recipients")


@dataclass(frozen=True)
class Carried:
    """Texts by part, of the report named `title`; no texts where there is no such report."""

    title: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


def narrative_draft(report: Report) -> Carried:
    """The judgement parts of the last report of the same plan and kind, for parts still empty. One query."""
    same = Report.objects.filter(plan=report.plan_id, agency=report.agency_id, kind=report.kind)
    found = [one for one in same.exclude(pk=report.pk) if one.narrative and _end(one) <= _end(report)]
    if not found:
        return Carried()
    last = max(found, key=lambda one: (_end(one), one.pk))
    empty = (key for key in NARRATIVE if not report.narrative.get(key))
    return Carried(period_words(last), {key: last.narrative[key] for key in empty if last.narrative.get(key)})


def document_draft(report: Report, today: date) -> Carried:
    """Signer, office and recipients of the agency's last report that names them. One query."""
    issuer = report.plan.issuer if report.plan else report.agency
    agencies = {issuer.pk, issuer.responsible_on(today).pk}
    own = Report.objects.filter(Q(plan__issuer__in=agencies) | Q(agency__in=agencies)).exclude(pk=report.pk)
    for last in own.exclude(document={}).select_related("plan", "agency").order_by("-created_at", "-pk")[:20]:
        texts = {key: text for key in CARRIED if (text := _text(last.document.get(key)))}
        if wanted := {key: text for key, text in texts.items() if not report.document.get(key)}:
            return Carried(f"{last.subject_name}, {period_words(last)}", wanted)
    return Carried()


def _text(value: Value | None) -> str:
    return as_text(value or "")


def _end(report: Report) -> Month:
    return ReportPeriod.parse(report.year, report.period).last
