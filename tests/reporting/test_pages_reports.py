"""The report pages: who sees what, preparing, typing, freezing, downloading; query budgets."""

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report, ReportFile, Snapshot
from tests.reporting.cases import make_plan
from tests.world import make_cast, make_world

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def cast(world):
    return make_cast(world)


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
    for method, url in pages(report):
        other = "get" if method == "post" else "post"
        assert getattr(client, other)(url).status_code == 405


def test_readers_see_a_report_of_the_old_province_but_nothing_to_change(client, cast, report):
    for person in (cast.reviewer, cast.leader, cast.auditor):
        client.force_login(person)
        page = client.get(reverse("reports:detail", args=[report.pk]))
        assert page.status_code == 200
        assert report.snapshots.get().sha256 in page.text
        assert "Chốt lại" not in page.text and "<textarea" not in page.text
        for _method, url in pages(report)[1:4]:
            assert client.post(url).status_code == 404
        assert client.get(reverse("reports:prepare")).status_code == 404


def test_a_planner_prepares_types_freezes_and_downloads(
    client, cast, plan, django_capture_on_commit_callbacks
):
    client.force_login(cast.planner)
    answer = client.post(reverse("reports:prepare"), {"plan": plan.slug, "year": 2025, "period": "09"})
    report = Report.objects.get(period="2025-09")
    assert answer.headers["Location"] == reverse("reports:detail", args=[report.pk])
    client.post(reverse("reports:narrative", args=[report.pk]), {"limits": "Thiếu bác sỹ <b>"})
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("reports:freeze", args=[report.pk]), follow=True)
    assert "Đã chốt số liệu lần 1" in page.text and "Thiếu bác sỹ &lt;b&gt;" in page.text
    file = client.get(reverse("reports:file", args=[report.pk, "xlsx"]))
    assert file.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o%2012-KH-SYT%209%20th%C3%A1ng%20%C4%91%E1%BA%A7u%20n%C4%83m%202025.xlsx"
    )
    assert b"".join(file.streaming_content).startswith(b"PK")


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
    # Session, user, assignments, areas, count, reports, snapshots, files, may prepare.
    assert len(queries) <= 9, [query["sql"][:90] for query in queries]


@pytest.fixture
def connection_of():
    from django.db import connection

    return connection
