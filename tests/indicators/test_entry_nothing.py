"""“Không phát sinh”: one action for a whole form, which never hides a figure or a stock."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.models import AuditEvent
from facilities.periods import Month
from indicators.models import DataElement, DataValue, Form, Submission
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.world import make_cast

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", ""), ("X.stock", "")]
KEY = ("T-a1", "X", "2025-08")
URL, PAGE = reverse("submissions:nothing", args=KEY), reverse("submissions:form", args=KEY)


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS, allows_nothing=True)
    settle_duties()
    return form


@pytest.fixture
def clerk(client, world, form):
    client.force_login(make_cast(world).clerk)
    return client


def stored() -> dict[str, int | None]:
    return dict(DataValue.objects.values_list("element__code", "value"))


def test_the_page_offers_it_asks_first_and_hands_the_form_in(clerk):
    assert f'action="{URL}"' in clerk.get(PAGE).content.decode()
    asked = clerk.post(URL)
    assert asked.status_code == 200 and not Submission.objects.exists()
    assert clerk.post(URL, {"sure": "1"}).url == reverse("submissions:due")
    submission = Submission.objects.get()
    assert (submission.status, submission.nothing_occurred) == ("submitted", True)
    assert stored() == {"X.all": 0, "X.part": 0, "X.stock": 0}
    assert AuditEvent.objects.filter(verb="nothing_occurred", subject_id=str(submission.pk)).count() == 1


def test_the_question_shows_what_the_same_form_held_before(clerk, world, form):
    assert "không có số nào khác 0" in clerk.post(URL).content.decode()
    for month, count in ((date(2025, 7, 1), 41), (date(2024, 8, 1), 0)):
        SubmissionFactory(
            facility=world.facilities["T-a1"], form=form, period=month, status="approved",
            values={CELLS[0]: count, CELLS[1]: 0},
        )  # fmt: skip
    asked = clerk.post(URL)
    page = asked.content.decode()
    assert [row.column for row in asked.context["rows"]] == ["all"] and ">41<" in page
    assert "tháng trước" in page.lower() or "7/2025" in page
    assert not Submission.objects.filter(period=date(2025, 8, 1)).exists()


def test_the_question_says_that_the_month_is_not_over(clerk):
    assert "chưa hết" not in clerk.post(URL).content.decode()
    now = Month.of(timezone.localdate())
    page = clerk.post(reverse("submissions:nothing", args=["T-a1", "X", str(now)])).content.decode()
    assert f"Tháng {now.number}/{now.year} chưa hết" in page


def test_taking_the_form_back_takes_the_words_back(clerk):
    clerk.post(URL, {"sure": "1"})
    clerk.post(reverse("submissions:recall", args=KEY))
    submission = Submission.objects.get()
    assert (submission.status, submission.nothing_occurred) == ("draft", False)


def test_a_stock_is_left_to_be_typed(clerk):
    DataElement.objects.filter(code="X.stock").update(is_stock=True)
    assert clerk.post(URL, {"sure": "1"}).url == PAGE
    submission = Submission.objects.get()
    assert (submission.status, submission.nothing_occurred) == ("draft", True)
    assert stored() == {"X.all": 0, "X.part": 0}


def test_a_count_typed_after_all_takes_the_words_back_and_a_stock_does_not(clerk):
    DataElement.objects.filter(code="X.stock").update(is_stock=True)
    clerk.post(URL, {"sure": "1"})
    clerk.post(PAGE, {"version": "1", "v:X.stock:": "12"})
    assert Submission.objects.get().nothing_occurred
    clerk.post(PAGE, {"version": "2", "v:X.all:": "1"})
    assert not Submission.objects.get().nothing_occurred


@pytest.mark.parametrize("state", [3, "NA"])
def test_what_was_typed_is_not_called_nothing(clerk, world, form, state):
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, values={("X.all", ""): state})
    for sent in ({}, {"sure": "1"}):  # already when asked, and when it came in between
        answer = clerk.post(URL, sent)
        assert answer.status_code == 422 and "Biểu đã có số liệu khác 0" in answer.text
        assert 'name="sure"' not in answer.text
    assert Submission.objects.get().status == "draft" and len(stored()) == 1


def test_a_form_that_always_has_figures_does_not_offer_it(clerk):
    Form.objects.update(allows_nothing=False)
    assert f'action="{URL}"' not in clerk.get(PAGE).content.decode()
    assert "Biểu này luôn có số liệu" in clerk.post(URL, {"sure": "1"}).text
    assert not Submission.objects.exists()


def test_a_form_handed_in_already_stays_as_it_is(clerk, world, form):
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, status="approved")
    clerk.post(URL, {"sure": "1"})
    submission = Submission.objects.get()
    assert (submission.status, submission.nothing_occurred) == ("approved", False) and not stored()


def test_notes_are_typed_and_kept_without_scripts(clerk):
    fields = {
        "version": "0",
        "action": "save",
        "v:X.all:": "5",
        "m:X.all:": "  Đếm lại ngày 3 ",
        "m:X.part:": "",
    }
    assert clerk.post(PAGE, fields).status_code == 302
    assert "Đếm lại ngày 3" in clerk.get(PAGE).content.decode()
    [note] = Submission.objects.get().notes.all()
    assert (note.kind, note.text, note.value) == ("note", "Đếm lại ngày 3", 5)
    first = note.at
    clerk.post(PAGE, fields | {"version": "1", "v:X.all:": "6", "m:X.all:": "Đếm lại ngày 3"})
    assert Submission.objects.get().notes.get().at == first, "the same words are not said again"
    clerk.post(PAGE, fields | {"version": "2", "v:X.all:": "6", "m:X.all:": ""})
    assert not Submission.objects.get().notes.exists()


def test_a_note_on_no_cell_stores_nothing_and_is_said(clerk):
    answer = clerk.post(PAGE, {"version": "0", "v:X.all:": "5", "m:Y.none:": "x", "v:Y.no:": "chữ"})
    assert answer.status_code == 409 and not Submission.objects.exists() and not DataValue.objects.exists()
