"""The report pages: who sees what, preparing, typing, freezing, downloading; query budgets."""

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.models import Plan
from reporting.actions.preparing import fingerprint
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report, ReportFile, Snapshot
from reporting.presenters.beginning import period_to_date
from tests.factories_plans import PlanFactory
from tests.reporting.cases import make_plan

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plan(world):
    return make_plan(world)


@pytest.fixture
def report(plan):
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    return report


def pages(report):
    return [
        ("get", reverse("reports:detail", args=[report.pk])),
        ("post", reverse("reports:narrative", args=[report.pk])),
        ("post", reverse("reports:freeze", args=[report.pk])),
        ("post", reverse("reports:delete", args=[report.pk])),
        ("post", reverse("reports:request-files", args=[report.pk, 1])),
        ("get", reverse("reports:file", args=[report.pk, "xlsx"])),
        ("get", reverse("reports:snapshot-file", args=[report.pk, 1, "pdf"])),
    ]


def test_a_report_outside_ones_area_reads_as_not_found(client, cast, report):
    for person in (cast.stranger, cast.clerk):
        client.force_login(person)
        for method, url in pages(report):
            assert getattr(client, method)(url).status_code == 404, url
        assert report.plan.short_title not in client.get(reverse("reports:list")).text


def test_every_page_asks_for_a_sign_in_and_its_own_method(client, cast, report):
    for method, url in pages(report):
        assert getattr(client, method)(url).status_code == 302
    client.force_login(cast.planner)
    detail, preparing = (reverse(f"reports:{name}", args=[report.pk]) for name in ("detail", "preparing"))
    for method, url in pages(report):
        if method == "get":
            assert client.post(url).status_code == 405
        else:
            # The answer to a form stands under its address: loading it again must do no harm.
            shown = preparing if url.endswith(("narrative/", "freeze/")) else detail
            assert client.get(url).headers["Location"] == shown


def test_readers_see_a_report_of_the_old_province_but_nothing_to_change(client, cast, report):
    for person in (cast.reviewer, cast.leader, cast.auditor):
        client.force_login(person)
        page = client.get(reverse("reports:detail", args=[report.pk]))
        assert page.status_code == 200
        assert report.snapshots.get().sha256 in page.text
        assert "Chốt lại" not in page.text and "<textarea" not in page.text
        for name in ("narrative", "freeze", "delete"):
            assert client.post(reverse(f"reports:{name}", args=[report.pk])).status_code == 404, name
        assert client.get(reverse("reports:prepare")).status_code == 404


def test_a_planner_prepares_types_freezes_and_downloads(
    client, cast, plan, django_capture_on_commit_callbacks
):
    client.force_login(cast.planner)
    answer = client.post(reverse("reports:prepare"), {"plan": plan.slug, "year": 2025, "period": "09"})
    report = Report.objects.get(period="2025-09")
    assert answer.headers["Location"] == reverse("reports:preparing", args=[report.pk])
    client.post(reverse("reports:narrative", args=[report.pk]), {"limits": "Thiếu bác sỹ <b>"})
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("reports:freeze", args=[report.pk]), follow=True)
    assert "Đã chốt số liệu lần 1" in page.text and "Thiếu bác sỹ &lt;b&gt;" in page.text
    file = client.get(reverse("reports:file", args=[report.pk, "xlsx"]))
    assert file.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o%2012-KH-SYT%209%20th%C3%A1ng%20%C4%91%E1%BA%A7u%20n%C4%83m%202025.xlsx"
    )
    assert b"".join(file.streaming_content).startswith(b"PK")
    word = client.get(reverse("reports:file", args=[report.pk, "docx"]))
    assert word.headers["Content-Type"].endswith("wordprocessingml.document")
    assert b"".join(word.streaming_content).startswith(b"PK")
    assert "Tải Word" in client.get(report.get_absolute_url()).text


def test_freezing_other_content_asks_for_a_reason_on_the_page(client, cast, report):
    client.force_login(cast.planner)
    client.post(reverse("reports:narrative", args=[report.pk]), {"limits": "Mới"})
    page = client.post(reverse("reports:freeze", args=[report.pk]), {"reason": ""})
    assert "phải nêu lý do" in page.text
    client.post(reverse("reports:freeze", args=[report.pk]), {"reason": "Bổ sung nhận định"})
    assert Snapshot.objects.get(number=2).reason == "Bổ sung nhận định"


def test_bad_input_is_said_in_words_and_nothing_typed_is_lost(client, cast, plan, report):
    client.force_login(cast.planner)
    page = client.post(reverse("reports:prepare"), {"plan": plan.slug, "year": 2031, "period": "year"})
    assert "không có năm 2031" in page.text and Report.objects.count() == 1
    page = client.post(reverse("reports:narrative", args=[report.pk]), {"limits": "x" * 20_001})
    assert page.status_code == 200 and "x" * 20_001 in page.text


def test_waiting_files_reload_the_page_without_scripts(client, cast, report):
    ReportFile.objects.create(snapshot=report.snapshots.get(), format="pdf")
    client.force_login(cast.leader)
    page = client.get(reverse("reports:detail", args=[report.pk]))
    assert 'http-equiv="refresh"' in page.text and "đang chờ" in page.text
    assert client.get(reverse("reports:file", args=[report.pk, "pdf"])).status_code == 404


