"""Mails of notices: how one is made, and a backend that keeps mails as files."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from facilities.actions.notices import DIGEST, stop_token, wish_of
from facilities.models import Notice

FOLDER = "mail"
UNSAFE = re.compile(r"[^A-Za-z0-9.@_-]")


class FileBackend(BaseEmailBackend):
    """Keep each mail as `mail/<Message-ID>.eml` under MEDIA_ROOT. The same mail sent twice is one file."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MEDIA_ROOT) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            self._keep(folder, message)
        return len(messages)

    def _keep(self, folder: Path, message: EmailMessage) -> None:
        """Write beside and link: under its name stands the whole mail or none, and the first one stays."""
        sent = message.message()
        handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sent.as_bytes(linesep="\r\n"))
                file.flush()
                os.fsync(file.fileno())
            os.link(part, folder / file_name(sent["Message-ID"]))
        except FileExistsError:
            pass
        finally:
            os.unlink(part)


def file_name(message_id: str) -> str:
    return UNSAFE.sub("_", message_id.strip("<> ")) + ".eml"


def message_id(notice: Notice) -> str:
    """The same for every try of this notice, and of no other: receivers that know it drop a second copy."""
    digest = hashlib.sha256(f"{notice.user_id} {notice.key}".encode()).hexdigest()[:12]
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return f"<notice-{notice.pk}-{notice.at:%Y%m%d%H%M%S}-{digest}@{host}>"


def address(name: str, *args: object) -> str:
    """A page's whole address, for where no request says which host this is."""
    return settings.PORTAL_URL.rstrip("/") + reverse(name, args=args)


def mail_for(notice: Notice) -> EmailMultiAlternatives:
    """The mail of a notice in its person's language: subject, text and HTML, with a link that stops such mails."""
    stop = address("accounts:unsubscribe", stop_token(notice.user, notice.kind))
    with translation.override(notice.user.language):
        context = {
            "notice": notice,
            "person": notice.user,
            "language": notice.user.language,
            "url": address("accounts:notice", notice.pk),
            "stop_url": stop,
            "account_url": address("accounts:account"),
            "is_digest": wish_of(notice.kind) == DIGEST,
        }
        subject = " ".join(render_to_string("notices/mail_subject.txt", context).split())
        text = render_to_string("notices/mail.txt", context)
        html = render_to_string("notices/mail.html", context)
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[notice.user.email],
        headers={
            "Message-ID": message_id(notice),
            "Content-Language": notice.user.language,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail
