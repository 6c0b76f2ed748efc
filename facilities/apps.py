from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = _("Địa bàn, cơ sở, người dùng")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Deadlines count with the days that administrators entered."""
        from facilities.decided_days import calendar_now
        from facilities.working_days import read_calendar_from

        read_calendar_from(calendar_now)
