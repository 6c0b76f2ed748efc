from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the system checks, and refuse to start unsafe: a web server runs no checks by itself."""
        from config.checks import check_production

        if problems := check_production(None):
            raise ImproperlyConfigured("\n".join(f"{p.msg} {p.hint}" for p in problems))


class SignInAttemptsConfig(AxesConfig):
    """Who signed in and who failed to, named for the administration."""

    verbose_name = _("Các lần đăng nhập")
