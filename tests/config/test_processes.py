"""Test processes that run side by side share no broker."""

from __future__ import annotations

import pytest

from config.celery import app
from tests.conftest import redis_of_this_process


@pytest.mark.parametrize(
    ("process", "url", "own"),
    [
        ("gw0", "redis://127.0.0.1:6379/15", "redis://127.0.0.1:6379/15"),
        ("gw1", "redis://127.0.0.1:6379/15", "redis://127.0.0.1:6379/14"),
        ("gw1", "redis://:secret@redis:6379", "redis://:secret@redis:6379/15"),
    ],
)
def test_each_process_has_a_redis_database_of_its_own(process, url, own):
    assert redis_of_this_process(url, process) == own


def test_messages_go_where_the_worker_listens(settings):
    assert app.conf.broker_url == (settings.REDIS_URL or "memory://localhost/")
