"""What every test shares: tasks run in the process, files land in a folder of their own."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings as portal_settings
from django.db import connection

from config.celery import app
from facilities.working_days import STATUTORY, read_calendar_from
from tests.world import make_cast, make_world

# These machines are shared: how long an example takes says nothing.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


REDIS_DATABASES = 16
# What these hold is the same with any database. `make test` with one named leaves them to the run without.
ANYWHERE = {
    "tests/config/test_old_browsers.py",
    "tests/entry/test_clipboard_samples.py",
    "tests/indicators/test_checks_in_the_browser.py",
    "tests/indicators/test_slip_trial.py",
    "tests/indicators/test_slips.py",
    "tests/indicators/test_suppression.py",
    "tests/reporting/test_charts_in_pdf.py",
    "tests/reporting/test_hostile_text.py",
    "tests/reporting/test_joined_sheets.py",
    "tests/reporting/test_pdf_layout.py",
    "tests/reporting/test_pdf_standards.py",
    "tests/reporting/test_same_numbers.py",
    "tests/reporting/test_signature_keys.py",
    "tests/reporting/test_signature_looks.py",
    "tests/reporting/test_signatures.py",
    "tests/reporting/test_word.py",
    "tests/reporting/test_workbook.py",
}


def redis_of_this_process(url: str, process: str) -> str:
    """Return the address `url` moved on by the number of the pytest-xdist process `process` ("gw1").

    Each process has a test database of its own; workers that share a broker would take each other's messages.
    """
    address = urlsplit(url)
    database = int(address.path.strip("/") or 0) - int(process.removeprefix("gw"))
    return address._replace(path=f"/{database % REDIS_DATABASES}").geturl()


def pytest_configure(config):
    process = os.environ.get("PYTEST_XDIST_WORKER")
    if portal_settings.REDIS_URL and process:
        url = redis_of_this_process(portal_settings.REDIS_URL, process)
        os.environ["REDIS_URL"] = portal_settings.REDIS_URL = portal_settings.CELERY_BROKER_URL = url
        app.conf.broker_url = url


def pytest_collection_modifyitems(config, items):
    """A browser keeps its own time: what it did too late is tried again, and the summary counts it as a rerun."""
    if os.environ.get("DATABASE_URL") and not config.option.file_or_dir:
        config.hook.pytest_deselected(items=[item for item in items if item.location[0] in ANYWHERE])
        items[:] = [item for item in items if item.location[0] not in ANYWHERE]
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what still holds the test database when all is done: a worker a test killed, a page's last request."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(OTHERS)


@pytest.fixture(autouse=True)
def tasks_in_the_process(settings):
    """Run tasks where they are rung, also with Redis set; tests of the real worker start one themselves."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


@pytest.fixture(autouse=True)
def no_decided_days():
    """Working days are those of the law, without asking a database; tests of decided days say so themselves."""
    read_calendar_from(lambda: STATUTORY)


@pytest.fixture(autouse=True)
def cheap_and_apart(settings, tmp_path, request):
    if "live_server" not in request.fixturenames:
        # Each test client starts the middleware anew: look files up when asked, do not read all of them first.
        settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def cast(world):
    return make_cast(world)
