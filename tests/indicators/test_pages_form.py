"""The form page: typing, saving, submitting without JavaScript; nothing typed is ever lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.models import AuditEvent, Role
from indicators.actions.submissions import send_back
from indicators.models import DataValue, Submission
from tests.factories import PASSWORD, person
from tests.factories_indicators import FormFactory, RuleFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
AUGUST = date(2025, 8, 1)
CELLS = [("X.all", ""), ("X.part", ""), ("X.all", "DTTS")]
KEY = ("T-a1", "X", "2025-08")
URL = "/submissions/T-a1/X/2025-08/"


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    RuleFactory(form_code="X", expression="X.part <= X.all", message="Cột part lớn hơn cột all.")
    settle_duties()
    return form


@pytest.fixture
def clerk(client, cast, form):
    client.force_login(cast.clerk)
    return client


def post(client, *, action="save", version=0, **texts):
    names = {"all": "v:X.all:", "part": "v:X.part:", "minority": "v:X.all:DTTS"}
    data = {names.get(name, name): text for name, text in texts.items()}
    return client.post(URL, {"action": action, "version": version, **data})


def stored():
    return {(v.element.code, v.group.code): str(v) for v in DataValue.objects.all()}


def test_the_form_shows_its_cells_with_the_periods_beside_them(clerk, world, form):
    common = {"facility": world.facilities["T-a1"], "form": form}
    SubmissionFactory(period=date(2025, 7, 1), values={("X.all", ""): 41}, **common)
    SubmissionFactory(period=date(2024, 8, 1), values={("X.all", ""): 1234}, **common)
    page = clerk.get(URL).content.decode()
    assert 'name="v:X.all:DTTS"' in page
    assert "Tháng 7/2025" in page and "Tháng 8/2024" in page
    assert ">41<" in page and ">1.234<" in page


def test_saving_keeps_zero_blank_and_no_data_apart(clerk):
    answer = post(clerk, all="0", part="", **{"minority": "", "n:X.all:DTTS": "on"})
    assert (answer.status_code, answer.url) == (302, URL)
    assert stored() == {("X.all", ""): "0", ("X.all", "DTTS"): "NA"}
    assert Submission.objects.get().status == "draft"


def test_typing_na_means_no_data(clerk):
    post(clerk, all="NA", part="2", minority="")
    assert stored() == {("X.all", ""): "NA", ("X.part", ""): "2"}


def test_what_can_not_be_read_stays_in_its_field_and_the_rest_is_saved(clerk):
    answer = post(clerk, action="submit", all="1.234", part="hai <b>", minority="3")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="1.234"' in page and 'value="hai &lt;b&gt;"' in page
    assert "không phải là số" in page and "1234" in page
    assert stored() == {("X.all", "DTTS"): "3"}
    assert Submission.objects.get().status == "draft"


def test_a_number_and_the_tick_at_once_ask_which_is_meant(clerk):
    answer = post(clerk, all="5", **{"n:X.all:": "on"})
    assert answer.status_code == 422
    assert "Bỏ một trong hai" in answer.content.decode()
    assert stored() == {}


def test_broken_rules_are_said_in_words_and_do_not_block(clerk):
    post(clerk, all="2", part="5", minority="0")
    assert "Cột part lớn hơn cột all." in clerk.get(URL).content.decode()
    typed = {"action": "submit", "version": 1, "all": "2", "part": "5", "minority": "0"}
    asked = post(clerk, **typed).content.decode()
    assert "Vẫn nộp" in asked and "(5 so với 2)" in asked and 'name="remark"' in asked
    assert Submission.objects.get().status == "draft"
    seen = re.search(r'name="breaks_seen" value="([^"]+)"', asked)[1]
    answer = post(clerk, **typed, breaks_seen=seen, remark="Đúng thực tế.")
    assert answer.url == reverse("submissions:due")
    assert Submission.objects.get().status == "submitted"
    assert AuditEvent.objects.get(verb="submit").details["remark"] == "Đúng thực tế."


def test_the_reviewer_reads_what_the_station_said(clerk, cast, client):
    typed = {"action": "submit", "all": "2", "part": "2", "minority": "0"}
    post(clerk, **typed, remark="Đã hỏi lại tổ sản.")
    client.force_login(cast.reviewer)
    assert "Đã hỏi lại tổ sản." in client.get(URL).content.decode()
    assert "Đã hỏi lại tổ sản." in client.get(reverse("submissions:history", args=KEY)).content.decode()


def test_a_count_wildly_above_last_month_is_remarked(clerk, world, form):
    RuleFactory(
        code="slip-range", kind="range", form_code="*", expression="", message="Cột {column}: thường {usual}.",
        parameters={"months": 1, "overdispersion": 0.12, "deviation": 3},
    )  # fmt: skip
    common = {"facility": world.facilities["T-a1"], "form": form}
    SubmissionFactory(period=date(2025, 7, 1), values={("X.all", ""): 7}, **common)
    post(clerk, all="99999999", part="1", minority="0")
    page = clerk.get(URL).content.decode()
    assert "Cột all: thường 7." in page


def test_submitting_with_blank_cells_asks_once(clerk):
    answer = post(clerk, action="submit", all="2", part="", minority="")
    assert "Còn 2 ô trống" in answer.content.decode()
    assert Submission.objects.get().status == "draft"
    post(clerk, action="submit", version=1, all="2", part="", minority="", blanks_seen="1")
    assert Submission.objects.get().status == "submitted"


def test_blank_cells_of_a_section_can_be_filled_with_zero_before_saving(clerk, form):
    section = form.sections.get().pk
    answer = post(clerk, action=f"fill-{section}", all="7", part="", minority="x")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="7"' in page and 'value="0"' in page and 'value="x"' in page
    assert stored() == {}


def test_two_people_at_one_cell_are_asked_showing_both(clerk, world, client):
    post(clerk, all="5", part="1", minority="")
    other = person(Role.CLERK, facility=world.facilities["T-a1"])
    client.force_login(other)
    post(client, version=1, all="7", part="1", minority="")
    client.force_login(clerk_of(world))
    answer = post(client, version=1, all="8", part="2", minority="")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Của tôi: 8" in page and f"Của {other.display_name}: 7" in page
    assert 'value="8"' in page and 'name="version" value="1"' in page and 'name="seen" value="2"' in page
    assert stored()["X.all", ""] == "7"


@pytest.mark.parametrize(("kept", "value"), [("mine", "8"), ("theirs", "7")])
def test_the_choice_between_two_values_is_followed(clerk, world, client, kept, value):
    post(clerk, all="5", part="1", minority="")
    client.force_login(person(Role.CLERK, facility=world.facilities["T-a1"]))
    post(client, version=1, all="7", part="1", minority="9")
    client.force_login(clerk_of(world))
    answer = post(client, version=1, all="8", part="2", minority="", seen="2", **{"k:X.all:": kept})
    assert answer.status_code == 302
    # The colleague's minority cell was never touched here, so it stands.
    assert stored() == {("X.all", ""): value, ("X.part", ""): "2", ("X.all", "DTTS"): "9"}


def test_a_choice_overtaken_by_another_change_is_asked_until_the_last_value_was_seen(clerk, world, client):
    post(clerk, all="5", part="1", minority="")
    mine = {"all": "8", "part": "2", "minority": "", "k:X.all:": "mine"}
    other, owner = person(Role.CLERK, facility=world.facilities["T-a1"]), clerk_of(world)
    for version, text in ((1, "7"), (2, "9")):
        client.force_login(other)
        post(client, version=version, all=text, part="1", minority="")
    client.force_login(owner)
    answer = post(client, version=1, seen="2", **mine)
    # What was saved beside the clash is taken back with it: version 3 is what the page shows.
    assert answer.status_code == 409
    assert 'name="seen" value="3"' in answer.content.decode()
    client.force_login(other)
    post(client, version=3, all="11", part="1", minority="")
    client.force_login(owner)
    assert post(client, version=1, seen="3", **mine).status_code == 409
    assert stored()["X.all", ""] == "11"


def clerk_of(world):
    return person(Role.CLERK, facility=world.facilities["S-x"])


def test_a_submitted_form_is_read_only_and_can_be_taken_back(clerk, world, form):
    SubmissionFactory(
        facility=world.facilities["T-a1"], form=form, status="submitted", values={("X.all", ""): 5}
    )
    page = clerk.get(URL).content.decode()
    assert 'name="v:X.all:"' not in page and "Lấy lại để sửa" in page and "chưa nhập" in page
    assert post(clerk, version=1, all="6").status_code == 409
    assert stored() == {("X.all", ""): "5"}
    clerk.post(reverse("submissions:recall", args=KEY))
    assert Submission.objects.get().status == "draft"


def test_typed_texts_survive_when_a_colleague_submitted_meanwhile(clerk, world, form):
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, status="submitted")
    page = post(clerk, all="77", part="x").content.decode()
    assert 'value="77"' in page and 'value="x"' in page


def test_sent_back_shows_the_reason_and_opens_the_form(clerk, world, form):
    SubmissionFactory(
        facility=world.facilities["T-a1"], form=form, status="sent_back", reason="Cột all thiếu tháng 8."
    )
    page = clerk.get(URL).content.decode()
    assert "Cột all thiếu tháng 8." in page and 'name="v:X.all:"' in page


def test_what_is_sent_back_stays_so_through_taking_it_back(clerk, world, form, cast, client):
    post(clerk, action="submit", all="5", part="1", minority="0")
    submission = Submission.objects.get()
    send_back(submission=submission, by=cast.reviewer, reason="Cột all thiếu tháng 8.")
    post(clerk, version=1, all="9", part="1", minority="0")
    post(clerk, action="submit", version=2, all="9", part="1", minority="0")
    client.force_login(cast.reviewer)
    page = client.get(URL).content.decode()
    assert "Cột all thiếu tháng 8." in page and "(5 → 9)" in page
    client.force_login(cast.clerk)
    client.post(reverse("submissions:recall", args=KEY))
    assert Submission.objects.get().status == "sent_back"
    page = client.get(reverse("submissions:history", args=KEY)).content.decode()
    assert page.index("Lấy lại để sửa") < page.index("Trả lại") and page.count("<tr>") == 10
    assert "Cột all thiếu tháng 8." in page


# --- a session that ends while typing ----------------------------------------------------------------


def mark(client):
    return re.search(r'name="owner" value="([^"]+)"', client.get(URL).content.decode())[1]


def sign_in(client, page, user, password=PASSWORD):
    data = {"username": user.username, "password": password, "next": URL, "kept": kept_in(page)}
    return client.post(reverse("accounts:sign-in"), data)


def kept_in(page):
    return re.search(r'name="kept" value="([^"]+)"', page)[1]


def test_what_was_typed_outlives_the_session(clerk, cast, form):
    owner = mark(clerk)
    clerk.logout()
    asked = post(clerk, all="77", part="x", minority="", owner=owner)
    page = asked.content.decode()
    assert asked.status_code == 200 and "chưa lưu" in page
    again = sign_in(clerk, page, cast.clerk, "wrong").content.decode()
    answer = sign_in(clerk, again, cast.clerk)
    assert answer.url == URL and stored() == {}
    page = clerk.get(URL).content.decode()
    assert 'value="77"' in page and 'value="x"' in page and "Chưa lưu" in page
    assert 'value="77"' not in clerk.get(URL).content.decode()


def test_nobody_else_gets_what_was_typed(clerk, cast, world, form):
    owner = mark(clerk)
    clerk.logout()
    page = post(clerk, all="77", owner=owner).content.decode()
    other = person(Role.CLERK, facility=world.facilities["T-a1"])
    assert sign_in(clerk, page, other).url == URL
    page = clerk.get(URL).content.decode()
    assert 'value="77"' not in page and "của tài khoản khác" in page


@pytest.mark.parametrize("owner", ["", "1", "forged:mark"])
def test_typing_that_names_no_owner_is_not_kept(client, cast, form, owner):
    assert post(client, all="77", owner=owner).url == f"{reverse('accounts:sign-in')}?next={URL}"


def test_fields_beyond_any_form_are_not_kept(clerk, form):
    owner = mark(clerk)
    clerk.logout()
    page = post(clerk, all="7" * 70_000, owner=owner).content.decode()
    assert 'name="kept"' not in page and "Đăng nhập" in page


def test_an_old_token_saves_nothing_and_shows_the_typing_to_its_owner(cast, form):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.clerk)
    owner = mark(client)
    answer = post(client, all="77", owner=owner)
    assert 'value="77"' in answer.content.decode() and "Chưa lưu" in answer.content.decode()
    assert post(client, all="77").status_code == 403
    assert Submission.objects.count() == 0


def test_two_windows_of_one_person_are_said_to_be_theirs(clerk):
    post(clerk, all="5", part="1", minority="")
    post(clerk, version=1, all="7", part="1", minority="")
    page = post(clerk, version=1, all="8", part="1", minority="").content.decode()
    assert "Bạn đã sửa ô này ở thẻ khác" in page and "Người khác" not in page


def test_what_can_not_be_read_is_counted_apart(clerk):
    page = post(clerk, action="submit", all="5", part="x" * 90, minority="3").content.decode()
    assert "Chưa nộp." in page and "được giữ lại để sửa" in page
    assert "Đã nhập 2/3 ô" in page and "1 ô chưa đọc được" in page
    assert "x" * 31 not in page.replace("x" * 90, "")


def test_the_history_names_who_changed_what(clerk, cast):
    post(clerk, all="5", part="1", minority="")
    post(clerk, version=1, all="6", part="1", minority="")
    page = clerk.get(reverse("submissions:history", args=KEY) + "?cell=X.all").content.decode()
    assert cast.clerk.display_name in page and "X.part" not in page
    assert page.count("<tr>") == 3


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("neighbour", 404), ("reviewer", 200), ("planner", 200), ("leader", 200),
     ("auditor", 200), ("administrator", 200), ("stranger", 404)],
)  # fmt: skip
def test_who_may_read_the_form(client, cast, form, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(URL).status_code == status
    may_write = who in {"clerk", "administrator"}
    assert post(client, all="1").status_code == (302 if may_write else 404)


@pytest.mark.parametrize("period", ["2025-13", "2025-8", "25", "2025", "2199-01", "2020-01", "x"])
def test_a_period_in_which_nothing_is_owed_is_not_found(clerk, period):
    assert clerk.get(f"/submissions/T-a1/X/{period}/").status_code == 404


def test_unknown_cells_and_odd_input_are_refused_in_words(clerk):
    answer = clerk.post(URL, {"v:Y.none:": "1", "v:X.all:": "2", "version": "-1"})
    assert answer.status_code == 409
    assert "Y.none" in answer.content.decode()
    assert stored() == {}


def test_other_methods_are_refused(clerk):
    assert clerk.put(URL).status_code == 405
    assert clerk.get(reverse("submissions:recall", args=KEY)).status_code == 405
    assert clerk.post(reverse("submissions:history", args=KEY)).status_code == 405


def test_saving_forty_fields_stays_within_the_query_budget(client, cast):
    cells = [(f"X.{n}", "") for n in range(40)]
    FormFactory(code="X", cells=cells)
    settle_duties()
    client.force_login(cast.clerk)
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.post(URL, {"version": "0", **{f"v:{code}:": "3" for code, _group in cells}})
    assert answer.status_code == 302
    assert DataValue.objects.count() == 40
    # Session and person (2); roles, facility, submission, duty (4); then the action: permission, placement,
    # draft looked for, made and read, items, values, version, values and changes written, audit (11).
    queries = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    signing_in = [sql for sql in queries if "django_session" in sql or 'FROM "facilities_user"' in sql]
    assert len(queries) - len(signing_in) <= 15, "\n".join(queries)


@pytest.mark.parametrize("cells", [5, 40])
def test_showing_a_form_costs_the_same_for_any_number_of_cells(client, world, cast, cells):
    named = [(f"X.{n}", "") for n in range(cells)]
    form = FormFactory(code="X", cells=named)
    RuleFactory(form_code="X", expression="X.1 <= X.2", message="Không khớp.")
    settle_duties()
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, values=dict.fromkeys(named, 4))
    client.force_login(cast.clerk)
    # Session, person, roles; facility, submission; items, values; rules, their values, cells and past; last
    # change; whether the period is closed; why the form is not filed. The roles' names are in code.
    # The package: items, values of a year, last change, notes, plan lines, rules.
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL).status_code == 200
    assert len(captured) <= 21, "\n".join(q["sql"] for q in captured)


@pytest.mark.parametrize("section", ["9" * 12, "9" * 40, "9" * 5000, "\x00"])
def test_filling_a_section_that_is_none_fills_nothing(clerk, world, form, section):
    answer = post(clerk, action=f"fill-{section}", all="7", part="", minority="")
    assert answer.status_code == 200
    assert "Đã điền 0 vào 0 ô trống" in answer.content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {"expression": "X.all <"},
        {"kind": "range", "expression": "", "parameters": {}},
        {"kind": "range", "expression": "", "parameters": []},
        {
            "kind": "range",
            "expression": "",
            "parameters": {"months": 1, "overdispersion": "x", "deviation": 3},
        },
    ],
)
def test_a_rule_that_can_not_be_read_is_passed_over_and_logged(clerk, cast, world, form, given, caplog):
    RuleFactory(code="broken", form_code="X", **given)
    SubmissionFactory(
        facility=world.facilities["T-a1"],
        form=form,
        period=date(2025, 7, 1),
        status="approved",
        values={CELLS[0]: 5},
    )

    assert clerk.get(URL).status_code == 200
    told = post(clerk, action="submit", all="5", part="9", minority="0").content.decode()
    assert "Cột part lớn hơn cột all." in told
    assert "Rule broken is left out" in caplog.text
    clerk.force_login(cast.reviewer)
    assert clerk.get(URL).status_code == 200
    assert clerk.get(reverse("submissions:review")).status_code == 200
