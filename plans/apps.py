from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = pgettext_lazy("nhiều", "Kế hoạch")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from facilities.log_hooks import tell
        from facilities.reform_hooks import foretell
        from indicators.small_numbers import provide_headlines
        from indicators.yardsticks import provide
        from plans.actions.reform_effects import allocations_ended
        from plans.presenters.log import tell_plans
        from plans.presenters.yardsticks import station_yardsticks
        from plans.standing.areas import areas_of_plans

        provide(station_yardsticks)
        provide_headlines(areas_of_plans)
        foretell(allocations_ended)
        tell(tell_plans)
