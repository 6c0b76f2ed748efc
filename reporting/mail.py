"""The mail of a delivery: who sends what, with the files or the link to them. Vietnamese, as the document is."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from facilities.mail import address
from facilities.text import printable
from reporting.actions.leaving import issued_with, left_with
from reporting.actions.sending import token
from reporting.models import Delivery

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "pdfa": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


def delivery_mail(delivery: Delivery) -> EmailMessage:
    """The mail with the files that were settled for it. Raises FileChanged: what is not whole does not leave."""
    snapshot = delivery.snapshot
    issued, parts = issued_with(delivery), left_with(delivery)
    agency = issued.agency if issued else snapshot.report.issuer_on(timezone.localdate(delivery.at))
    context = {
        "delivery": delivery,
        "issued": issued,
        "agency": agency.name,
        "subject": snapshot.data["content"]["header"]["subject"],
        "files": [part.name for part in parts],
        "url": address("reports:link", token(delivery)) if delivery.is_link else "",
        "sha256": parts[0].sha256,
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
        mail.attach(part.name, part.read(), MEDIA_TYPES[part.format])
    return mail
