"""Two planners, or two tabs, on one row: neither writes over the other in silence."""

import re
from html import unescape

import pytest

from plans.models import BudgetLine, PlanIndicator, Target
from tests.factories_plans import BudgetLineFactory
from tests.plans.pages import make_scene, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def client(scene):
    return signed_in(scene.cast.planner)


def text_of(response):
    return response.content.decode()


def opened(client, url):
    """The values of every field as a browser would send them back."""
    form = client.get(url)
    return sent_by(form)


def sent_by(response):
    context = response.context["form"]
    page = text_of(response)
    data = {"opened": unescape(re.search(r'name="opened" value="([^"]*)"', page).group(1))}
    for bound in context:
        value = bound.value()
        if value is None or value is False:
            continue
        data[bound.html_name] = "on" if value is True else value
    return data


def test_saving_without_a_change_in_between_goes_through(scene, client):
    url = f"/plans/{scene.plan.slug}/edit/lines/1.1/"
    assert client.post(url, opened(client, url) | {"unit": "‰"}).status_code == 302
    assert client.post(url, opened(client, url) | {"unit": "%"}).status_code == 302


def test_the_head_of_a_plan_unchanged_goes_through(scene, client):
    url = f"/plans/{scene.plan.slug}/edit/head/"
    response = client.post(url, opened(client, url) | {"short_title": "Tên khác"})
    assert response.status_code == 302, text_of(response)


def test_the_second_of_two_tabs_sees_what_the_first_saved(scene, client):
    url = f"/plans/{scene.plan.slug}/edit/lines/1.1/"
    first, second = opened(client, url), opened(client, url)
    client.post(url, first | {"name": "Tên mới"})
    response = client.post(url, second | {"unit": "‰"})
    line = PlanIndicator.objects.get(pk=scene.line.pk)
    assert response.status_code == 409
    assert (line.name, line.unit) == ("Tên mới", scene.line.unit)
    page = text_of(response)
    assert "người khác vừa sửa" in page and "Tên mới" in page and 'value="‰"' in page
    assert client.post(url, sent_by(response)).status_code == 302
    line.refresh_from_db()
    assert (line.name, line.unit) == ("Tên mới", "‰")


def test_both_changed_the_same_field_and_the_typed_one_is_kept(scene, client):
    url = f"/plans/{scene.plan.slug}/edit/lines/1.1/"
    first, second = opened(client, url), opened(client, url)
    client.post(url, first | {"name": "Tên của A"})
    response = client.post(url, second | {"name": "Tên của B"})
    page = text_of(response)
    assert response.status_code == 409 and "Tên của A" in page
    assert ">\nTên của B</textarea>" in page
    assert client.post(url, sent_by(response)).status_code == 302
    assert PlanIndicator.objects.get(pk=scene.line.pk).name == "Tên của B"


def test_money_is_kept_from_being_written_over(scene, client):
    line = BudgetLineFactory(plan=scene.plan)
    url = f"/plans/{scene.plan.slug}/edit/budget/{line.pk}/"
    first, second = opened(client, url), opened(client, url)
    client.post(url, first | {"spent": "100"})
    assert client.post(url, second | {"source": "Nguồn khác"}).status_code == 409
    assert BudgetLine.objects.get().spent == 100


def test_a_target_changed_meanwhile_is_shown_beside_the_typed_one(scene, client):
    url = f"/plans/{scene.plan.slug}/edit/lines/1.1/targets/2025/"
    first, second = opened(client, url), opened(client, url)
    client.post(url, first | {"text": "≥ 91", "choice": "read"})
    response = client.post(url, second | {"text": "≥ 93", "choice": "read"})
    page = text_of(response)
    assert response.status_code == 409 and Target.objects.get().text == "≥ 91"
    assert "≥ 91" in page and 'value="≥ 93"' in page
    client.post(url, sent_by(response) | {"choice": "read"})
    assert Target.objects.get().text == "≥ 93"
