"""The mail of a delivery: who sends what, with the files or the link to them. Vietnamese, as the document is."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from facilities.mail import address
from facilities.text import printable
from reporting.actions.official_files import file_name, official_parts
from reporting.actions.sending import ATTACHED, issued_of, token
from reporting.models import Delivery

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "pdfa": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


def delivery_mail(delivery: Delivery) -> EmailMessage:
    """The same mail each time it is asked for. Raises FileNotReady, FileChanged: what is not whole does not leave."""
    snapshot = delivery.snapshot
    issued = issued_of(snapshot)
    parts = official_parts(snapshot, issued, *ATTACHED)
    agency = issued.agency if issued else snapshot.report.issuer_on(timezone.localdate(delivery.at))
    context = {
        "delivery": delivery,
        "issued": issued,
        "agency": agency.name,
        "subject": snapshot.data["content"]["header"]["subject"],
        "files": [file_name(part, issued) for part in parts],
        "url": address("reports:link", token(delivery)) if delivery.is_link else "",
        "sender": delivery.by.display_name,
    }
    with translation.override("vi"):
        subject = " ".join(printable(render_to_string("reporting/delivery_subject.txt", context)).split())
        text = printable(render_to_string("reporting/delivery.txt", context))
    mail = EmailMessage(
        subject,
        text,
        to=[delivery.address],
        reply_to=[delivery.by.email] if delivery.by.email else [],
        headers={"Message-ID": delivery.message_id, "Content-Language": "vi"},
    )
    for part in parts if not delivery.is_link else []:
        mail.attach(file_name(part, issued), part.read(), MEDIA_TYPES[part.format])
    return mail
