from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Báo cáo")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from facilities.reform_hooks import depend
        from reporting import checks, signing_checks  # noqa: F401  registers the system checks
        from reporting.actions.reform_reports import reports_on

        depend(reports_on)
