"""Where reports went: the register of issued documents, and every delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Agency, Area
from facilities.models.notices import SENDING_AT_MOST
from facilities.text import fold, printable
from reporting.models.reports import Report, Snapshot
from reporting.said import Said


def number_text(number: int, symbol: str) -> str:
    """ "05/BC-SYT": below 10 with a leading zero (decree 30/2020/NĐ-CP)."""
    return f"{number:02d}/{symbol}"


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def within(self, areas: models.QuerySet[Area]) -> IssuedDocumentQuerySet:
        """Documents whose reports `areas` reach."""
        return self.filter(snapshot__report__in=Report.objects.within(areas))

    def matching(self, words: str) -> IssuedDocumentQuerySet:
        """Documents that hold every word in number, subject, signer or agency; accents do not count."""
        found = self
        for word in fold(printable(words)).split():
            found = found.filter(folded__contains=word)
        return found


class IssuedDocument(models.Model):
    """A report entered in an agency's register (số đi): its number, date, signer and the file that was issued."""

    snapshot = models.OneToOneField(
        Snapshot, verbose_name=_("bản chốt số liệu"), on_delete=models.PROTECT, related_name="issued"
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.PROTECT, related_name="issued_documents"
    )
    number = models.PositiveIntegerField(_("số"))
    symbol = models.CharField(_("ký hiệu"), max_length=60, help_text="BC-SYT")
    on = models.DateField(_("ngày"))
    subject = models.CharField(_("trích yếu"), max_length=500)
    signer = models.CharField(_("người ký"), max_length=120)
    office = models.CharField(_("chức vụ"), max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    folded = models.TextField(
        editable=False, help_text="What is searched: number, subject, signer without accents"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người vào sổ"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("vào sổ lúc"))

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("văn bản đi")
        verbose_name_plural = pgettext_lazy("nhiều", "văn bản đi")
        ordering = ["-on", "-number"]
        constraints = [
            models.UniqueConstraint(
                models.F("agency"),
                models.F("on__year"),
                models.F("number"),
                name="issued_number_unique",
                violation_error_message=_("Số này đã cấp cho văn bản khác trong năm."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="issued_number_positive",
                violation_error_message=_("Số văn bản bắt đầu từ 1."),
            ),
        ]

    def __str__(self) -> str:
        return self.number_text

    @property
    def number_text(self) -> str:
        return number_text(self.number, self.symbol)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        """What may be tried now: waiting past its pause, or left by a worker that died while sending."""
        status = Delivery.Status
        waiting = models.Q(status=status.WAITING) & (models.Q(try_at=None) | models.Q(try_at__lte=now))
        left = models.Q(status=status.SENDING, try_at__lte=now - SENDING_AT_MOST)
        return self.filter(waiting | left)


class Delivery(models.Model):
    """A report on its way to one recipient: by mail with the files, or with a link that expires. Once each.

    `try_at`: while it waits the moment before which it is not tried, while it is being sent when that began.
    A link that was withdrawn expired at the moment it was asked for. `files` is what leaves, decided when it is asked
    for: a list of {"format", "name" the recipient sees, "stored" in the storage, "sha256", "size" in bytes}, the PDF
    first; empty only in rows older than the keeping of it where what left is not certain.
    """

    class Way(models.TextChoices):
        FILES = "files", _("kèm tệp")
        LINK = "link", _("kèm liên kết")

    class Status(models.TextChoices):
        WAITING = "waiting", _("chờ gửi")
        SENDING = "sending", _("đang gửi")
        SENT = "sent", _("đã gửi")
        FAILED = "failed", _("không gửi được")

    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("bản chốt số liệu"), on_delete=models.PROTECT, related_name="deliveries"
    )
    recipient = models.CharField(_("nơi nhận"), max_length=200)
    address = models.EmailField(_("thư điện tử"))
    way = models.CharField(_("cách gửi"), max_length=5, choices=Way.choices)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    try_at = models.DateTimeField(_("thử lại lúc"), null=True, blank=True)
    sent_at = models.DateTimeField(_("đã gửi lúc"), null=True, blank=True)
    error = models.CharField(
        pgettext_lazy("vì sao", "lỗi"),
        max_length=300,
        blank=True,
        help_text=_("Như đã ghi khi lỗi chưa được lưu thành mã"),
    )
    error_code = models.CharField(_("mã lỗi"), max_length=30, blank=True, help_text="reporting.said")
    error_values = models.JSONField(_("giá trị trong lỗi"), default=dict, blank=True)
    files = models.JSONField(_("tệp đi"), default=list, blank=True)
    message_id = models.CharField(_("mã thư"), max_length=200)
    token_hash = models.CharField(
        _("băm của liên kết"),
        max_length=64,
        blank=True,
        help_text=_("SHA-256 của phần bí mật trong liên kết"),
    )
    expires_at = models.DateTimeField(_("liên kết hết hạn"), null=True, blank=True)
    opened_at = models.DateTimeField(_("mở lần đầu lúc"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người gửi"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("yêu cầu lúc"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gửi")
        verbose_name_plural = pgettext_lazy("nhiều", "lần gửi")
        ordering = ["snapshot", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "address"],
                name="delivery_once",
                violation_error_message=_("Bản này đã gửi đến địa chỉ này."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="sent") | models.Q(sent_at__isnull=False),
                name="delivery_sent_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(way="files", token_hash="", expires_at=None)
                | models.Q(way="link", expires_at__isnull=False) & ~models.Q(token_hash=""),
                name="delivery_link_expires",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status"],
                name="delivery_due",
                condition=models.Q(status__in=["waiting", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} → {self.address}"

    @property
    def is_link(self) -> bool:
        return self.way == self.Way.LINK

    @property
    def error_words(self) -> str:
        """What is wrong, in the active language; "" where nothing is."""
        return str(Said(self.error_code, self.error_values)) if self.error_code else self.error

    @property
    def is_withdrawn(self) -> bool:
        return self.is_link and self.expires_at <= self.at

    def is_open(self, now: datetime) -> bool:
        """Whether the link still leads to the files."""
        return self.is_link and now < self.expires_at

    def is_over(self, now: datetime) -> bool:
        """Whether a new link is another mail: the old one expired, was withdrawn, or nobody knows what it led to."""
        return self.is_link and (
            now >= self.expires_at or (self.status == self.Status.SENT and not self.files)
        )

    @property
    def told_files(self) -> list[dict[str, Any]]:
        """Names and hashes of what leaves, for the log."""
        return [{"name": file["name"], "sha256": file["sha256"]} for file in self.files]
