"""`/healthz` answers without a sign-in, and tells a dead database from a sleeping worker."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisDown

from config import health
from facilities.models import StaleMark

pytestmark = pytest.mark.django_db


def mark(age):
    made = StaleMark.objects.create(from_month=date(2025, 1, 1), to_month=date(2025, 1, 1))
    StaleMark.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(seconds=age))


@pytest.fixture(autouse=True)
def no_redis(settings):
    settings.REDIS_URL = ""


def test_all_well(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "redis": "not used",
        "stale_marks": 0,
        "oldest_stale_mark_seconds": 0,
    }
    assert "no-store" in answer.headers["Cache-Control"]


def test_old_marks_degrade_but_do_not_take_the_portal_down(client):
    mark(age=10)
    assert client.get("/healthz").json()["status"] == "ok"
    mark(age=health.STALE_SECONDS + 5)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["stale_marks"]) == (200, "degraded", 2)


def test_a_database_that_does_not_answer_is_503(client):
    with patch.object(health.connection, "cursor", side_effect=DatabaseError):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")


def test_redis_that_does_not_answer_is_503(client, settings):
    settings.REDIS_URL = "redis://nowhere:1/0"
    with patch.object(health.Redis, "from_url", side_effect=RedisDown):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["redis"]) == (503, "down")


def test_only_reading(client):
    assert client.post("/healthz").status_code == 405
