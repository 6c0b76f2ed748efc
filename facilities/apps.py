from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = _("Địa bàn, cơ sở, người dùng")
    default_auto_field = "django.db.models.BigAutoField"
