"""Waiting for what a browser does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable

from indicators.models import DataValue
from tests.entry.browser import module

RECEIVED = "document.getElementById('saved').textContent.includes('đã nhận')"
READY = "document.querySelector('.foot + .tools')"


def counts() -> dict[str, int]:
    """The whole numbers stored, by element."""
    return dict(DataValue.objects.values_list("element__code", "value"))


def until(what: Callable[[], bool], seconds: float = 20) -> bool:
    """Ask the database until it agrees: the browser sends in its own time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return what()


def seen(page, expression: str, seconds: float = 20) -> bool:
    """Whether the page comes to say so; its policy lets no text be evaluated from within, so it is asked from here."""
    return until(lambda: bool(page.evaluate(expression)), seconds)


def saved_says(page, words: str, seconds: float = 20) -> bool:
    """Whether the line under the sheet comes to hold `words`."""
    return seen(page, f"document.getElementById('saved').textContent.includes({words!r})", seconds)


ON_DISK = module(
    "store",
    """async () => {
      const { user } = JSON.parse(document.getElementById('entry-package').textContent);
      const draft = (await m.all(user.id)).find((one) => one.urls.page === location.pathname);
      const held = (field) => draft && draft.cells[field.dataset.cell];
      return [...document.querySelectorAll('table.entry .cell input[type=text]')]
        .every((field) => (held(field) ? held(field).text === field.value : field.value === field.defaultValue));
    }""",
)


def leave(page, url: str) -> None:
    """Go to another page once what was typed is on disk: that takes a moment, and what is younger may be lost."""
    assert until(lambda: page.evaluate(ON_DISK))
    page.goto(url)


def worker_ready(page) -> None:
    """Wait for the service worker; one that never comes fails the test instead of holding all others up."""
    page.evaluate(
        "Promise.race([navigator.serviceWorker.ready.then(() => true), "
        "new Promise((_ok, no) => setTimeout(no, 20000, 'no worker'))])"
    )


def go_offline(page) -> None:
    """Cut the page and its service worker off; a worker that has just started hears of it a little later."""
    page.context.set_offline(True)
    assert seen(page, "fetch('/static/none').then(() => false, () => true)")
