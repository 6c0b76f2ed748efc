"""What differs between two freezings, or between one and today, and which cells were corrected since."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from facilities.actions.reforms import enter_reform
from facilities.models import Facility
from facilities.reform_orders import NewArea, Order
from indicators.models import DataValueChange, MonthlyResult, Submission, Term
from plans.models import Plan, PlanIndicator
from reporting.actions.files import render_to_file, request_files
from reporting.actions.preparing import write_typed
from reporting.actions.reports import freeze, open_report
from reporting.checks import missing_libraries
from reporting.content.periods import ReportPeriod
from reporting.models import ReportFile
from reporting.renderers import OFFERED, render
from tests.factories_indicators import FormFactory, SubmissionFactory
from tests.factories_plans import everybody, make_result
from tests.plans.pages import links
from tests.reporting.cases import make_plan
from tests.reporting.kinds import MAKERS

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def report(world):
    plan = make_plan(world, "M")
    for month in range(7, 13):
        make_result(world.areas["x"], plan.lines.get(key="1.1").indicator, f"2025-{month:02d}", 9, 10)
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    return report


def address(report, **query):
    return reverse("reports:compare", args=[report.pk], query=query)


def page_of(client, who, report, **query):
    client.force_login(who)
    return " ".join(client.get(address(report, **query)).text.split())


def change_everything(report, cast, world):
    """Figures, the plan, its names and the boundaries, after freezing."""
    MonthlyResult.objects.filter(area__code="M").update(numerator=80)
    PlanIndicator.objects.filter(key="1.2").update(name="Tên khác")
    report.plan.tasks.update(content="Việc khác")
    world.areas["M"].__class__.objects.filter(pk=world.areas["M"].pk).update(name="Tỉnh đổi tên")
    order = Order(
        "rename", date(2025, 11, 1), "NQ 10", [world.areas["x"].pk], [NewArea("x", "Phường", "Phường x2")]
    )
    enter_reform(order=order, by=cast.administrator)
    report.refresh_from_db()


def test_nothing_changed_says_so(client, cast, report):
    page = page_of(client, cast.leader, report, to="now")
    assert "Không khác: mọi con số và lời của lần 1 và hôm nay như nhau." in page


def test_the_figures_of_today_are_only_reckoned_when_asked_for(
    client, cast, report, django_assert_max_num_queries
):
    client.force_login(cast.leader)
    # session, person, assignments; report, snapshots, files.
    with django_assert_max_num_queries(6):
        page = client.get(address(report)).text
    assert "mới có một lần chốt" in page and '<option value="now"' in page


def test_a_report_without_snapshots_has_nothing_to_compare(client, cast, world):
    report = open_report(plan=make_plan(world, "M"), period=ReportPeriod(2025, "year"), by=None)
    assert "Chốt ít nhất một lần" in page_of(client, cast.leader, report)


def test_a_revision_shows_its_reason_and_each_number_that_differs(client, cast, report):
    MonthlyResult.objects.filter(area__code="M").update(numerator=80)
    write_typed(report=report, typed={"narrative": {"causes": "Do mưa lũ."}}, by=cast.planner)
    freeze(report=report, by=cast.planner, reason="Trạm x nộp lại")
    page = page_of(client, cast.leader, report)
    assert "Lý do lập lại lần 2:" in page and "Trạm x nộp lại" in page
    cells = re.findall(r'class="name" lang="vi">1 Tỷ lệ khám thai</th>.*?</tr>', page)
    assert any(">95,0</td>" in cell and "<strong>80,0</strong>" in cell for cell in cells)
    assert any(">Vượt</td>" in cell and "<strong>Không đạt</strong>" in cell for cell in cells)
    assert "<ins>Do mưa lũ.</ins>" in page
    asked = page_of(client, cast.leader, report, **{"from": "1", "to": "2"})
    assert asked.partition("<main")[2] == page.partition("<main")[2]


def test_lines_tasks_and_communes_that_came_or_went_are_listed(client, cast, report, world):
    change_everything(report, cast, world)
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    for change, name in (
        ("Thêm", "2 Tên khác"),
        ("Mất", "2 Tỷ lệ thấp còi"),
        ("Thêm", "1 Việc khác"),
        ("Mất", "1 Tập huấn đỡ đẻ an toàn"),
        ("Mất", "1 Phường x"),
        ("Thêm", "1 Phường x2"),
    ):
        assert f'{change} dòng: <span lang="vi">{name}' in page, name


def test_what_changes_after_freezing_changes_no_file_and_is_listed(client, cast, report, world):
    """Issue 5, immutability: every file rendered before equals the one rendered after, byte for byte."""
    snapshot = report.snapshots.get()
    [stored] = request_files(snapshot=snapshot, formats=["xlsx"], by=None)
    stored = render_to_file(file_id=stored.pk)
    # WeasyPrint may be without its libraries here.
    files = {
        name: render(snapshot.data, name) for name in OFFERED if name != "pdf" or not missing_libraries()
    }
    data = dict(snapshot.data)
    change_everything(report, cast, world)
    snapshot.refresh_from_db()
    assert snapshot.data == data
    assert {name: render(snapshot.data, name) for name in files} == files
    kept = ReportFile.objects.get(pk=stored.pk)
    assert kept.file.open("rb").read() == files["xlsx"] and kept.sha256 == stored.sha256
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    assert "<strong>80,0</strong>" in page and "Tên khác" in page


@pytest.mark.parametrize(
    "query", [{"from": "7"}, {"to": "7"}, {"from": "x"}, {"from": "now"}, {"from": "1", "to": "0"}]
)
def test_a_side_that_does_not_exist_is_not_found(client, cast, report, query):
    client.force_login(cast.leader)
    assert client.get(address(report, **query)).status_code == 404


def test_another_provinces_report_is_not_found(client, cast, report):
    client.force_login(cast.stranger)
    assert client.get(address(report)).status_code == 404


def test_every_difference_is_in_the_files(client, cast, report):
    MonthlyResult.objects.filter(area__code="M").update(numerator=80)
    client.force_login(cast.leader)
    answer = client.get(address(report, **{"from": "1", "to": "now", "format": "csv"}))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = ["Số liệu", "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", "1 Tỷ lệ khám thai"]
    assert [*told, "Thực hiện năm 2025", "95,0", "80,0"] in rows
    answer = client.get(address(report, **{"from": "1", "to": "now", "format": "xlsx"}))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [*told, "Thực hiện năm 2025", "95,0", "80,0"] in [
        [cell.value for cell in cells] for cells in sheet.iter_rows()
    ]


# --- corrected cells ----------------------------------------------------------------------------------


@pytest.fixture
def sent(report):
    """A station's report handed in and approved before the freezing, with a cell that the plan counts."""
    before = timezone.now() - timedelta(days=9)
    term = Term.objects.filter(indicator=report.plan.lines.get(key="1.1").indicator).first()
    form = FormFactory(code="F1", cells=[(term.element.code, "")])
    submission = SubmissionFactory(
        facility=Facility.objects.get(code="S-x"),
        form=form,
        period=date(2025, 8, 1),
        status=Submission.Status.APPROVED,
        submitted_at=before,
        first_submitted_at=before,
        decided_at=before,
    )
    return submission, term.element


