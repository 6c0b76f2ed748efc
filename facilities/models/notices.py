"""What the portal tells a person, in the portal and by mail, once an event."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Longer than any sending (the server is given EMAIL_TIMEOUT seconds an answer): its worker is gone.
SENDING_AT_MOST = timedelta(minutes=10)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def mail_due(self, now: datetime) -> NoticeQuerySet:
        """Whose mail may be tried now: waiting past its pause, or left by a worker that died while sending."""
        waiting = models.Q(mail=Notice.Mail.WAITING) & (models.Q(mail_at=None) | models.Q(mail_at__lte=now))
        left = models.Q(mail=Notice.Mail.SENDING, mail_at__lte=now - SENDING_AT_MOST)
        return self.filter(waiting | left)


class Notice(models.Model):
    """One message to one person about one event, named by `key`: told twice it is one row.

    `title` and `text` are written in the person's language. `mail` says where its mail stands; "none"
    where the person has no address or wants no mail. `mail_at` is when it was sent or given up, while it is
    being sent when that began, and while it waits the moment before which it is not tried.
    """

    class Mail(models.TextChoices):
        NONE = "none", _("không gửi thư")
        WAITING = "waiting", _("chờ gửi")
        SENDING = "sending", _("đang gửi")
        SENT = "sent", _("đã gửi")
        FAILED = "failed", _("không gửi được")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người nhận"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    kind = models.CharField(_("loại"), max_length=30)
    key = models.CharField(_("khóa"), max_length=200)
    title = models.CharField(_("tiêu đề"), max_length=200)
    text = models.TextField(_("nội dung"), blank=True)
    path = models.CharField(_("trang"), max_length=300, blank=True)
    at = models.DateTimeField(_("lúc"))
    read_at = models.DateTimeField(_("đã đọc lúc"), null=True, blank=True)
    mail = models.CharField(_("thư"), max_length=10, choices=Mail.choices, default=Mail.NONE)
    mail_attempts = models.PositiveSmallIntegerField(_("số lần gửi thư"), default=0)
    mail_at = models.DateTimeField(_("gửi thư lúc"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = pgettext_lazy("nhiều", "thông báo")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["mail"], name="notice_mail", condition=models.Q(mail__in=["waiting", "sending"])
            ),
            models.Index(fields=["user", "read_at"], name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title
