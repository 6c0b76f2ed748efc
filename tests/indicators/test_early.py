"""A month handed in before it is over: asked about once, on the page and by the entry page's scripts."""

import json
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.periods import Month
from indicators.early import EARLY, early_words
from indicators.models import Submission
from tests.factories_indicators import FormFactory, settle_duties

pytestmark = pytest.mark.django_db
FIGURES = {"v:X.all:": "5"}


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=[("X.all", "")])
    settle_duties()
    return form


@pytest.fixture
def clerk(client, cast, form):
    client.force_login(cast.clerk)
    return client


def address(name, month):
    return reverse(f"submissions:{name}", args=["T-a1", "X", str(month)])


def test_only_a_month_that_still_runs_is_asked_about(form):
    yearly = FormFactory(code="Y", periodicity="year", cells=[("Y.all", "")])
    words = early_words(form, date(2026, 11, 1), date(2026, 11, 30))
    assert words.startswith("Tháng 11/2026 chưa hết")
    assert early_words(form, date(2026, 11, 1), date(2026, 12, 1)) == ""
    assert early_words(yearly, date(2026, 1, 1), date(2026, 11, 30)) == ""


def test_the_page_asks_once_and_then_hands_in(clerk):
    now = Month.of(timezone.localdate())
    asked = clerk.post(address("form", now), FIGURES | {"action": "submit", "version": "0"})
    page = asked.content.decode()
    assert asked.status_code == 200 and "chưa hết" in page and f'name="breaks_seen" value="{EARLY}"' in page
    assert "Có chỗ chưa khớp" not in page and Submission.objects.get().status == "draft"
    again = FIGURES | {"action": "submit", "version": "1", "breaks_seen": EARLY}
    assert clerk.post(address("form", now), again).url == reverse("submissions:due")
    assert Submission.objects.get().status == "submitted"


def test_a_month_that_is_over_is_not_asked_about(clerk):
    before = Month.of(timezone.localdate()) - 1
    sent = FIGURES | {"action": "submit", "version": "0"}
    assert clerk.post(address("form", before), sent).url == reverse("submissions:due")


def test_the_scripts_are_answered_with_the_question_as_with_a_warning(clerk):
    url = address("sync", Month.of(timezone.localdate()))

    def send(version, seen):
        wish = {"remark": "", "breaks_seen": seen, "blanks_seen": False}
        body = {"operation": str(uuid4()), "version": version, "cells": {"X.all": 5}, "submit": wish}
        return clerk.post(url, json.dumps(body), content_type="application/json").json()

    first = send(0, [])
    (finding,) = first["asks"]["findings"]
    assert (first["submitted"], finding["code"], finding["cells"]) == (False, EARLY, [])
    assert "chưa hết" in finding["message"]
    assert send(first["version"], [EARLY])["submitted"] is True