def correct(sent, cast, old=5, new=6, version=2, at=None, **fields):
    submission, element = sent
    fields = {"source": "correction", "reason": "Đếm sót", "by": cast.clerk, **fields}
    return DataValueChange.objects.create(
        submission=submission,
        element=element,
        group=everybody(),
        version=version,
        old_value=old,
        new_value=new,
        at=at or timezone.now(),
        **fields,
    )


def reopen(sent):
    Submission.objects.filter(pk=sent[0].pk).update(decided_at=timezone.now())


def test_cells_corrected_after_freezing_are_listed_on_the_reports_page(client, cast, report, sent):
    correct(sent, cast, at=timezone.now() - timedelta(days=2), reason="Trước khi chốt")
    correct(sent, cast, version=3)
    reopen(sent)
    client.force_login(cast.leader)
    page = client.get(report.get_absolute_url()).text
    assert "Sửa sau lần chốt mới nhất" in page
    row = re.search(r"<tr>(?:(?!</tr>).)*Đếm sót.*?</tr>", page, re.S)[0]
    for words in ("Trạm Y tế x", "tháng 8/2025", cast.clerk.display_name, "đính chính", ">5<", ">6<"):
        assert words in row, words
    assert "Trước khi chốt" not in page
    assert any("/history/?cell=" in link for link in links(page))
    assert f"{address(report)}?from=1&to=now" in links(page)


