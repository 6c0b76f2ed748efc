from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "indicators"
    verbose_name = _("Danh mục và số liệu")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Duties follow a reform of places, and figures that came in since hold it fast."""
        from facilities.reform_hooks import depend, follow
        from indicators.actions.reform_effects import figures_on, follow_reform

        follow(follow_reform)
        depend(figures_on)
