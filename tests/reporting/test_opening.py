"""Beginning a report of any kind, by action and by command: what can not be made is refused with its reason."""

import json
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from facilities.models import AuditEvent
from reporting.actions.files import download_name, render_to_file, request_files, stored_name
from reporting.actions.opening import (
    BoundariesFixed,
    KindNotOffered,
    NothingToCombine,
    ReviewTooShort,
    SameBoundaries,
    Wanted,
    begin,
)
from reporting.actions.reports import PeriodNotBegun, YearOutsidePlan, freeze
from reporting.content import BUILDERS
from reporting.content.periods import ReportPeriod
from reporting.models import Report, ReportFile, Snapshot
from tests.reporting.cases import make_plan
from tests.reporting.kinds import MAKERS, YEAR, combined_report, make_years

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("kind", MAKERS)
def test_each_kind_is_begun_once_frozen_and_rendered(world, kind):
    report = MAKERS[kind](world)
    again = begin(
        wanted=Wanted(
            report.kind,
            ReportPeriod.parse(report.year, report.period),
            report.plan,
            report.agency,
            report.start_year,
            report.boundaries,
        ),
        by=None,
    )
    assert again.pk == report.pk and AuditEvent.objects.filter(verb="open_report").count() == 1
    snapshot = freeze(report=report, by=None)
    assert freeze(report=report, by=None) == snapshot
    assert snapshot.data["content"]["kind"] == report.kind
    (file,) = request_files(snapshot=snapshot, formats=["pdf"], by=None)
    assert render_to_file(file_id=file.pk).status == ReportFile.Status.DONE


@pytest.mark.parametrize(
    ("kind", "downloaded", "stored"),
    [
        ("restated", "Báo cáo 12-KH-SYT năm 2025 (ranh giới hiện nay)", "{slug}-hien-nay-2025-year"),
        ("review", "Báo cáo 12-KH-SYT tổng kết 03 năm (2023 - 2025)", "review-{slug}-2023-2025-year"),
        ("combined", "Báo cáo chung các kế hoạch năm 2025", "combined-so-y-te-tinh-m-2025-year"),
    ],
)
def test_files_say_what_they_are(world, kind, downloaded, stored):
    report = MAKERS[kind](world)
    file = ReportFile(snapshot=freeze(report=report, by=None), format="pdf")
    assert download_name(file) == f"{downloaded}.pdf"
    named = stored.format(slug=report.plan.slug if report.plan else "")
    assert stored_name(file, "0123456789") == f"bao-cao-{named}-lan-1-01234567.pdf"


def test_the_file_of_an_agency_with_a_long_name_can_be_stored(world):
    report = combined_report(world)
    report.agency.name = "Sở " * 66
    file = ReportFile(snapshot=freeze(report=report, by=None), format="pdf")
    assert len(f"reports/{stored_name(file, '0' * 64)}") < ReportFile._meta.get_field("file").max_length


def test_a_review_needs_two_years_of_the_plan(world):
    plan = make_years(world)
    for start in (None, 2025, 2026):
        with pytest.raises(ReviewTooShort):
            begin(wanted=Wanted("review", YEAR, plan, start_year=start), by=None)
    with pytest.raises(YearOutsidePlan, match="không có năm 2022"):
        begin(wanted=Wanted("review", YEAR, plan, start_year=2022), by=None)
    assert not Report.objects.exists()


def test_other_kinds_take_no_first_year(world):
    report = begin(wanted=Wanted("plan", YEAR, make_years(world), start_year=2023), by=None)
    assert report.start_year is None


def test_boundaries_of_today_are_refused_where_they_are_the_plans_own_or_the_kind_has_none(world):
    plan = make_plan(world, "M")
    with pytest.raises(SameBoundaries, match="Tỉnh M"):
        begin(wanted=Wanted("plan", YEAR, plan, boundaries="today"), by=None)
    with pytest.raises(BoundariesFixed):
        begin(wanted=Wanted("combined", YEAR, agency=plan.issuer, boundaries="today"), by=None)