def test_a_figure_loaded_over_an_approved_one_is_found_on_the_page_of_comparing(client, cast, report, sent):
    correct(sent, cast, source="import", reason="", by=None)
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    assert "nạp từ tệp" in page and "hệ thống" in page


def test_reports_that_came_late_are_counted_not_listed(client, cast, report, sent):
    Submission.objects.filter(pk=sent[0].pk).update(
        first_submitted_at=timezone.now(), submitted_at=timezone.now(), decided_at=timezone.now()
    )
    correct(sent, cast)
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    assert "1 báo cáo nộp lần đầu sau khi chốt." in page and "Đếm sót" not in page


def test_cells_of_other_indicators_years_and_provinces_are_not_the_reports(client, cast, report, sent, world):
    submission, element = sent
    other = FormFactory(code="F2", cells=[("Z.1", "")])
    z = other.items.get().element
    reopen(sent)
    correct((submission, z), cast)
    Submission.objects.filter(pk=submission.pk).update(period=date(2026, 1, 1))
    correct((submission, element), cast)
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    assert "Không có ô nào của báo cáo đã nộp được sửa." in page


def test_both_pages_cost_the_same_for_one_correction_and_many(
    client, cast, report, sent, django_assert_max_num_queries
):
    freeze_again(report, cast)
    reopen(sent)
    client.force_login(cast.leader)
    for version in range(2, 40):
        correct(sent, cast, version=version, at=timezone.now())
        if version not in (2, 39):
            continue
        # session, person, assignments; report, snapshots, files; content; lines of the plan;
        # may open stations' reports, corrections, late reports.
        with django_assert_max_num_queries(12):
            client.get(report.get_absolute_url())
        # … and the content of both, without the plan's lines.
        with django_assert_max_num_queries(11):
            client.get(address(report, **{"from": "1", "to": "2"}))


def freeze_again(report, cast):
    MonthlyResult.objects.filter(area__code="M").update(numerator=90)
    freeze(report=report, by=cast.planner, reason="Lại")


def test_a_report_of_an_abolished_province_compares_too(client, cast, world):
    plan = make_plan(world, "A")
    report = open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)
    freeze(report=report, by=None)
    MonthlyResult.objects.filter(area__code="A").update(numerator=70)
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    assert "(đơn vị cũ)" in page and "<strong>70,0</strong>" in page


@pytest.mark.parametrize("kind", MAKERS)
def test_a_report_of_any_kind_compares_and_finds_its_corrections(client, cast, world, kind):
    everybody()
    report = MAKERS[kind](world)
    freeze(report=report, by=None)
    MonthlyResult.objects.update(numerator=70)
    plans = Plan.objects.filter(lines__indicator__isnull=False)
    term = Term.objects.filter(indicator__in=plans.values("lines__indicator")).first()
    before = timezone.now() - timedelta(days=9)
    submission = SubmissionFactory(
        facility=Facility.objects.get(code="S-x" if kind == "restated" else "T-a1"),
        form=FormFactory(code="F1", cells=[(term.element.code, "")]),
        period=date(2025, 3, 1),
        first_submitted_at=before,
        submitted_at=before,
        status=Submission.Status.SUBMITTED,
    )
    correct((submission, term.element), cast)
    page = page_of(client, cast.leader, report, **{"from": "1", "to": "now"})
    # The leadership's page is sentences alone; it and the sheets have no table of all lines.
    assert ("70,0" if kind == "brief" else "<strong>") in page
    assert kind in ("brief", "sheets") or "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU" in page
    assert submission.facility.name in page and "Đếm sót" in page
    answer = client.get(address(report, **{"from": "1", "to": "now", "format": "csv"}))
    assert "Đếm sót" in answer.content.decode("utf-8-sig")
