"""Sending what was asked for: claimed, sent, marked. What a dead worker left is taken up again.

The rows say what is to be done, so every worker, sweep or restart may run this at any time, also at once.
docs/decisions/0021 says what that guarantees; the pauses are those of the notices' mails.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet
from django.utils import timezone

from facilities.actions.mails import PAUSES, REFUSALS, TRIES
from reporting.actions.leaving import settle
from reporting.actions.reports import ReportError
from reporting.actions.sending import hash_of, token
from reporting.mail import delivery_mail
from reporting.models import Delivery
from reporting.said import NO_ERROR, Said, error_of

logger = logging.getLogger("portal.deliveries")
Clock: TypeAlias = Callable[[], datetime]
Status = Delivery.Status
AT_ONCE = 100
# Seconds for one answer of the server. Five of them end well before SENDING_AT_MOST, when another worker takes over.
ANSWER_WITHIN = 90
# A task is killed after CELERY_TASK_TIME_LIMIT: stop in time, the sweep goes on.
RUN_AT_MOST = timedelta(minutes=15)
PERMANENT = 500


@dataclass
class Sending:
    """What one run did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0


def send_due(*, clock: Clock = timezone.now) -> Sending:
    """Send every delivery that is due, each claimed by one run alone.

    Where the server does not answer, everything due waits for its next pause. Raises nothing a server caused.
    """
    began, done = clock(), Sending()
    waiting = list(Delivery.objects.due(began).order_by("at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return done
    connection = get_connection(timeout=ANSWER_WITHIN)
    try:
        connection.open()
    except OSError as error:
        logger.warning("The mail server does not answer: %s", error)
        for pk in waiting:
            if (delivery := _claim(pk, clock(), done)) is not None:
                _put_back(delivery, _silence(error), clock(), done)
        return done
    try:
        for pk in waiting:
            if clock() > began + RUN_AT_MOST or not _send_one(pk, connection, clock, done):
                break
    finally:
        connection.close()
    return done


def _claim(pk: int, now: datetime, done: Sending) -> Delivery | None:
    """The delivery, once this run alone may send it; None where another has it or it was tried too often."""
    claim = {"status": Status.SENDING, "try_at": now, "attempts": F("attempts") + 1}
    if not Delivery.objects.due(now).filter(pk=pk).update(**claim):
        return None
    related = ("snapshot__report__plan__issuer__area", "snapshot__report__agency__area", "by")
    delivery = Delivery.objects.select_related(*related).get(pk=pk)
    if delivery.attempts > TRIES:
        # Each try ended its worker.
        _fail(delivery, Said("worker_dies"), done)
        return None
    return delivery


def _send_one(pk: int, connection: BaseEmailBackend, clock: Clock, done: Sending) -> bool:
    """Claim, send, mark. False where the server fell silent: the others wait for the next run."""
    delivery = _claim(pk, clock(), done)
    if delivery is None:
        return True
    if delivery.is_link and not delivery.is_open(clock()):
        # Withdrawn while an earlier try was under way, or expired while it waited.
        _fail(delivery, Said("link_over"), done)
        return True
    try:
        mail = _prepared(delivery)
        mail.connection = connection
        mail.send()
    except ReportError as error:
        _fail(delivery, _of_report(error), done)
        return True
    except Exception as error:
        # Whatever broke, the person waiting must read that it did; the log keeps the cause.
        logger.warning("Delivery %s was not sent: %s: %s", pk, type(error).__name__, error)
        if refusal := _refusal(error):
            _fail(delivery, refusal, done)
        else:
            _put_back(delivery, _silence(error), clock(), done)
        return not isinstance(error, OSError) or isinstance(error, REFUSALS)
    sent = Delivery.objects.filter(pk=pk, status=Status.SENDING)
    done.sent += sent.update(status=Status.SENT, sent_at=clock(), try_at=None, **NO_ERROR)
    return True


def _prepared(delivery: Delivery) -> EmailMessage:
    """The mail; its link answers from now on, also where the portal's secret key was changed meanwhile.

    What was asked for before deliveries kept their files gets them now.
    """
    if not delivery.files:
        delivery.files = settle(delivery.snapshot)
        Delivery.objects.filter(pk=delivery.pk).update(files=delivery.files)
    mail = delivery_mail(delivery)
    if delivery.is_link and (wanted := hash_of(token(delivery))) != delivery.token_hash:
        Delivery.objects.filter(pk=delivery.pk).update(token_hash=wanted)
    return mail


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, while no other run has taken it."""
    return Delivery.objects.filter(pk=delivery.pk, status=Status.SENDING, attempts=delivery.attempts)


def _put_back(delivery: Delivery, said: Said, now: datetime, done: Sending) -> None:
    """Wait for the next pause, or give up after the last one."""
    if delivery.attempts >= TRIES:
        _fail(delivery, said, done)
        return
    again = now + PAUSES[delivery.attempts - 1]
    fields = {"status": Status.WAITING, "try_at": again} | error_of(said)
    done.postponed += _mine(delivery).update(**fields)


def _fail(delivery: Delivery, said: Said, done: Sending) -> None:
    """Not tried again until somebody asks."""
    fields = {"status": Status.FAILED, "try_at": None} | error_of(said)
    done.failed += _mine(delivery).update(**fields)


def _of_report(error: ReportError) -> Said:
    """What the report's own refusal says; another's class, where it keeps no code."""
    said = next(iter(error.args), None)
    return said if isinstance(said, Said) else Said("not_made", {"cause": type(error).__name__})


def _silence(error: Exception) -> Said:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Said("no_login")
    if isinstance(error, smtplib.SMTPResponseException):
        return Said("put_off", {"reason": _said(error.smtp_code, error.smtp_error)})
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return Said("put_off", {"reason": _of_recipient(error)[1]})
    cause = {"cause": type(error).__name__}
    return Said("silent" if isinstance(error, OSError) else "not_made", cause)


def _refusal(error: Exception) -> Said | None:
    """What the server said for good; None where trying again may help."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        (code, reason), kind = _of_recipient(error), "address_refused"
    elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        code, reason = error.smtp_code, _said(error.smtp_code, error.smtp_error)
        kind = "mail_refused"
    else:
        return None
    return Said(kind, {"reason": reason}) if code >= PERMANENT else None


def _of_recipient(error: smtplib.SMTPRecipientsRefused) -> tuple[int, str]:
    code, reason = next(iter(error.recipients.values()), (0, b""))
    return code, _said(code, reason)


def _said(code: int, reason: bytes | str) -> str:
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return f"{code} {' '.join(words.split())[:160]}"