def test_an_abolished_district_has_no_boundaries_of_today(world):
    """Its province answers for its plan, which would not be the plan's place."""
    plan = make_plan(world, "A")
    plan.area = world.areas["a"]
    plan.save()
    with pytest.raises(SameBoundaries):
        begin(wanted=Wanted("plan", YEAR, plan, boundaries="today"), by=None)


def test_an_agency_without_plans_in_the_year_has_nothing_to_combine(world):
    department = combined_report(world).agency
    with pytest.raises(NothingToCombine, match="Năm 2019.*Sở Y tế tỉnh M"):
        begin(wanted=Wanted("combined", ReportPeriod(2019, "year"), agency=department), by=None)


def test_the_combined_report_of_a_former_agency_is_its_successors(world):
    report = combined_report(world)
    old = report.agency.predecessors.get()
    assert begin(wanted=Wanted("combined", YEAR, agency=old), by=None).pk == report.pk


def test_a_kind_nothing_builds_is_refused(world, monkeypatch):
    monkeypatch.delitem(BUILDERS, Report.Kind.REVIEW)
    with pytest.raises(KindNotOffered, match="review"):
        begin(wanted=Wanted("review", YEAR, make_years(world), start_year=2023), by=None)


def test_only_a_planner_of_the_area_begins_one(world, cast):
    plan, department = make_years(world), None
    department = plan.issuer.responsible_on(timezone.localdate())
    wanted = [
        Wanted("plan", YEAR, plan, boundaries="today"),
        Wanted("review", YEAR, plan, start_year=2023),
        Wanted("combined", YEAR, agency=department),
    ]
    for one in wanted:
        for person in (cast.leader, cast.clerk, cast.stranger):
            with pytest.raises(PermissionDenied):
                begin(wanted=one, by=person)
        assert begin(wanted=one, by=cast.planner).kind == one.kind


def test_a_year_to_come_is_refused_for_each_kind(world):
    year = timezone.localdate().year + 1
    plan = make_plan(world, "M", slug="dai", start_year=2025, end_year=year)
    period = ReportPeriod(year, "year")
    for wanted in (
        Wanted("plan", period, plan),
        Wanted("review", period, plan, start_year=2025),
        Wanted("combined", period, agency=plan.issuer),
    ):
        with pytest.raises(PeriodNotBegun):
            begin(wanted=wanted, by=None)


def run(*arguments):
    out = StringIO()
    call_command("prepare_report", *arguments, stdout=out)
    return Snapshot.objects.get(pk=json.loads(out.getvalue())["id"]).report


def test_the_command_prepares_each_kind(world):
    plan = make_years(world)
    assert run(plan.slug, "--year", "2025", "--period", "h1").kind == "plan"
    report = run(
        plan.slug, "--year", "2025", "--kind", "review", "--from-year", "2023", "--boundaries", "today"
    )
    assert (report.kind, report.start_year, report.boundaries) == ("review", 2023, "today")
    report = run("--kind", "combined", "--agency", "Sở Y tế tỉnh M", "--year", "2025", "--period", "2025-09")
    assert (report.agency.name, report.period, report.plan) == ("Sở Y tế tỉnh M", "2025-09", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "2025"], "định danh của kế hoạch"),
        (["thu", "--year", "2025", "--agency", "Sở"], "chỉ dùng với --kind combined"),
        (["thu", "--year", "2025", "--kind", "combined"], "ghi --agency"),
        (["--year", "2025", "--kind", "combined", "--agency", "Sở ma"], "Không có cơ quan “Sở ma”"),
        (["thu", "--year", "2025", "--kind", "review"], "cần --from-year"),
        (["thu", "--year", "2025", "--from-year", "2023"], "cần --from-year"),
        (["thu", "--year", "2025", "--kind", "review", "--from-year", "2025"], "từ hai năm trở lên"),
        (["ma", "--year", "2025"], "Không có kế hoạch “ma”"),
    ],
)
def test_the_command_says_what_is_wrong_and_makes_nothing(world, arguments, said):
    make_plan(world, slug="thu")
    with pytest.raises(CommandError, match=said):
        run(*arguments)
    assert not Report.objects.exists()
