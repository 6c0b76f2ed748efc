"""What the API tests share: a signed-in client, a form that stations owe, and a settled small world."""

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from indicators.models import Form
from tests.factories_indicators import FormFactory, RuleFactory, settle_duties
from tests.world import Cast, World, make_cast, make_world

CELLS = [("X.all", ""), ("X.part", ""), ("X.all", "DTTS")]
SHEET = "/api/v1/submissions/T-a1/X/2025-08/"


@dataclass(frozen=True)
class Setting:
    world: World
    cast: Cast
    form: Form


@pytest.fixture
def setting(db):
    """The small world with form X and a rule on it; throttles start from nothing."""
    cache.clear()
    world = make_world()
    form = FormFactory(code="X", cells=CELLS)
    RuleFactory(code="part-of-all", form_code="X", expression="X.part <= X.all")
    settle_duties()
    return Setting(world, make_cast(world), form)


def api(user=None) -> APIClient:
    """A client signed in by token; without `user` one that is not signed in."""
    client = APIClient()
    if user:
        token, _new = Token.objects.get_or_create(user=user)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
    return client


def cell(element, value=None, group=None, no_data=False):
    return {"element": element, "group": group, "value": value, "no_data": no_data}
