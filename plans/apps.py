from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = pgettext_lazy("nhiều", "Kế hoạch")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from indicators.small_numbers import provide_headlines
        from indicators.yardsticks import provide
        from plans.presenters.yardsticks import station_yardsticks
        from plans.standing.areas import areas_of_plans

        provide(station_yardsticks)
        provide_headlines(areas_of_plans)
