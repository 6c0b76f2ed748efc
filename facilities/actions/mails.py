"""Sending the mails of notices: claimed, sent, marked. What a dead worker left is taken up again.

The rows say what is to be done, so every worker, sweep or restart may run this at any time, also at once.
docs/decisions/0007 says what that guarantees.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeAlias

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet
from django.utils import timezone

from facilities.actions.notices import mail_wanted
from facilities.mail import mail_for
from facilities.models import Notice

logger = logging.getLogger("portal.mails")
Clock: TypeAlias = Callable[[], datetime]

Mail = Notice.Mail
# Nobody's telephone rings at night.
DAY_BEGINS, DAY_ENDS = time(7), time(21)
# How long to wait after each failed try; after the last one the mail has failed.
PAUSES = [timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360)]
TRIES = len(PAUSES) + 1
# News older than this misleads; the portal still shows it.
STALE_AFTER = timedelta(days=3)
AT_ONCE = 500
# A refusal of this one mail; anything else the server says or does not say holds for the next mail too.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


@dataclass
class Sending:
    """What one run did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0


def is_day(now: datetime) -> bool:
    return DAY_BEGINS <= timezone.localtime(now).time() < DAY_ENDS


def send_due(*, clock: Clock = timezone.now) -> Sending:
    """Send every mail that is due, each claimed by one run alone; nothing at night.

    Where the server does not answer, everything due waits for the next pause. Raises nothing a server caused.
    """
    now, done = clock(), Sending()
    if not is_day(now):
        return done
    done.failed += _give_up(Notice.objects.mail_due(now).filter(at__lt=now - STALE_AFTER), now)
    due = Notice.objects.mail_due(now)
    waiting = list(due.order_by("at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return done
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        logger.warning("The mail server does not answer: %s", error)
        _postpone_all(due, now, done)
        return done
    try:
        for pk in waiting:
            if not _send_one(pk, connection, clock(), done):
                break
    finally:
        connection.close()
    return done


def _send_one(pk: int, connection: BaseEmailBackend, now: datetime, done: Sending) -> bool:
    """Claim, send, mark. False where the server fell silent: the others wait for the next run."""
    claim = {"mail": Mail.SENDING, "mail_at": now, "mail_attempts": F("mail_attempts") + 1}
    if not Notice.objects.mail_due(now).filter(pk=pk).update(**claim):
        return True  # another run has it
    notice = Notice.objects.select_related("user").get(pk=pk)
    mine = Notice.objects.filter(pk=pk, mail=Mail.SENDING, mail_attempts=notice.mail_attempts)
    if notice.mail_attempts > TRIES:
        # Each try ended its worker.
        done.failed += _give_up(mine, now)
        return True
    if not mail_wanted(notice.user, notice.kind):
        done.dropped += mine.update(mail=Mail.NONE, mail_at=now)
        return True
    try:
        mail = mail_for(notice)
        mail.connection = connection
        mail.send()
    except Exception as error:
        # Whatever broke, this mail must end sent or failed; the log keeps the cause.
        logger.warning("Mail of notice %s was not sent: %s: %s", pk, type(error).__name__, error)
        _put_back(mine, notice.mail_attempts, now, done)
        return not isinstance(error, OSError) or isinstance(error, REFUSALS)
    done.sent += Notice.objects.filter(pk=pk, mail=Mail.SENDING).update(mail=Mail.SENT, mail_at=now)
    return True


def _put_back(notices: QuerySet[Notice], attempts: int, now: datetime, done: Sending) -> None:
    """After the `attempts`-th try failed: wait for its pause, or give up after the last."""
    if attempts >= TRIES:
        done.failed += _give_up(notices, now)
        return
    done.postponed += notices.update(mail=Mail.WAITING, mail_at=now + PAUSES[attempts - 1])


def _postpone_all(due: QuerySet[Notice], now: datetime, done: Sending) -> None:
    """Count a try for everything due. A fixed number of statements."""
    for attempts in reversed(range(TRIES)):
        again = {"mail_attempts": attempts + 1}
        group = due.filter(mail_attempts=attempts)
        if attempts + 1 >= TRIES:
            done.failed += group.update(mail=Mail.FAILED, mail_at=now, **again)
        else:
            done.postponed += group.update(mail=Mail.WAITING, mail_at=now + PAUSES[attempts], **again)
    done.failed += _give_up(due.filter(mail_attempts__gte=TRIES), now)


def _give_up(notices: QuerySet[Notice], now: datetime) -> int:
    """These mails are not tried again; administrators see them in the list of notices."""
    n = notices.update(mail=Mail.FAILED, mail_at=now)
    if n:
        logger.error("%s mails were given up.", n)
    return n
