"""Approving many reports at once: what will be approved is shown first, and whoever did it finds the way back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.models import Notice
from indicators.models import Submission
from tests.factories_indicators import FormFactory, RuleFactory, settle_duties
from tests.indicators.test_pages_lists import APPROVE, REVIEW, submitted

pytestmark = pytest.mark.django_db
APPROVED = reverse("submissions:approved")
WRONG = {("X.all", ""): 1, ("X.part", ""): 9}


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=[("X.all", ""), ("X.part", "")])
    RuleFactory(form_code="X", expression="X.part <= X.all", message="Cột part lớn hơn cột all.")
    settle_duties()
    return form


@pytest.fixture
def reviewer(client, cast):
    client.force_login(cast.reviewer)
    return client


def ticks(*waiting):
    return [f"{one.pk}:{one.version}" for one in waiting]


def statuses():
    return list(Submission.objects.order_by("pk").values_list("status", flat=True))


def test_what_will_be_approved_is_shown_before(reviewer, world, form):
    waiting = [submitted(world, form), submitted(world, form, "T-a2", values=WRONG)]
    page = reviewer.post(APPROVE, {"submission": ticks(*waiting), "next": f"{REVIEW}?form=X"}).text
    assert statuses() == ["submitted", "submitted"]
    assert "Duyệt 2 báo cáo?" in page and "Cột part lớn hơn cột all." in page
    assert "1 báo cáo có cảnh báo mà trạm chưa giải thích" in page and f'href="{REVIEW}?form=X"' in page


def test_those_without_warnings_can_be_approved_alone(reviewer, world, form):
    waiting = [submitted(world, form), submitted(world, form, "T-a2", values=WRONG)]
    sent = {"submission": ticks(*waiting), "sure": "1"}
    reviewer.post(APPROVE, sent | {"only": "clean"})
    assert statuses() == ["approved", "submitted"]


def test_what_came_in_anew_with_a_warning_is_told_where_only_those_without_are_approved(
    reviewer, world, form
):
    changed = submitted(world, form, "T-a2", values=WRONG, version=2)
    sent = {"submission": [f"{changed.pk}:1"], "sure": "1", "only": "clean"}
    page = reviewer.post(APPROVE, sent, follow=True).text
    assert statuses() == ["submitted"] and "1 báo cáo đã thay đổi sau khi mở trang" in page


def test_asking_costs_the_same_for_any_number(reviewer, world, form):
    waiting = [submitted(world, form), submitted(world, form, "T-a2")]
    reviewer.post(APPROVE, {"submission": ticks(*waiting)})
    with CaptureQueriesContext(connection) as one:
        reviewer.post(APPROVE, {"submission": ticks(waiting[0])})
    with CaptureQueriesContext(connection) as two:
        reviewer.post(APPROVE, {"submission": ticks(*waiting)})
    assert len(one) == len(two)


def test_what_changed_meanwhile_is_counted_apart(reviewer, world, form):
    waiting = [submitted(world, form), submitted(world, form, "T-a2", version=2)]
    page = reviewer.post(APPROVE, {"submission": [f"{one.pk}:1" for one in waiting]}).text
    assert "Duyệt 1 báo cáo?" in page and "1 báo cáo đã thay đổi sau khi mở trang" in page


def test_the_words_of_success_lead_to_the_way_back(reviewer, world, cast, form):
    waiting = [submitted(world, form), submitted(world, form, "T-a2")]
    page = reviewer.post(APPROVE, {"submission": ticks(*waiting), "sure": "1"}, follow=True).text
    address = unescape(re.search(rf'href="({re.escape(APPROVED)}[^"]+)"', page)[1])
    listed = reviewer.get(address)
    assert [row.submission.pk for row in listed.context["rows"]] == [one.pk for one in waiting]
    at = re.search(r'name="at" value="([^"]+)"', listed.text)[1]
    sent = {"at": at, "submission": ticks(waiting[0])}
    unsaid = reviewer.post(APPROVED, sent)
    assert unsaid.status_code == 422 and "Trả lại phải nêu lý do." in unsaid.text
    assert statuses() == ["approved", "approved"]
    reviewer.post(APPROVED, sent | {"reason": "Duyệt nhầm kỳ."})
    assert statuses() == ["sent_back", "approved"]
    assert Submission.objects.get(pk=waiting[0].pk).reason == "Duyệt nhầm kỳ."
    assert Notice.objects.filter(kind="sent-back", user=cast.clerk).exists()


def test_what_was_decided_anew_meanwhile_is_told(reviewer, world, form):
    waiting = [submitted(world, form), submitted(world, form, "T-a2")]
    reviewer.post(APPROVE, {"submission": ticks(*waiting), "sure": "1"})
    at = Submission.objects.get(pk=waiting[0].pk).decided_at.isoformat()
    Submission.objects.filter(pk=waiting[0].pk).update(decided_at=None, status="submitted")
    sent = {"at": at, "submission": ticks(*waiting), "reason": "Duyệt nhầm kỳ."}
    page = reviewer.post(APPROVED, sent, follow=True).text
    assert "Đã trả lại 1 báo cáo." in page and "1 báo cáo đã thay đổi hoặc thuộc kỳ đã khóa" in page
    assert statuses() == ["submitted", "sent_back"]


def test_nobody_else_is_shown_what_a_person_approved(reviewer, client, world, cast, form):
    waiting = submitted(world, form)
    reviewer.post(APPROVE, {"submission": ticks(waiting), "sure": "1"})
    at = Submission.objects.get().decided_at.isoformat()
    client.force_login(cast.administrator)
    sent = {"at": at, "submission": ticks(waiting), "reason": "Thử."}
    assert client.post(APPROVED, sent).url == REVIEW
    client.force_login(cast.clerk)
    assert client.get(APPROVED, {"at": at}).status_code == 404
    assert statuses() == ["approved"]


@pytest.mark.parametrize(
    "at", ["", "x", "2025-13-45T00:00:00Z", "2025-01-01T00:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_at_which_nothing_was_approved_leads_to_the_list(reviewer, at):
    assert reviewer.get(APPROVED, {"at": at}).url == REVIEW
