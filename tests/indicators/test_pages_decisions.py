"""Sending back cell by cell, the pages of corrections and of closing: as people meet them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.models import Notice
from facilities.periods import Month
from indicators.actions.corrections import accept_correction, propose_correction
from indicators.models import CellNote, ClosedPeriod, Correction, DataValue, Submission
from indicators.values import CellValue
from tests.factories_indicators import FormFactory, RuleFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", "")]
MATRIX, CLOSING, CORRECTIONS = (
    reverse(f"submissions:{name}") for name in ("matrix", "closing", "corrections")
)
KEY = ("T-a1", "X", "2025-08")
DECIDE, CORRECT, ABSENCE = (
    reverse(f"submissions:{name}", args=KEY) for name in ("decide", "correct", "absence")
)


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    settle_duties()
    return form


def file(world, form, code="T-a1", month="2025-08", **fields):
    values = fields.pop("values", {CELLS[0]: 5, CELLS[1]: 2})
    period = Month.parse(month).first_day
    return SubmissionFactory(
        facility=world.facilities[code], form=form, period=period, values=values, **fields
    )


# --- approving many, sending back ---------------------------------------------------------------------


def test_warnings_the_station_explained_do_not_keep_a_report_from_being_chosen(client, world, cast, form):
    RuleFactory(form_code="X", expression="X.part <= X.all")
    one = file(world, form, status="submitted", values={CELLS[0]: 1, CELLS[1]: 9})
    client.force_login(cast.reviewer)
    url = reverse("submissions:review") + "?check=clean"
    assert client.get(url).content.decode().count(" checked") == 0
    value = DataValue.objects.get(element__code="X.part")
    note = CellNote.objects.create(
        submission=one, element=value.element, group=value.group, kind="reason", text="Đúng.", value=9,
        at=timezone.now(),
    )  # fmt: skip
    assert client.get(url).content.decode().count(" checked") == 1
    CellNote.objects.filter(pk=note.pk).update(value=8)  # spoken of another value
    assert client.get(url).content.decode().count(" checked") == 0


def test_cells_are_ticked_and_sent_back_without_javascript(client, world, cast, form):
    file(world, form, status="submitted")
    client.force_login(cast.reviewer)
    page = client.get(reverse("submissions:form", args=KEY)).content.decode()
    assert 'name="t:X.all:"' in page and 'name="c:X.part:"' in page
    seen = {"action": "send-back", "version": 1, "status": "submitted"}
    refused = client.post(DECIDE, seen | {"t:X.all:": "1", "c:X.part:": "Lệch dòng."})
    assert refused.status_code == 409
    kept = refused.content.decode()
    assert 'value="Lệch dòng."' in kept and kept.count(" checked") == 1 and "chưa ghi lý do" in kept
    assert Submission.objects.get().status == "submitted"
    client.post(DECIDE, seen | {"t:X.all:": "1", "c:X.part:": "Lệch dòng.", "reason": "Đối chiếu sổ."})
    notes = {n.element.code: n.text for n in CellNote.objects.all()}
    assert notes == {"X.all": "Đối chiếu sổ.", "X.part": "Lệch dòng."}
    assert Submission.objects.get().reason == "Đối chiếu sổ."


def test_the_clerk_finds_what_was_sent_back_listed_with_its_cells_and_what_is_mended_told(
    client, world, cast, form
):
    file(world, form, status="submitted")
    client.force_login(cast.reviewer)
    sent = {"action": "send-back", "version": 1, "status": "submitted"}
    client.post(DECIDE, sent | {"c:X.all:": "Sổ ghi 7.", "c:X.part:": "Lệch dòng."})
    client.force_login(cast.clerk)
    url = reverse("submissions:form", args=KEY)
    page = client.get(url).content.decode()
    assert '<a href="#c-X-part">part Số liệu X.part</a>: Lệch dòng.' in page
    said = "all Số liệu X.all: Sổ ghi 7.; part Số liệu X.part: Lệch dòng."
    assert Submission.objects.get().reason == said
    assert said not in page  # the cells say all there is
    assert f"Trả lại: {said}" in " ".join(client.get(reverse("submissions:due")).content.decode().split())
    client.post(url, {"action": "save", "version": 1, "v:X.all:": "7", "v:X.part:": "2"})
    page = client.get(url).content.decode()
    assert "(đã sửa)" in page and "Đã sửa sau khi trả lại: Sổ ghi 7." in " ".join(page.split())
    assert "Trả lại để sửa: Lệch dòng." in " ".join(page.split())
    steps = client.get(reverse("submissions:history", args=KEY)).context["steps"]
    assert [(step.text, step.cells) for step in steps] == [(said, ())]


@pytest.mark.parametrize("action", ["approve", "send-back"])
def test_a_decision_leads_back_to_the_list_as_it_was_filtered(client, world, cast, form, action):
    file(world, form, status="submitted")
    client.force_login(cast.reviewer)
    left = reverse("submissions:review") + "?form=X&page=2"
    page = client.get(reverse("submissions:form", args=KEY), headers={"referer": f"http://testserver{left}"})
    named = 'name="next" value="/submissions/review/?form=X&amp;page=2"'
    assert page.content.decode().count(named) == 2
    sent = {"action": action, "version": 1, "status": "submitted", "next": left}
    if action == "send-back":
        # A refusal keeps the way back too.
        refused = client.post(DECIDE, sent | {"t:X.all:": "1"})
        assert refused.status_code == 409 and named in refused.content.decode()
        sent["reason"] = "Đối chiếu sổ."
    assert client.post(DECIDE, sent).url == left


@pytest.mark.parametrize(
    "referer", ["", "http://elsewhere/submissions/review/?a=1", "http://testserver/plans/", "//x", "http://["]
)
def test_no_other_page_is_led_back_to(client, world, cast, form, referer):
    file(world, form, status="submitted")
    client.force_login(cast.reviewer)
    page = client.get(reverse("submissions:form", args=KEY), headers={"referer": referer})
    assert page.status_code == 200 and page.context["back"] == ""
    sent = {"action": "approve", "version": 1, "next": "https://elsewhere/"}
    assert client.post(DECIDE, sent).url == reverse("submissions:review")


# --- the station is told ------------------------------------------------------------------------------


def test_an_approval_is_told_to_the_station_once_in_the_portal_alone(client, world, cast, form):
    cast.clerk.email = "a@b.vn"
    cast.clerk.save()
    file(world, form, status="submitted")
    client.force_login(cast.reviewer)
    for _again in range(2):
        client.post(DECIDE, {"action": "approve", "version": 1})
    notice = Notice.objects.get(kind="approved")
    assert (notice.user, notice.mail) == (cast.clerk, Notice.Mail.NONE)
    assert notice.title.startswith("Đã duyệt: ") and notice.path == reverse("submissions:form", args=KEY)


def test_many_approved_in_one_go_are_one_notice(client, world, cast, form):
    made = [file(world, form, month=f"2025-0{month}", status="submitted") for month in (6, 7, 8)]
    client.force_login(cast.reviewer)
    ticked = [f"{one.pk}:1" for one in made]
    client.post(reverse("submissions:approve"), {"submission": ticked, "sure": "1"})
    notice = Notice.objects.get()
    assert notice.title == "Đã duyệt 3 báo cáo" and notice.text.count("– ") == 3
    client.force_login(cast.clerk)
    assert client.get(notice.path).status_code == 200


# --- corrections --------------------------------------------------------------------------------------


def test_a_correction_is_proposed_and_accepted_without_javascript(client, world, cast, form):
    file(world, form, status="approved")
    client.force_login(cast.clerk)
    assert (
        reverse("submissions:correct", args=KEY)
        in client.get(reverse("submissions:form", args=KEY)).content.decode()
    )
    typed = {"version": 1, "v:X.all:": "bảy", "v:X.part:": "2", "reason": "Sót hai ca."}
    wrong = client.post(CORRECT, typed)
    assert wrong.status_code == 422 and 'value="bảy"' in wrong.content.decode()
    assert "Sót hai ca.</textarea>" in wrong.content.decode()
    # Named above the fold, with a way to the field.
    assert [row.text for row in wrong.context["unread"]] == ["bảy"]
    assert f'<a href="#{wrong.context["unread"][0].id}">all Số liệu X.all</a>' in " ".join(wrong.text.split())
    answer = client.post(CORRECT, typed | {"v:X.all:": "7"})
    url = reverse("submissions:correction", args=[Correction.objects.get().pk])
    assert answer.url == url
    assert client.post(url, {"action": "accept"}).status_code == 404
    client.force_login(cast.reviewer)
    assert "1 đề nghị đính chính" in client.get(reverse("submissions:review")).content.decode()
    assert "Sót hai ca." in client.get(CORRECTIONS).content.decode()
    assert "Chấp nhận, ghi số mới" in client.get(url).content.decode()
    client.post(url, {"action": "accept", "answer": "Đúng."})
    assert DataValue.objects.get(element__code="X.all").value == 7
    page = client.get(reverse("submissions:history", args=KEY)).content.decode()
    for said in (
        "Sót hai ca.",
        cast.clerk.display_name,
        f"{cast.reviewer.display_name} chấp nhận",
        "đính chính",
    ):
        assert said in page
    again = client.post(url, {"action": "refuse", "answer": "Không."})
    assert again.status_code == 409 and "không còn chờ" in again.content.decode()


def test_a_cell_left_as_it_was_follows_what_was_accepted_meanwhile(client, world, cast, form):
    submission = file(world, form, status="approved")
    typed = {"version": submission.version, "v:X.all:": "6", "v:X.part:": "2", "reason": "Sót một ca."}
    first = propose_correction(
        submission=submission, cells={CELLS[1]: CellValue(3)}, reason="Đếm nhầm.", by=cast.reviewer
    )
    accept_correction(correction=first, by=cast.administrator)
    client.force_login(cast.clerk)
    unread = client.post(CORRECT, typed | {"v:X.all:": "sáu"})
    assert unread.status_code == 422 and f'name="version" value="{typed["version"]}"' in unread.text
    asked = client.post(CORRECT, typed)
    assert asked.status_code == 409
    assert [row.text for row in asked.context["rows"]] == ["6", "3"]
    assert f'name="version" value="{Submission.objects.get().version}"' in asked.text


@pytest.mark.parametrize("who", ["neighbour", "stranger"])
def test_others_see_no_proposal(client, world, cast, form, who):
    one = file(world, form, status="approved")
    correction = Correction.objects.create(
        submission=one, reason="Sót.", proposed_at=timezone.now(), proposed_by=cast.clerk
    )
    client.force_login(getattr(cast, who))
    assert client.get(reverse("submissions:correction", args=[correction.pk])).status_code == 404
    assert client.get(CORRECT).status_code == 404
    assert "Sót." not in client.get(CORRECTIONS).content.decode()


# --- closing, explaining ------------------------------------------------------------------------------


def test_closing_with_something_missing_asks_first(client, world, cast, form):
    file(world, form, status="submitted")
    client.force_login(cast.reviewer)
    page = client.get(CLOSING + "?period=2025-08")
    assert (page.context["standing"].waiting, page.context["standing"].missing) == (1, 4)
    asked = {"action": "close", "period": "2025-08", "area": world.areas["M"].pk, "note": "Chốt quý."}
    answer = client.post(CLOSING, asked)
    assert answer.status_code == 409 and "Chốt quý." in answer.content.decode()
    assert not ClosedPeriod.objects.exists()
    client.post(CLOSING, asked | {"confirm": "1"})
    assert ClosedPeriod.objects.get().note == "Chốt quý."
    form_page = client.get(reverse("submissions:form", args=KEY)).content.decode()
    assert "Kỳ đã khóa." in form_page and 'value="approve"' not in form_page
    client.post(DECIDE, {"action": "approve", "version": 1})
    assert Submission.objects.get().status == "submitted"
    client.post(CLOSING, asked | {"action": "reopen", "reason": "Sai số sinh."})
    assert not ClosedPeriod.objects.exists()


@pytest.mark.parametrize("action", [{}, {"action": ""}, {"action": "khóa"}])
def test_nothing_is_closed_without_the_button_that_says_so(client, world, cast, form, action):
    client.force_login(cast.reviewer)
    sent = {"period": "2025-08", "area": world.areas["M"].pk, "confirm": "1", "note": "Chốt quý."}
    answer = client.post(CLOSING, sent | action)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Chưa làm gì" in page and "Chốt quý." in page
    assert not ClosedPeriod.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "planner", "leader", "auditor"])
def test_closing_is_a_page_of_reviewers_alone(client, cast, form, who):
    client.force_login(getattr(cast, who))
    assert client.get(CLOSING).status_code == 404
    assert client.post(CLOSING, {"action": "close", "period": "2025-08"}).status_code == 404


def test_nobody_closes_elsewhere(client, world, cast, form):
    client.force_login(cast.reviewer)
    answer = client.post(CLOSING, {"period": "2025-08", "area": world.areas["country"].pk, "confirm": "1"})
    assert answer.status_code == 404


def test_a_station_says_why_a_form_is_missing(client, world, cast, form):
    client.force_login(cast.clerk)
    client.post(ABSENCE, {"reason": "Mất điện cả tuần."})
    assert "Mất điện cả tuần." in client.get(reverse("submissions:form", args=KEY)).content.decode()
    for who, status in (("leader", 404), ("neighbour", 404), ("stranger", 404)):
        client.force_login(getattr(cast, who))
        assert client.post(ABSENCE, {"reason": "Khác."}).status_code == status
    client.force_login(cast.reviewer)
    quality = client.get("/quality/?period=2025-08").content.decode()
    assert "1 biểu có lý do chưa nộp" in quality and "(Mất điện cả tuần.)" in quality
