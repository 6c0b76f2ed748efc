"""A browser whose database never answers, in a browser of its own: what it left undone holds up no other test."""

from __future__ import annotations

import pytest

from tests.entry.browser import type_cells
from tests.entry.conftest import field
from tests.entry.waiting import READY, RECEIVED, counts, seen, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A transaction that never ends while the page stands; left spinning after it, it holds up the browser's next close.
HANGS = """() => {
  let standing = true;
  addEventListener("pagehide", () => { standing = false; });
  IDBTransaction.prototype.commit = () => {};
  IDBObjectStore.prototype.put = function () {
    const more = () => { if (standing) this.get(0).onsuccess = more; };
    more();
    return this.get(0);
  };
}"""


def test_a_database_that_never_answers_lets_the_form_post_itself(open_form, station):
    page = open_form(service_workers="block", allowed="422")
    type_cells(page, "5")
    assert seen(page, READY) and seen(page, RECEIVED)
    page.evaluate(HANGS)
    type_cells(page, "4", "hai")
    page.focus(f"#{field(4)}")
    page.keyboard.press("Control+s")
    assert until(lambda: counts() == {"X.c1": 5, "X.c2": 4})
    page.wait_for_selector(f"#{field(3)}[aria-invalid=true]")
    assert page.input_value(f"#{field(3)}") == "hai"
