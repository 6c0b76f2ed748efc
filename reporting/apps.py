from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Báo cáo")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from facilities.log_hooks import tell
        from facilities.reform_hooks import depend
        from reporting import checks, signing_checks  # noqa: F401  registers the system checks
        from reporting.actions.reform_reports import reports_on
        from reporting.presenters.log import tell_reports

        depend(reports_on)
        tell(tell_reports)
