"""The pages where a document is registered, sent, found again; the link's own page. Without JavaScript."""

import io
import re
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting.actions.reports import freeze
from reporting.actions.sending import token, withdraw
from reporting.content.printed import Printed
from reporting.models import Delivery, IssuedDocument
from tests.reporting.kinds import combined_report
from tests.reporting.outgoing import (
    ON,
    make_file,
    make_link,
    make_other,
    make_registered,
    make_snapshot,
    sign,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
ENTRY = {"number": "5", "symbol": "BC-SYT", "on": "2026-01-05", "signer": "Nguyễn Văn Đức"}
SEND = {"typed": "UBND tỉnh <VanThu@ubnd.example>\nvanthu@boyte.example", "way": "files", "days": "30"}


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("reporting.actions.sending.ring", lambda: None)
    cache.clear()


@pytest.fixture
def snapshot(world):
    return make_snapshot(world)


@pytest.fixture
def planner(client, cast):
    client.force_login(cast.planner)
    return client


def url(name, snapshot, *rest):
    parts = [snapshot.report_id] if name == "sending" else [snapshot.report_id, snapshot.number]
    return reverse(f"reports:{name}", args=[*parts, *rest])


def test_the_list_of_reports_marks_what_is_signed_and_registered(planner, snapshot, cast):
    def listed():
        return " ".join(planner.get(reverse("reports:list")).text.split())

    assert "đã ký" not in listed() and "vào sổ số" not in listed()
    sign(snapshot, cast.leader)
    make_registered(snapshot, cast.planner)
    assert ">đã ký<" in listed() and "vào sổ số 05/BC-SYT</a>" in listed()
    report = snapshot.report
    report.document = {"signer": "Tạ Quang"}
    report.save()
    freeze(report=report, by=cast.planner, reason="Người ký")
    assert ">đã ký<" not in listed()
    assert f'href="{url("sending", snapshot)}?snapshot=1">vào sổ số 05/BC-SYT, lần 1</a>' in listed()


# --- registering -----------------------------------------------------------------------------------------
def test_the_page_proposes_the_next_number_today_and_the_agencys_symbol(planner, snapshot, world):
    make_registered(make_other(snapshot.report.plan, "h1"), planner_user(planner), number=7, on=today())
    page = planner.get(url("sending", snapshot)).text
    assert value(page, "number") == "8" and value(page, "on") == today().isoformat()
    assert value(page, "symbol") == "BC-" + snapshot.report.issuer_on(today()).short_name
    assert "Bản PDF để trống số." in page


def test_a_pdf_without_the_number_asks_once_and_is_registered_when_meant(planner, snapshot):
    asked = planner.post(url("register", snapshot), ENTRY)
    assert asked.status_code == 422 and not IssuedDocument.objects.exists()
    assert "Bản PDF để trống số." in asked.text and "đánh dấu ô này" in asked.text
    assert value(asked.text, "number") == "5" and value(asked.text, "signer") == "Nguyễn Văn Đức"
    page = planner.post(url("register", snapshot), ENTRY | {"sure": "on"}, follow=True).text
    assert "Đã vào sổ: số 05/BC-SYT." in page and "Sổ ghi số 05/BC-SYT ngày 05/01/2026." in page


def test_a_number_written_into_the_document_gives_a_snapshot_that_prints_it(planner, snapshot):
    page = planner.post(url("print-number", snapshot), ENTRY, follow=True)
    frozen = snapshot.report.snapshots.get(number=2)
    assert Printed.of(frozen.data) == Printed(5, "BC-SYT", ON)
    assert frozen.why == "Ghi số 05/BC-SYT ngày 05/01/2026." and frozen.files.filter(format="pdf").exists()
    assert "Bản chốt lần 2 in số và ngày này" in page.text
    frozen.files.all().delete()
    make_file(frozen, "pdf")
    assert value(planner.get(url("sending", snapshot)).text, "number") == "5"
    page = planner.post(url("register", frozen), ENTRY, follow=True).text
    assert "Đã vào sổ: số 05/BC-SYT." in page and "Sổ ghi số" not in page


@pytest.mark.parametrize("symbol", ["BC", "BC-SYT\u202e", "BC_SYT"])
def test_no_number_is_written_into_the_document_that_its_own_field_would_refuse(planner, snapshot, symbol):
    answer = planner.post(url("print-number", snapshot), ENTRY | {"symbol": symbol})
    assert answer.status_code == 422 and "viết như 05/BC-SYT" in answer.text
    snapshot.report.refresh_from_db()
    assert snapshot.report.document == {} and snapshot.report.snapshots.count() == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(planner, snapshot):
    make_registered(make_other(snapshot.report.plan, "h1"), planner_user(planner))
    for change, words in (
        ({"number": "0"}, "1"),
        ({"symbol": "BC / SYT"}, "Ký hiệu viết liền"),
        ({"on": "2999-01-01"}, "không được sau hôm nay"),
        ({"on": "1900-01-01"}, "Ngày này quá xa"),
        ({"signer": ""}, "Nhập họ tên người ký"),
        ({}, "Số tiếp theo còn trống: 6"),
    ):
        answer = planner.post(
            url("register", snapshot), ENTRY | {"sure": "on", "office": "Giám đốc"} | change
        )
        assert answer.status_code == 422 and words in answer.text, change
        assert "Chưa lưu được" in answer.text and value(answer.text, "number") in {"5", "0"}
    assert IssuedDocument.objects.count() == 1


def test_a_second_press_of_register_says_it_is_done(planner, snapshot):
    for _n in range(2):
        page = planner.post(url("register", snapshot), ENTRY | {"sure": "on"}, follow=True)
    assert page.status_code == 200 and "Bản này đã vào sổ, số 05/BC-SYT" in page.text


def test_before_the_pdf_is_finished_the_page_says_what_to_wait_for(planner, world):
    snapshot = make_snapshot(world, "M", "xlsx")
    page = planner.get(url("sending", snapshot)).text
    assert "Chưa có tệp PDF" in page and '<form class="fields"' not in page
    answer = planner.post(url("register", snapshot), ENTRY | {"sure": "on"}, follow=True)
    assert "Chưa có tệp PDF" in answer.text and not IssuedDocument.objects.exists()


def test_a_signature_made_later_is_offered_as_the_issued_file(planner, snapshot, cast):
    make_registered(snapshot, cast.planner)
    signed = sign(snapshot, cast.leader)
    assert "Lấy tệp đã ký làm tệp phát hành" in planner.get(url("sending", snapshot)).text
    planner.post(url("take-signed", snapshot))
    assert IssuedDocument.objects.get().sha256 == signed.sha256
    assert planner.get(url("issued-file", snapshot)).content == b"signed by person"


def test_an_issued_file_that_changed_is_not_given_out(planner, snapshot, cast, settings):
    make_registered(snapshot, cast.planner)
    (settings.MEDIA_ROOT / snapshot.files.get(format="pdf").file.name).write_bytes(b"x")
    page = planner.get(url("issued-file", snapshot), follow=True)
    assert "không khớp SHA-256" in page.text


# --- sending ---------------------------------------------------------------------------------------------
def test_recipients_are_typed_a_line_each_and_pressed_twice_sent_once(planner, snapshot):
    page = planner.post(url("send", snapshot), SEND, follow=True).text
    assert "Đã nhận gửi đến 2 nơi." in page and "chờ gửi" in page
    page = planner.post(url("send", snapshot), SEND, follow=True).text
    assert "Không gửi lần nữa đến nơi đã có trong danh sách" in page
    assert list(Delivery.objects.order_by("pk").values_list("recipient", "address")) == [
        ("vanthu@boyte.example", "vanthu@boyte.example"),
        ("UBND tỉnh", "vanthu@ubnd.example"),
    ]


def test_every_line_that_is_no_address_is_named_and_nothing_is_sent(planner, snapshot):
    answer = planner.post(url("send", snapshot), SEND | {"typed": "UBND tỉnh\nBộ <x@>\na@b.example"})
    assert answer.status_code == 422 and not Delivery.objects.exists()
    assert "UBND tỉnh; Bộ &lt;x@&gt;" in answer.text and "a@b.example</textarea>" in answer.text
    for change, words in (
        ({"typed": ""}, "ít nhất một nơi nhận"),
        ({"days": "91"}, "90"),
        ({"way": "fax"}, "fax"),
    ):
        answer = planner.post(url("send", snapshot), SEND | change)
        assert answer.status_code == 422 and words in answer.text, change


def test_earlier_recipients_of_the_agency_are_proposed_until_they_have_it(planner, snapshot, cast):
    other = make_other(snapshot.report.plan, "h1")
    for address in ("a@a.example", "b@b.example"):
        make_link(other, cast.planner, address)
    Delivery.objects.filter(address="a@a.example").update(status="sent", sent_at=timezone.now())
    page = planner.get(url("sending", snapshot)).text
    assert "UBND tỉnh &lt;a@a.example&gt;" in page and "b@b.example" not in page
    planner.post(url("send", snapshot), SEND | {"typed": "", "known": "a@a.example"})
    assert snapshot.deliveries.get().recipient == "UBND tỉnh"
    assert planner.get(url("sending", snapshot)).text.count("&lt;a@a.example&gt;") == 0


def test_a_failed_delivery_shows_why_and_is_corrected_or_tried_again(planner, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    Delivery.objects.update(status="failed", error="Máy chủ thư từ chối địa chỉ này (550 <no>).")
    page = planner.get(url("sending", snapshot)).text
    assert "Máy chủ thư từ chối địa chỉ này (550 &lt;no&gt;)." in page and "không gửi được" in page
    again = re.search(r'href="([^"]*again=[^"]*)#send"', page)[1].replace("&amp;", "&")
    form = planner.get(url("sending", snapshot) + again).text
    assert "UBND tỉnh &lt;vanthu@ubnd.example&gt;</textarea>" in form
    planner.post(reverse("reports:send-again", args=[one.pk]))
    one.refresh_from_db()
    assert one.status == "waiting"
    planner.post(reverse("reports:withdraw", args=[one.pk]))
    one.refresh_from_db()
    assert (one.status, one.error_words) == ("failed", "Đã dừng trước khi gửi.")
    assert "Thư đã gửi" not in planner.post(reverse("reports:send-again", args=[one.pk]), follow=True).text
    assert "không gửi lại" in planner.post(reverse("reports:send-again", args=[one.pk]), follow=True).text


def test_an_older_snapshot_is_sent_and_shown_as_chosen(planner, snapshot):
    planner.post(url("print-number", snapshot), ENTRY)
    page = planner.post(url("send", snapshot), SEND, follow=True)
    assert page.redirect_chain[-1][0].endswith("?snapshot=1") and "UBND tỉnh" in page.text
    assert "Chưa gửi đến nơi nào" in planner.get(url("sending", snapshot)).text
    assert planner.get(url("sending", snapshot) + "?snapshot=9").status_code == 404


def test_readers_see_where_it_went_but_nothing_to_press(client, cast, snapshot):
    make_registered(snapshot, cast.planner)
    one = make_link(snapshot, cast.planner)
    client.force_login(cast.leader)
    page = client.get(url("sending", snapshot)).text
    assert "05/BC-SYT" in page and "vanthu@ubnd.example" in page
    main = page.partition("<main")[2]
    assert 'method="post"' not in main
    for name in ("register", "print-number", "take-signed", "send", "package"):
        assert client.post(url(name, snapshot)).status_code == 404, name
    for name in ("send-again", "withdraw"):
        assert client.post(reverse(f"reports:{name}", args=[one.pk])).status_code == 404
    client.force_login(cast.stranger)
    assert client.get(url("sending", snapshot)).status_code == 404
    assert client.get(url("issued-file", snapshot)).status_code == 404


def test_the_package_comes_for_a_registered_document_alone(planner, snapshot, cast):
    assert planner.post(url("package", snapshot)).status_code == 404
    make_registered(snapshot, cast.planner)
    answer = planner.post(url("package", snapshot))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="05-BC-SYT-2026.zip"'
    assert "metadata.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    snapshot.files.filter(format="xlsx").update(status="failed")
    assert "Chưa có tệp XLSX" in planner.post(url("package", snapshot), follow=True).text


def test_a_combined_report_is_registered_sent_and_packed_like_a_plans(planner, world, cast):
    snapshot = freeze(report=combined_report(world), by=None)
    for name in ("pdf", "xlsx"):
        make_file(snapshot, name)
    assert value(planner.get(url("sending", snapshot)).text, "symbol").startswith("BC-")
    assert "Đã vào sổ" in planner.post(url("register", snapshot), ENTRY | {"sure": "on"}, follow=True).text
    assert "Đã nhận gửi đến 2 nơi." in planner.post(url("send", snapshot), SEND, follow=True).text
    assert planner.post(url("package", snapshot)).content.startswith(b"PK")
    assert rows(planner.get(reverse("reports:archive")).text) == ["05/BC-SYT"]


def test_a_report_without_snapshots_says_to_freeze_first(planner, snapshot):
    snapshot.files.all().delete()
    report = snapshot.report
    snapshot.delete()
    assert "Chốt báo cáo trước" in planner.get(reverse("reports:sending", args=[report.pk])).text


def test_the_page_asks_no_more_for_many_deliveries(planner, snapshot, cast, django_assert_max_num_queries):
    make_registered(snapshot, cast.planner)
    for n in range(3):
        make_link(snapshot, cast.planner, f"{n}@x.example")
    counts = []
    for more in (0, 20):
        for n in range(more):
            make_link(snapshot, cast.planner, f"more-{n}@x.example")
        # Session, person, roles; report, its snapshots and files; frozen data, register, signatures, deliveries, book,
        # the issuer's agency.
        with django_assert_max_num_queries(15) as asked:
            planner.get(url("sending", snapshot))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- the link --------------------------------------------------------------------------------------------
def test_a_link_shows_subject_and_files_without_sign_in_and_tells_nobody_its_address(client, snapshot, cast):
    make_registered(snapshot, cast.planner)
    one = make_link(snapshot, cast.planner)
    address = reverse("reports:link", args=[token(one)])
    page = client.get(address)
    assert "Kết quả năm 2025 thực hiện Kế hoạch bà mẹ" in page.text and "05-BC-SYT-2026.xlsx" in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Cache-Control"] == "private, no-store"
    file = client.post(reverse("reports:link-file", args=[token(one), "pdf"]))
    assert (
        file.content == f"pdf of {snapshot.pk}".encode() and file.headers["Referrer-Policy"] == "same-origin"
    )
    one.refresh_from_db()
    first = one.opened_at
    assert first is not None
    client.post(reverse("reports:link-file", args=[token(one), "xlsx"]))
    one.refresh_from_db()
    assert one.opened_at == first
    assert client.post(reverse("reports:link-file", args=[token(one), "docx"])).status_code == 404


def test_a_scanner_that_fetches_every_address_opens_nothing(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    page = reverse("reports:link", args=[token(one)])
    for address in (
        page,
        *(reverse("reports:link-file", args=[token(one), name]) for name in ("pdf", "xlsx")),
    ):
        for fetch in (client.get, client.head):
            answer = fetch(address)
            assert answer.status_code == 200 or answer.url == page
            assert "noindex" in answer.headers["X-Robots-Tag"] and "attachment" not in str(answer.headers)
    one.refresh_from_db()
    assert one.opened_at is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_a_link_says_what_it_gives_and_the_button_needs_no_cookie(language, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = language
    page = client.get(reverse("reports:link", args=[token(one)])).text
    for file in one.files:
        assert file["name"] in page and file["sha256"] in page
    assert cast.planner.display_name in page and f'lang="{language}"' in page
    action = re.search(r'action="([^"]*file[.]pdf)"', page)[1]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(action).content == f"pdf of {snapshot.pk}".encode()


def test_an_expired_a_withdrawn_and_an_unknown_link_say_so_and_give_nothing(client, snapshot, cast):
    expired, closed = make_link(snapshot, cast.planner), make_link(snapshot, cast.planner, "b@b.example")
    Delivery.objects.filter(pk=expired.pk).update(
        at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=1)
    )
    Delivery.objects.filter(pk=closed.pk).update(status="sent", sent_at=timezone.now())
    withdraw(delivery=closed, by=cast.planner)
    for secret, status, words in (
        (token(expired), 410, "Liên kết đã hết hạn"),
        (token(closed), 410, "Liên kết đã được thu hồi"),
        ("0" * 64, 404, "Không có liên kết này"),
        (closed.token_hash, 404, "Không có liên kết này"),
    ):
        for answer in (
            client.get(reverse("reports:link", args=[secret])),
            client.post(reverse("reports:link-file", args=[secret, "pdf"])),
        ):
            assert answer.status_code == status and words in answer.text
            assert "Kế hoạch bà mẹ" not in answer.text and answer.headers["Referrer-Policy"] == "same-origin"


def test_a_link_whose_file_changed_gives_nothing_out(client, snapshot, cast, settings):
    one = make_link(snapshot, cast.planner)
    (settings.MEDIA_ROOT / snapshot.files.get(format="pdf").file.name).write_bytes(b"x")
    answer = client.post(reverse("reports:link-file", args=[token(one), "pdf"]))
    assert answer.status_code == 410 and "Tệp không còn nguyên vẹn" in answer.text


def test_guessing_links_is_slowed_down(client, snapshot, cast):
    one = make_link(snapshot, cast.planner)
    answers = [client.get(reverse("reports:link", args=[f"{n:064d}"])).status_code for n in range(60)]
    assert set(answers) == {404}
    answer = client.get(reverse("reports:link", args=[token(one)]))
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert "Đợi một phút" in answer.text
    assert client.get(reverse("reports:link", args=[token(one)]), REMOTE_ADDR="10.0.0.9").status_code == 200


# --- the archive -----------------------------------------------------------------------------------------
def rows(page):
    return re.findall(r">(\d+/BC-\S+?)</a>", page)


def test_the_archive_is_searched_without_accents_and_filtered(planner, snapshot, cast, world):
    make_registered(snapshot, cast.planner)
    make_registered(
        make_other(snapshot.report.plan, "h1"), cast.planner, number=12, on=ON.replace(year=2025, month=12)
    )
    archive = reverse("reports:archive")
    assert rows(planner.get(archive).text) == ["05/BC-SYT", "12/BC-SYT"]
    for query, found in (
        ({"q": "nguyen van duc"}, ["05/BC-SYT", "12/BC-SYT"]),
        ({"q": "KẾ HOẠCH 12/bc"}, ["12/BC-SYT"]),
        ({"q": "ba mẹ 05/01/2026"}, ["05/BC-SYT"]),
        ({"q": "khong co"}, []),
        ({"year": "2025"}, ["12/BC-SYT"]),
        ({"year": "x", "agency": "y", "page": "z"}, ["05/BC-SYT", "12/BC-SYT"]),
        ({"agency": str(IssuedDocument.objects.first().agency_id)}, ["05/BC-SYT", "12/BC-SYT"]),
        ({"agency": "999999"}, []),
    ):
        assert rows(planner.get(archive, query).text) == found, query


def test_the_archive_proves_a_file_when_asked(planner, snapshot, cast, settings):
    issued = make_registered(snapshot, cast.planner)
    check = reverse("reports:archive") + f"?check={issued.pk}"
    assert ">khớp<" in planner.get(check).text
    (settings.MEDIA_ROOT / snapshot.files.get(format="pdf").file.name).unlink()
    assert ">không khớp<" in planner.get(check).text
    assert "khớp<" not in planner.get(reverse("reports:archive")).text


def test_the_archive_shows_and_gives_only_ones_own_areas(client, snapshot, cast):
    make_registered(snapshot, cast.planner)
    for person, found in ((cast.leader, ["05/BC-SYT"]), (cast.stranger, []), (cast.clerk, [])):
        client.force_login(person)
        assert rows(client.get(reverse("reports:archive")).text) == found
        csv = client.get(reverse("reports:archive") + "?format=csv").content.decode("utf-8-sig")
        assert ("05/BC-SYT" in csv) is bool(found)


def test_the_register_is_taken_away_as_a_table(planner, snapshot, cast):
    issued = make_registered(snapshot, cast.planner)
    IssuedDocument.objects.update(subject="=1+1")
    answer = planner.get(reverse("reports:archive"), {"format": "xlsx", "q": "duc"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[-1][:2] == ["05/BC-SYT", "05/01/2026"] and issued.sha256 in values[-1]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert values[4][:2] == ["Tìm", "duc"]
    assert planner.get(reverse("reports:archive"), {"format": "exe"}).status_code == 404


def test_the_archive_asks_no_more_for_many_documents(planner, snapshot, cast, django_assert_max_num_queries):
    make_registered(snapshot, cast.planner)
    counts = []
    for periods in ((), ("h1", "m9", "2025-03", "2025-04", "2025-05")):
        for n, period in enumerate(periods):
            make_registered(make_other(snapshot.report.plan, period), cast.planner, number=20 + n)
        # Session, person, roles; years, agencies, how many, the page; the signed-in person's notices.
        with django_assert_max_num_queries(9) as asked:
            planner.get(reverse("reports:archive"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def today():
    return timezone.localdate()


def planner_user(client):
    from facilities.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


def value(page, name):
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
    return re.search(r'value="([^"]*)"', tag)[1]
