"""What every test shares: tasks run in the process, files land in a folder of their own."""

from __future__ import annotations

import pytest

from config.celery import app


@pytest.fixture(autouse=True)
def tasks_in_the_process(settings):
    """Run tasks where they are rung, also with Redis set; tests of the real worker start one themselves."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


@pytest.fixture(autouse=True)
def cheap_and_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