@pytest.mark.parametrize("size", [2, 6])
def test_the_list_takes_the_same_queries_for_few_and_many(client, cast, plan, size, connection_of):
    for month in range(1, size + 1):
        freeze(
            report=open_report(plan=plan, period=ReportPeriod(2025, f"2025-{month:02d}"), by=None), by=None
        )
    client.force_login(cast.planner)
    client.get(reverse("reports:list"))
    with CaptureQueriesContext(connection_of) as queries:
        assert client.get(reverse("reports:list")).status_code == 200
    # Session, user, assignments, areas, count, reports, snapshots, files, signatures, may prepare, registered.
    assert len(queries) <= 11, [query["sql"][:90] for query in queries]


@pytest.fixture
def connection_of():
    from django.db import connection

    return connection


def test_freezing_keeps_what_was_typed_and_a_refusal_is_said_on_top(client, cast, report):
    client.force_login(cast.planner)
    freeze_url = reverse("reports:freeze", args=[report.pk])
    page = client.post(freeze_url, {"limits": "Gõ mà chưa lưu", "reason": ""})
    report.refresh_from_db()
    assert report.narrative == {"limits": "Gõ mà chưa lưu"}
    assert 'role="alert" tabindex="-1" autofocus' in page.text and 'href="#id_reason"' in page.text
    assert page.text.index("phải nêu lý do") < page.text.index("<h1>")
    client.post(
        freeze_url, {"limits": "Gõ thêm", "shown_limits": fingerprint("Gõ mà chưa lưu"), "reason": "x"}
    )
    assert "Gõ thêm" in str(Snapshot.objects.get(number=2).data)


def test_a_conflict_shows_both_texts_and_saving_again_decides(client, cast, report):
    client.force_login(cast.planner)
    url = reverse("reports:narrative", args=[report.pk])
    client.post(url, {"limits": "Người thứ nhất"})
    page = client.post(url, {"limits": "Người thứ hai", "causes": "Xa"})
    report.refresh_from_db()
    assert report.narrative == {"limits": "Người thứ nhất", "causes": "Xa"}
    assert "Người thứ hai</textarea>" in page.text and "<p>Người thứ nhất</p>" in page.text
    shown = page.context["narrative"]["shown_limits"].value()
    client.post(url, {"limits": "Cả hai", "shown_limits": shown})
    report.refresh_from_db()
    assert report.narrative == {"limits": "Cả hai", "causes": "Xa"}


def test_a_reader_asks_for_missing_files_and_downloads_them(
    client, cast, report, django_capture_on_commit_callbacks
):
    client.force_login(cast.leader)
    before = Snapshot.objects.values_list("sha256", flat=True).get()
    assert "Chưa có tệp" in client.get(reverse("reports:detail", args=[report.pk])).text
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("reports:request-files", args=[report.pk, 1]), follow=True)
    assert "đã yêu cầu dựng" in page.text
    address = reverse("reports:file", args=[report.pk, "xlsx"])
    assert client.get(address).status_code == 200
    assert Snapshot.objects.values_list("sha256", flat=True).get() == before

    file = ReportFile.objects.get(format="xlsx").file
    file.storage.delete(file.name)
    page = client.get(address, follow=True)
    assert page.redirect_chain == [(report.get_absolute_url(), 302)]
    assert "không còn trên máy chủ. Báo quản trị viên" in page.text


def test_preparing_offers_the_plan_asked_for_by_slug_or_key(client, cast, world, plan):
    this_year = timezone.localdate().year
    other = PlanFactory(
        area=world.areas["M"], issuer=plan.issuer, slug="dang-chay", start_year=2025, end_year=this_year
    )
    client.force_login(cast.planner)
    for wanted in (other.slug, other.pk):
        form = client.get(reverse("reports:prepare"), {"plan": wanted, "year": this_year}).context["form"]
        assert form.initial == {
            "plan": other.slug,
            "year": this_year,
            "period": period_to_date(this_year, timezone.localdate()),
        }
    form = client.get(reverse("reports:prepare"), {"plan": plan.pk}).context["form"]
    assert form.initial == {"plan": plan.slug, "year": 2025, "period": "year"}
    page = client.get(reverse("reports:prepare"), {"plan": "9" * 40, "year": "x"})
    assert page.context["form"].initial["plan"] is None and "Chọn kế hoạch" in page.text


def test_a_period_that_is_not_over_is_asked_about_once(client, cast, world):
    year = timezone.localdate().year
    plan = make_plan(world, "M", slug="dang-chay", start_year=year, end_year=year)
    client.force_login(cast.planner)
    chosen = {"plan": plan.slug, "year": year, "period": "year"}
    page = client.post(reverse("reports:prepare"), chosen)
    assert "số liệu chưa đủ" in page.text and not Report.objects.exists()
    assert client.post(reverse("reports:prepare"), {**chosen, "confirmed": "on"}).status_code == 302
    # What exists was asked about.
    assert client.post(reverse("reports:prepare"), chosen).status_code == 302
    report = Report.objects.get()
    assert "Xoá báo cáo chưa chốt" in client.get(report.get_absolute_url()).text
    assert "Đã xoá" in client.post(reverse("reports:delete", args=[report.pk]), follow=True).text


def test_a_plan_without_number_says_so(client, cast, report):
    Plan.objects.update(number="/KH-UBND")
    client.force_login(cast.leader)
    for url in (reverse("reports:list"), report.get_absolute_url()):
        text = client.get(url).text
        assert "(chưa có số văn bản)" in text and "/KH-UBND" not in text.partition("Xem nội dung")[0]
