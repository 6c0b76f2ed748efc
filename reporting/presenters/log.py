"""What the log says of reports: their pages, and the parts that were written in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from facilities.log_hooks import Tellings, Told, ids_of
from facilities.models import AuditEvent, User
from facilities.permissions import Permission, areas_for
from reporting.document_forms import DocumentForm, NarrativeForm
from reporting.models import Report
from reporting.presenters.reports import period_words
from reporting.said import SENTENCES

REPORT = "reporting.report"
PAGES = {
    "sign_report": "signing",
    "register_document": "sending",
    "take_signed_file": "sending",
    "pack_document": "sending",
    "ask_delivery": "sending",
    "send_again": "sending",
    "withdraw_delivery": "sending",
    "write_narrative": "preparing",
    "write_document": "preparing",
    "write_additions": "preparing",
    "remind_stations": "preparing",
}
FORMS = {"write_narrative": NarrativeForm, "write_document": DocumentForm}


def tell_reports(reader: User, events: Sequence[AuditEvent], leaves: bool) -> Tellings:
    """A report's name and the page that shows what was done, where the reader may open it. One query."""
    ids = ids_of(events, REPORT)
    if not ids:
        return {}
    mine = Report.objects.within(areas_for(reader, Permission.VIEW_REPORT)).filter(pk__in=ids)
    known = {str(one.pk): one for one in mine.select_related("plan", "agency")}
    return {
        event.pk: _told(event, known.get(event.subject_id))
        for event in events
        if event.subject_type == REPORT
    }


def _told(event: AuditEvent, report: Report | None) -> Told:
    if report is None:
        return Told(details=_details(event))
    return Told(_url(event), name=f"{report.subject_name}, {period_words(report)}", details=_details(event))


def _url(event: AuditEvent) -> str:
    return reverse(f"reports:{PAGES.get(event.verb, 'detail')}", args=[event.subject_id])


def _details(event: AuditEvent) -> dict[str, Any]:
    """Parts by their names; a reason that is only a code is what the event before it says."""
    details = {**event.details, "parts": event.details.get("parts") or []}
    if form := FORMS.get(event.verb):
        fields = form.base_fields
        details["parts"] = [str(fields[part].label if part in fields else part) for part in details["parts"]]
    elif event.verb == "write_additions":
        details["parts"] = len(details["parts"])
    if details.get("reason") in SENTENCES:
        del details["reason"]
    return details
