"""The signing page: pressing, refusals in words, what is said of each signature, downloading."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.actions.reports import freeze
from reporting.checks import missing_libraries, serif_font
from reporting.models import Signature
from reporting.signatures.validate import check
from tests.reporting.signing_world import (
    PASSWORD,
    PERSON,
    drawing,
    give_agency_key,
    key_file,
    make_report,
    real_root,
    store_pdf,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"),
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def report(world, settings, tmp_path):
    report = make_report(world)
    snapshot = report.snapshots.get()
    store_pdf(snapshot)
    give_agency_key(settings, tmp_path / "signing", snapshot.data["content"]["agency"]["name"])
    return report


def address(report, name="signing") -> str:
    return reverse(f"reports:{name}", args=[report.pk])


def filled(**fields):
    """The form as a browser sends it; a field of None is left out."""
    files = {"key": key_file(), "picture": drawing()}
    given = {"number": 1, "password": PASSWORD, "unfinished": "on", **files} | fields
    return {
        name: SimpleUploadedFile(f"{name}.bin", value) if isinstance(value, bytes) else value
        for name, value in given.items()
        if value is not None
    }


def sign_both(client, cast, report):
    client.force_login(cast.leader)
    client.post(address(report, "sign"), filled())
    client.force_login(cast.planner)
    return client.post(address(report, "sign-agency"), {"number": 1}, follow=True)


def test_a_leader_signs_a_planner_stamps_and_readers_download(client, cast, report):
    client.force_login(cast.leader)
    page = client.get(address(report)).text
    assert "Ký bằng khoá của bạn" in page and "Chưa có chữ ký nào" in page
    page = client.post(address(report, "sign"), filled(), follow=True).text
    assert "Đã ký." in page and "còn nguyên vẹn" in page and PERSON in page
    assert "Ký bằng khoá của bạn" not in page and "Ký của cơ quan" not in page
    client.force_login(cast.planner)
    assert "Ký của cơ quan" in client.get(address(report)).text
    page = client.post(address(report, "sign-agency"), {"number": 1}, follow=True).text
    assert "đủ hai chữ ký" in page and page.count("còn nguyên vẹn") >= 3
    client.force_login(cast.auditor)
    answer = client.get(reverse("reports:signed-file", args=[report.pk, 1]))
    assert answer["Content-Type"] == "application/pdf" and "signed" not in answer["Content-Disposition"]
    assert "%C4%91%C3%A3%20k%C3%BD" in answer["Content-Disposition"]
    assert len(check(b"".join(answer.streaming_content)).signatures) == 2


def test_lists_offer_the_signed_file_first_and_keep_the_unsigned(client, cast, report):
    client.force_login(cast.auditor)
    assert "đã ký" not in client.get(reverse("reports:list")).text
    sign_both(client, cast, report)
    signed = reverse("reports:signed-file", args=[report.pk, 1])
    for page, unsigned in (
        (reverse("reports:list"), reverse("reports:file", args=[report.pk, "pdf"])),
        (report.get_absolute_url(), reverse("reports:snapshot-file", args=[report.pk, 1, "pdf"])),
    ):
        text = client.get(page).text
        assert text.index(signed) < text.index(unsigned) and "(chưa ký)" in text
    original = b"".join(client.get(unsigned).streaming_content)
    assert check(original).signatures == []


def test_one_changed_byte_on_the_server_is_said(client, cast, report):
    sign_both(client, cast, report)
    path = Path(Signature.objects.get(part="agency").signed.path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    page = client.get(address(report)).text
    assert "không còn nguyên vẹn" in page and "✓" not in page and "Tệp đã ký còn nguyên vẹn" not in page
    path.unlink()
    assert "không còn nguyên vẹn" in client.get(address(report)).text
    page = client.get(reverse("reports:signed-file", args=[report.pk, 1]), follow=True)
    assert page.redirect_chain == [(report.get_absolute_url(), 302)] and "không còn trên máy chủ" in page.text


def test_a_trial_is_marked_on_the_page_and_never_called_trusted(client, cast, report):
    page = sign_both(client, cast, report).text
    assert "CHỨNG THƯ THỬ NGHIỆM – không có giá trị pháp lý" in page
    assert "được cấp dưới chứng thư gốc" not in page


def test_a_real_certificate_says_whether_its_root_is_trusted(client, cast, report, settings, tmp_path):
    client.force_login(cast.leader)
    page = client.post(address(report, "sign"), filled(key=key_file(real=True)), follow=True).text
    assert "chưa rõ: chứng thư gốc" in page and "CHỨNG THƯ THỬ NGHIỆM" not in page
    settings.SIGNING_ROOTS = str(tmp_path / "real.pem")
    Path(settings.SIGNING_ROOTS).write_bytes(real_root().pem)
    assert "được cấp dưới chứng thư gốc" in client.get(address(report)).text
    Path(settings.SIGNING_ROOTS).write_bytes(b"not pem")
    assert "chưa rõ: chứng thư gốc" in client.get(address(report)).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "sai"}, "Mật khẩu của tệp khoá không đúng"),
        ({"key": b"rubbish"}, "không phải tệp khoá PKCS#12"),
        ({"key": b"x" * 70_000}, "lớn quá 64 kB"),
        ({"key": None}, "Tệp khoá của người ký"),
        ({"picture": b"rubbish"}, "Ảnh phải là tệp PNG"),
        ({"picture": b"x" * 1_100_000}, "lớn quá 1024 kB"),
        ({"key": b"x" * 2_700_000}, "quá lớn"),
        ({"key": key_file(days=(-300, -1))}, "hết hạn"),
    ],
)
def test_what_can_not_sign_is_said_in_words_without_the_password(client, cast, report, fields, words):
    client.force_login(cast.leader)
    answer = client.post(address(report, "sign"), filled(**fields))
    assert answer.status_code == 422 and words in answer.text
    assert "phải chọn lại" in answer.text and PASSWORD not in answer.text and not Signature.objects.exists()


def test_a_key_never_reaches_the_disk(client, cast, report, monkeypatch):
    from django.core.files import uploadhandler

    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", lambda *a, **k: pytest.fail("written"))
    client.force_login(cast.leader)
    assert client.post(address(report, "sign"), filled(picture=b"x" * 3_000_000)).status_code == 422
    assert client.post(address(report, "sign"), filled()).status_code == 302


def test_a_certificate_in_another_name_is_asked_about(client, cast, report):
    snapshot = report.snapshots.get()
    snapshot.data["content"]["footer"]["signer"] = "Hoàng Thị Mai"
    snapshot.save()
    client.force_login(cast.leader)
    answer = client.post(address(report, "sign"), filled())
    assert "văn bản ghi người ký “Hoàng Thị Mai”" in answer.text and 'name="other_name"' in answer.text
    client.post(address(report, "sign"), filled(other_name="on"))
    assert Signature.objects.count() == 1


def test_a_document_that_names_nobody_shows_the_certificates_name_and_asks(client, cast, report):
    snapshot = report.snapshots.get()
    snapshot.data["content"]["footer"]["signer"] = " "
    snapshot.save()
    client.force_login(cast.leader)
    assert 'name="other_name"' not in client.get(address(report)).text
    answer = client.post(address(report, "sign"), filled())
    assert answer.status_code == 422 and not Signature.objects.exists()
    assert f"chứng thư là của “{PERSON}" in answer.text and 'name="other_name"' in answer.text
    assert client.post(address(report, "sign"), filled(other_name="on")).status_code == 302
    assert Signature.objects.count() == 1


def test_what_a_document_leaves_open_is_listed_and_asked_about_before_it_is_signed(client, cast, report):
    client.force_login(cast.leader)
    page = client.get(address(report)).text
    for place in ("Số, ký hiệu", "Ngày ban hành", "Ưu điểm", "Nơi nhận"):
        assert f"<li>{place}</li>" in page, place
    assert "Ký rồi thì không in thêm số, ngày" in page
    answer = client.post(address(report, "sign"), filled(unfinished=None))
    assert answer.status_code == 422 and "Văn bản còn chỗ để trống" in answer.text
    assert not Signature.objects.exists()
    client.cookies["django_language"] = "en"
    named = client.get(address(report)).context["left_open"]
    assert len(named) > 5 and not {"Số, ký hiệu", "Ưu điểm", "Nơi nhận"} & set(named)


def test_a_finished_document_is_signed_without_a_question(client, cast, report):
    snapshot = report.snapshots.get()
    content = snapshot.data["content"]
    content["header"] |= {"number": "Số: 05/BC-SYT", "addressees": ["Bộ Y tế"]}
    content["footer"] |= {"signer": PERSON, "recipients": ["Như trên;", "Lưu: VT."]}
    snapshot.data["dateline"] = "Bắc Ninh, ngày 05 tháng 12 năm 2025"
    for section in content["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "typed":
                block["text"] = "Đã rà soát."
    snapshot.save()
    client.force_login(cast.leader)
    assert client.get(address(report)).context["left_open"] == []
    assert client.post(address(report, "sign"), filled(unfinished=None)).status_code == 302
    assert Signature.objects.count() == 1


def test_a_second_press_and_an_older_snapshot_are_refused_in_words(client, cast, report):
    client.force_login(cast.leader)
    client.post(address(report, "sign"), filled())
    assert "đã có chữ ký này" in client.post(address(report, "sign"), filled()).text
    report.narrative = {"limits": "Bổ sung"}
    report.save()
    store_pdf(freeze(report=report, by=None, reason="Bổ sung"))
    assert "lần chốt mới hơn" in client.post(address(report, "sign"), filled()).text
    page = client.get(address(report), {"number": 1}).text
    assert "bản này không ký thêm được nữa" in page and "còn nguyên vẹn" in page
    assert "Chưa có chữ ký nào" in client.get(address(report)).text
    assert client.get(address(report), {"number": 9}).status_code == 404
    assert client.get(address(report), {"number": "x"}).status_code == 404
    assert client.post(address(report, "sign"), filled(number=9)).status_code == 404


def test_without_a_snapshot_a_file_or_a_key_the_page_says_what_is_missing(client, cast, report, settings):
    client.force_login(cast.planner)
    sign_both(client, cast, report)
    Signature.objects.filter(part="agency").delete()
    settings.SIGNING_AGENCIES = ""
    assert "SIGNING_AGENCIES" in client.get(address(report)).text
    page = client.post(address(report, "sign-agency"), {"number": 1}, follow=True).text
    assert "Chưa có khoá của" in page
    Signature.objects.all().delete()
    report.snapshots.get().files.all().delete()
    assert "Chưa có tệp PDF" in client.get(address(report)).text
    report.snapshots.all().delete()
    assert "Chưa có gì để ký" in client.get(address(report)).text
    client.force_login(cast.leader)
    assert client.post(address(report, "sign"), filled(key=None)).status_code == 422
    assert client.post(address(report, "sign"), filled()).status_code == 404


def test_hostile_names_are_shown_as_text(client, cast, report):
    client.force_login(cast.leader)
    name = "<img src=x onerror=alert(1)>\u202e%s"
    page = client.post(address(report, "sign"), filled(key=key_file(name)), follow=True).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page and "<img src=x" not in page
    assert "\u202e" not in page


def test_the_page_takes_the_same_queries_for_one_and_two_signatures(client, cast, report):
    from django.db import connection

    client.force_login(cast.leader)
    client.post(address(report, "sign"), filled())
    counts = []
    for _time in range(2):
        client.get(address(report))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(report))
        counts.append(len(queries))
        sign_both(client, cast, report)
        client.force_login(cast.leader)
    # Session, user, assignments; report, its snapshots, files, signatures; the one shown, its files, signatures,
    # those with who signed; may sign.
    assert counts[0] == counts[1] <= 13
