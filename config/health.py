"""`/healthz`: whether the portal can work, for load balancers and monitors. No sign-in, no names."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from facilities.models import StaleMark

logger = logging.getLogger("portal.health")

# The sweep runs every minute; a mark this old means that no worker drains.
STALE_SECONDS = 900


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 where the database or Redis does not answer.

    Marks left lying make `status` "degraded" with 200: restarting the web process would not help.
    """
    answers = {"database": _database_answers(), "redis": _redis_answers() if settings.REDIS_URL else None}
    waiting, oldest = _stale_marks() if answers["database"] else (None, None)
    down = False in answers.values()
    status = "down" if down else "degraded" if (oldest or 0) > STALE_SECONDS else "ok"
    words = {True: "ok", False: "down", None: "not used"}
    body = {
        "status": status,
        **{name: words[answer] for name, answer in answers.items()},
        "stale_marks": waiting,
        "oldest_stale_mark_seconds": oldest,
    }
    return JsonResponse(body, status=503 if down else 200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return False
    return True


def _redis_answers() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as redis:
            redis.ping()
    except RedisError:
        logger.exception("Redis does not answer.")
        return False
    return True


def _stale_marks() -> tuple[int, int]:
    """How many marks wait, and the age of the oldest in whole seconds (0 where none waits)."""
    marks = StaleMark.objects.aggregate(n=Count("pk"), oldest=Min("created_at"))
    age = int((timezone.now() - marks["oldest"]).total_seconds()) if marks["oldest"] else 0
    return marks["n"], age
