from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Danh mục và số liệu")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Duties follow a reform of places, figures that came in since hold it fast, and the log tells of both."""
        from facilities.log_hooks import tell
        from facilities.reform_hooks import depend, follow
        from indicators.actions.reform_effects import figures_on, follow_reform
        from indicators.presenters.log import tell_periods, tell_submissions

        follow(follow_reform)
        depend(figures_on)
        tell(tell_submissions)
        tell(tell_periods)
