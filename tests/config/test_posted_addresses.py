"""An address that only buttons send to shows no blank page: it leads to the page above it, in words."""

import pytest
from django.urls import reverse

from tests.config.access_site import make_site, routes
from tests.config.test_access_matrix import EXPECTED

pytestmark = pytest.mark.django_db
PAGE = {"Accept": "text/html,application/xhtml+xml"}
WORDS = "Chưa làm gì"
GOT = {name for method, name in EXPECTED if method == "GET"}
POSTED = sorted({name for method, name in EXPECTED if method == "POST" and not name.startswith("api:")} - GOT)


@pytest.fixture
def site():
    return make_site()


def opened(client, url):
    return client.get(url, headers=PAGE, follow=True)


def test_opening_one_leads_to_a_page_that_says_so_once(site):
    client, wrong = site.client("administrator"), []
    for name in POSTED:
        url = site.address(name, routes()[name])
        answer = opened(client, url)
        said = answer.content.decode().count(WORDS)
        if (answer.status_code, said, bool(answer.redirect_chain)) != (200, 1, True):
            wrong.append((name, answer.status_code, said, answer.redirect_chain))
        assert client.get(url).status_code == 405, name
    assert POSTED and not wrong


def test_who_may_not_see_the_page_above_is_not_told_of_it(site):
    client = site.client("clerk")
    url = site.address("plans:delete-line", routes()["plans:delete-line"])
    assert opened(client, url).status_code == 404


def test_programs_hear_that_the_method_is_not_allowed(site):
    client = site.client("administrator")
    url = reverse("accounts:notices-read")
    assert client.get(url, headers={"Accept": "application/json"}).status_code == 405
    assert client.delete(url, headers=PAGE).status_code == 405
