"""People and what they are trusted with."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models.agencies import Agency
from facilities.models.areas import Area
from facilities.models.facilities import Facility


class Role(models.TextChoices):
    """Roles live in code (design decision 11); what each may do stands in `facilities.permissions`."""

    CLERK = "clerk", _("cán bộ thống kê trạm")
    REVIEWER = "reviewer", _("cán bộ duyệt")
    PLANNER = "planner", _("cán bộ kế hoạch")
    OFFICER = "officer", _("cán bộ cơ quan thực hiện")
    LEADER = "leader", _("lãnh đạo")
    AUDITOR = "auditor", _("kiểm tra, kiểm toán")
    ADMINISTRATOR = "administrator", _("quản trị")


class User(AbstractUser):
    """A person who signs in."""

    job_title = models.CharField(_("chức danh"), max_length=120, blank=True)
    language = models.CharField(
        _("ngôn ngữ của thư và thông báo"),
        max_length=5,
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        default="vi",
    )
    wants_reminders = models.BooleanField(_("nhận thư nhắc hạn nộp, trả lại"), default=True)
    wants_digest = models.BooleanField(
        _("nhận thư tổng hợp hằng ngày khi có báo cáo chờ duyệt"), default=True
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("người dùng")
        verbose_name_plural = pgettext_lazy("nhiều", "người dùng")

    @property
    def display_name(self) -> str:
        return f"{self.last_name} {self.first_name}".strip() or self.username


class Assignment(models.Model):
    """A person holds a role for a facility, an area or an agency."""

    user = models.ForeignKey(
        User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="assignments"
    )
    role = models.CharField(_("vai trò"), max_length=20, choices=Role.choices)
    area = models.ForeignKey(
        Area, verbose_name=_("địa bàn"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    facility = models.ForeignKey(
        Facility, verbose_name=_("cơ sở"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("phân công vai trò")
        verbose_name_plural = pgettext_lazy("nhiều", "phân công vai trò")
        constraints = [
            models.CheckConstraint(
                name="assignment_scope_fits_role",
                condition=(
                    Q(role="clerk", facility__isnull=False, area__isnull=True, agency__isnull=True)
                    | Q(role="officer", agency__isnull=False, facility__isnull=True, area__isnull=True)
                    | Q(
                        role__in=["reviewer", "planner", "leader", "auditor"],
                        area__isnull=False,
                        facility__isnull=True,
                        agency__isnull=True,
                    )
                    | Q(role="administrator", facility__isnull=True, agency__isnull=True)
                ),
                violation_error_message=_(
                    "Cán bộ trạm gắn với một cơ sở, cán bộ cơ quan gắn với một cơ quan, "
                    "các vai trò khác gắn với một địa bàn."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
