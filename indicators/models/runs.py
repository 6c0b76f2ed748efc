"""A full recompute in parts: the run, its parts, what they have staged, and the marks kept for the closing step.

Places and facilities stand here as ids and labels without foreign keys, as in the log: a run outlives what it names.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from facilities.periods import Month
from indicators.models.results import Figures

# Stored where nobody could say what happened; shown in the reader's language.
KILLED, VANISHED = "killed", "vanished"


class RunQuerySet(models.QuerySet["RecomputeRun"]):
    def open(self) -> RunQuerySet:
        """Those that may still publish; there is at most one."""
        return self.filter(state__in=RecomputeRun.OPEN)


class RecomputeRun(models.Model):
    """Months [first_month, last_month] computed anew by parts and published by one closing step.

    `settled_months` (texts YYYY-MM-DD) were computed whole by somebody else while the run was open: what
    stands there is newer than what the parts staged. `attempts` counts the tries of the closing step.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang tính")
        CLOSING = "closing", _("đang công bố")
        DONE = "done", _("xong")
        FAILED = "failed", _("dừng vì lỗi")
        CANCELLED = "cancelled", _("đã hủy")

    OPEN = ("queued", "running", "closing", "failed")
    WORKING = ("queued", "running")

    first_month = models.DateField(_("từ tháng"))
    last_month = models.DateField(_("đến tháng"))
    state = models.CharField(_("tình trạng"), max_length=10, choices=State.choices, default=State.QUEUED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người yêu cầu"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    settled_months = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    values = models.BigIntegerField(default=0)
    results = models.BigIntegerField(default=0)
    error = models.TextField(pgettext_lazy("vì sao", "lỗi"), blank=True)
    is_cleared = models.BooleanField(default=False, help_text="Nothing staged is left of it")

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần tính lại")
        verbose_name_plural = pgettext_lazy("nhiều", "lần tính lại")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")), name="recompute_run_months_ordered"
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=("queued", "running", "closing", "failed")),
                name="recompute_run_one_open",
                violation_error_message=_("Đang có một lần tính lại chưa kết thúc."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_month:%Y-%m}…{self.last_month:%Y-%m}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def months(self) -> list[date]:
        """The first day of every month."""
        return [m.first_day for m in Month.of(self.first_month).until(Month.of(self.last_month))]

    @property
    def staged_months(self) -> list[date]:
        """The months that nobody else has computed whole meanwhile."""
        settled = set(self.settled_months)
        return [month for month in self.months if month.isoformat() not in settled]

    @property
    def error_words(self) -> str:
        return _words(self.error)


class RecomputePart(models.Model):
    """The facilities of one province (`area_id` 0: those of none) in the run's months of one year."""

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang tính")
        DONE = "done", _("xong")
        FAILED = "failed", _("lỗi")

    run = models.ForeignKey(RecomputeRun, on_delete=models.CASCADE, related_name="parts")
    area_id = models.BigIntegerField()
    name = models.CharField(_("tỉnh, thành phố"), max_length=120)
    first_month = models.DateField()
    last_month = models.DateField()
    state = models.CharField(_("tình trạng"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(_("số dòng"), null=True)
    error = models.TextField(pgettext_lazy("vì sao", "lỗi"), blank=True)

    class Meta:
        verbose_name = _("phần tính lại")
        verbose_name_plural = pgettext_lazy("nhiều", "phần tính lại")
        ordering = [
            "run_id",
            "name",
            "first_month",
        ]  # by the key alone: no join, so that a lock is of the part only
        constraints = [
            models.UniqueConstraint(fields=["run", "area_id", "first_month"], name="recompute_part_unique"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(rows__isnull=False), name="recompute_part_done_is_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.first_month:%Y-%m}…{self.last_month:%Y-%m}"

    @property
    def months(self) -> list[date]:
        return [m.first_day for m in Month.of(self.first_month).until(Month.of(self.last_month))]

    @property
    def duration(self) -> timedelta | None:
        """How long the last try took, or takes so far; None before the first."""
        if self.started_at is None:
            return None
        return (self.finished_at or timezone.now()) - self.started_at

    @property
    def error_words(self) -> str:
        return _words(self.error)


class RunFacility(models.Model):
    """How the run is cut, fixed when it is opened: each facility in one province's parts, whatever moves later."""

    run = models.ForeignKey(RecomputeRun, on_delete=models.CASCADE, related_name="+")
    area_id = models.BigIntegerField()
    facility_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "facility_id"], name="run_facility_unique")]
        indexes = [models.Index(fields=["run", "area_id"], name="run_facility_by_area")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.facility_id}"


class StagedResult(Figures):
    """A facility result waiting for the closing step. On PostgreSQL unlogged: after a crash of the server it is empty.

    The closing step counts, so that nothing is published that is not whole.
    """

    part_id = models.BigIntegerField()
    facility_id = models.BigIntegerField()
    indicator_id = models.BigIntegerField()
    group_id = models.BigIntegerField()
    month = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["part_id"], name="staged_result_by_part")]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.facility_id} {self.indicator_id} {self.month:%Y-%m}"


class StagedAreaResult(Figures):
    """What a part's facilities add to an area. Sums of sums, so the closing step only adds up the parts."""

    part_id = models.BigIntegerField()
    area_id = models.BigIntegerField()
    indicator_id = models.BigIntegerField()
    group_id = models.BigIntegerField()
    month = models.DateField()
    estimated = models.IntegerField()
    unknown = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["part_id"], name="staged_area_result_by_part")]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.area_id} {self.indicator_id} {self.month:%Y-%m}"


class KeptMark(models.Model):
    """A stale mark settled while the run was open: what was staged before it is out of date.

    With an area: what counts in it changed. With neither: definitions behind every facility changed in months
    [from_month, to_month].
    """

    run = models.ForeignKey(RecomputeRun, on_delete=models.CASCADE, related_name="kept_marks")
    facility_id = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    from_month = models.DateField()
    to_month = models.DateField()

    def __str__(self) -> str:
        return f"{self.facility_id or self.area_id or '*'} {self.from_month:%Y-%m}…{self.to_month:%Y-%m}"


def _words(error: str) -> str:
    if error == KILLED:
        return gettext("Tiến trình đang tính bị dừng giữa chừng, không kịp báo lý do.")
    if error == VANISHED:
        return gettext("Kết quả tạm bị mất, thường do máy chủ cơ sở dữ liệu khởi động lại; phải tính lại.")
    return error
