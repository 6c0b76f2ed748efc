"""System checks: combinations of settings that must not reach production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start in production with debug pages, no host list, SQLite or no Redis."""
    if not settings.PRODUCTION:
        return []
    problems = [
        (settings.DEBUG, "DEBUG is on.", "Unset DEBUG.", "portal.E001"),
        (
            len(settings.SECRET_KEY) < 40,
            "SECRET_KEY is shorter than 40 characters.",
            "Use `openssl rand -hex 40`.",
            "portal.E002",
        ),
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS names no host.",
            "Set it to the portal's host names.",
            "portal.E003",
        ),
        (
            settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
            "DATABASE_URL is not set.",
            "Set it to a PostgreSQL address.",
            "portal.E004",
        ),
        (not settings.REDIS_URL, "REDIS_URL is not set.", "Set it to a Redis address.", "portal.E005"),
    ]
    return [Error(text, hint=hint, id=id_) for wrong, text, hint, id_ in problems if wrong]
