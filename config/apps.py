from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the system checks, and refuse to start unsafe: a web server runs no checks by itself."""
        from config.checks import check_production

        if problems := check_production(None):
            raise ImproperlyConfigured("\n".join(f"{p.msg} {p.hint}" for p in problems))
