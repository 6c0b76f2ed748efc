from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = pgettext_lazy("nhiều", "Kế hoạch")
    default_auto_field = "django.db.models.BigAutoField"
