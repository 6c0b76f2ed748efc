"""Pages of reports of every kind: beginning one, its page, the list and its filters; both languages, query budgets."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.actions.opening import Wanted, begin
from reporting.actions.reports import freeze
from reporting.content import BUILDERS
from reporting.content.periods import ReportPeriod
from reporting.models import Report
from tests.config.test_english_pages import english, foreign, stored_texts
from tests.factories_plans import PlanFactory
from tests.reporting.cases import make_plan
from tests.reporting.kinds import MAKERS, YEAR, combined_report, make_years, restated_report, review_report

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
PREPARE = "reports:prepare"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def planner(client, cast):
    client.force_login(cast.planner)
    return client


def fields(page):
    return [bound.name for bound in page.context["form"].questions]


def test_the_page_offers_every_kind_that_can_be_built_and_asks_what_it_needs(planner, world):
    make_years(world)
    page = planner.get(reverse(PREPARE))
    assert [one.kind for one in page.context["kinds"]] == [
        kind for kind in Report.Kind.values if kind in BUILDERS
    ]
    assert fields(page) == ["plan", "year", "period", "boundaries"]
    assert fields(planner.get(reverse(PREPARE), {"kind": "review"})) == [
        "plan", "start_year", "year", "period", "boundaries",
    ]  # fmt: skip
    assert fields(planner.get(reverse(PREPARE), {"kind": "combined"})) == ["agency", "year", "period"]
    assert fields(planner.get(reverse(PREPARE), {"kind": "<b>"})) == ["plan", "year", "period", "boundaries"]


def test_the_links_to_other_kinds_keep_the_plan_asked_for(planner, world):
    plan = make_years(world)
    page = planner.get(reverse(PREPARE), {"plan": plan.slug, "year": 2025})
    assert f'href="?kind=review&amp;plan={plan.slug}&amp;year=2025"' in page.text
    form = planner.get(reverse(PREPARE), {"kind": "review", "plan": plan.slug}).context["form"]
    assert form.initial == {"plan": plan.slug, "start_year": 2023, "year": 2025, "period": "year"}
    form = planner.get(reverse(PREPARE), {"kind": "combined", "plan": plan.slug}).context["form"]
    assert form.initial["agency"] == plan.issuer.responsible_on(timezone.localdate()).pk


def test_boundaries_are_asked_only_where_a_plan_can_be_restated(planner, world):
    make_plan(world, "M")
    assert fields(planner.get(reverse(PREPARE))) == ["plan", "year", "period"]


def test_a_planner_begins_each_kind(planner, world):
    plan = make_years(world)
    department = plan.issuer.responsible_on(timezone.localdate())
    asked = [
        ({"kind": "plan", "plan": plan.slug, "boundaries": "today"}, {"kind": "plan", "boundaries": "today"}),
        ({"kind": "review", "plan": plan.slug, "start_year": 2023}, {"kind": "review", "start_year": 2023}),
        (
            {"kind": "combined", "agency": department.pk},
            {"kind": "combined", "agency": department, "plan": None},
        ),
    ]
    for typed, made in asked:
        answer = planner.post(reverse(PREPARE), {"year": 2025, "period": "year", **typed})
        begun = Report.objects.get(**made)
        assert answer.headers["Location"] == reverse("reports:preparing", args=[begun.pk])


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"kind": "review", "start_year": 2025}, "start_year", "từ hai năm trở lên"),
        ({"kind": "review", "start_year": 2020}, "year", "không có năm 2020"),
        ({"kind": "review", "start_year": "x"}, "start_year", "Nhập một số"),
        ({"kind": "combined", "year": 2001}, "agency", "không có kế hoạch nào"),
        (
            {"kind": "plan", "plan": "cua-m", "boundaries": "today"},
            "boundaries",
            "không có ranh giới nào khác",
        ),
        ({"kind": "plan", "boundaries": "kia"}, "boundaries", "kia"),
        ({"kind": "plan", "plan": "ma"}, "plan", "Hãy chọn"),
    ],
)
def test_what_can_not_be_made_is_said_at_its_question_and_nothing_typed_is_lost(
    planner, world, typed, field, said
):
    plan = make_years(world)
    department = plan.issuer.responsible_on(timezone.localdate())
    PlanFactory(area=world.areas["M"], issuer=department, slug="cua-m")
    whole = {"plan": plan.slug, "agency": department.pk, "year": 2025, "period": "m9", **typed}
    page = planner.post(reverse(PREPARE), whole)
    assert page.status_code == 200 and not Report.objects.exists()
    assert said in " ".join(page.context["form"].errors[field]), page.context["form"].errors
    assert '<option value="m9" selected>' in page.text
    assert f'<input type="hidden" name="kind" value="{typed["kind"]}">' in page.text


def test_a_review_or_combined_report_of_a_running_period_is_asked_about_once(planner, world):
    year = timezone.localdate().year
    plan = make_plan(world, "M", slug="dang-chay", start_year=2025, end_year=year)
    for typed in (
        {"kind": "review", "plan": plan.slug, "start_year": 2025},
        {"kind": "combined", "agency": plan.issuer.pk},
    ):
        chosen = {"year": year, "period": "year", **typed}
        page = planner.post(reverse(PREPARE), chosen)
        assert "số liệu chưa đủ" in page.text
        assert planner.post(reverse(PREPARE), {**chosen, "confirmed": "on"}).status_code == 302
        assert planner.post(reverse(PREPARE), chosen).status_code == 302


def test_an_agency_of_another_area_is_no_choice(planner, world):
    make_plan(world, "M")
    other = PlanFactory()
    answer = planner.post(
        reverse(PREPARE), {"kind": "combined", "agency": other.issuer.pk, "year": 2025, "period": "year"}
    )
    assert answer.status_code == 200 and "agency" in answer.context["form"].errors
    assert not Report.objects.exists()


NAMES = {
    "plan": ("Báo cáo năm 2025", "vi"),
    "restated": ("trên ranh giới hiện nay", "vi"),
    "review": ("Tổng kết 2023–2025", "vi"),
    "combined": ("Báo cáo chung các kế hoạch năm 2025", "vi"),
    "brief": ("Một trang cho lãnh đạo", "vi"),
    "sheets": ("Phiếu từng xã", "vi"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_list_and_page_of_each_kind_name_it(planner, world, kind):
    report = MAKERS[kind](world)
    freeze(report=report, by=None)
    for url in (reverse("reports:list"), report.get_absolute_url()):
        page = planner.get(url)
        assert page.status_code == 200 and NAMES[kind][0] in page.text
    assert "Xem nội dung" in page.text and ("Các con số của lần" in page.text) == (report.kind == "plan")


@pytest.mark.parametrize("kind", MAKERS)
def test_in_english_pages_of_each_kind_hold_no_vietnamese_of_their_own(world, cast, kind):
    report = MAKERS[kind](world)
    freeze(report=report, by=None)
    client, data = english(cast.planner), stored_texts()
    for url in (reverse("reports:list"), report.get_absolute_url(), f"{reverse(PREPARE)}?kind={report.kind}"):
        page = client.get(url)
        assert page.status_code == 200 and foreign(page.text, data) == [], url


def test_in_english_what_can_not_be_made_is_said_in_english(world, cast):
    plan = make_plan(world, "M")
    client, data = english(cast.planner), stored_texts()
    for typed in (
        {"kind": "review", "plan": plan.slug, "start_year": 2025},
        {"kind": "combined", "agency": plan.issuer.pk, "year": 2001},
    ):
        page = client.post(reverse(PREPARE), {"year": 2025, "period": "m9", **typed})
        assert page.status_code == 200 and foreign(page.text, data) == []


def test_a_restated_reports_preview_leads_to_figures_on_its_boundaries(planner, world):
    report = restated_report(world)
    freeze(report=report, by=None)
    page = planner.get(report.get_absolute_url())
    assert "boundaries=M%40" in page.text
    url = next(block["url"] for one in page.context["preview"] for block in one["blocks"] if block.get("url"))
    assert planner.get(url).status_code == 200
    assert planner.get(reverse("reports:numbers", args=[report.pk, 1])).status_code == 200


def test_the_charts_of_a_frozen_review_are_drawn_on_its_page(planner, world):
    report = review_report(world)
    freeze(report=report, by=None)
    page = planner.get(report.get_absolute_url()).text
    assert page.count('class="chart"') == 1 and "năm 2022 88,0%; năm 2023 91,0%" in page


def test_a_review_before_the_plans_end_or_of_part_of_a_year_is_a_so_ket(planner, world):
    plan = make_years(world)
    for period, words in (
        (ReportPeriod(2024, "year"), "Sơ kết 2023–2024"),
        (ReportPeriod(2025, "m9"), "Sơ kết 2023–9/2025"),
    ):
        report = begin(wanted=Wanted("review", period, plan, start_year=2023), by=None)
        assert words in planner.get(report.get_absolute_url()).text


def test_the_list_is_filtered_by_kind_year_and_plan_or_agency(planner, world):
    combined = combined_report(world)
    plan = world.areas["A"].plans.get()
    begin(wanted=Wanted("plan", YEAR, plan), by=None)
    assert not planner.get(reverse("reports:list")).context["filters"].is_shown
    begin(wanted=Wanted("plan", ReportPeriod(2026, "year"), world.areas["M"].plans.get()), by=None)
    begin(wanted=Wanted("plan", YEAR, world.areas["M"].plans.get()), by=None)
    page = planner.get(reverse("reports:list"))
    assert page.context["filters"].is_shown and len(page.context["entries"]) == 4

    def found(**asked):
        return {entry.report for entry in planner.get(reverse("reports:list"), asked).context["entries"]}

    assert found(kind="combined") == {combined}
    assert found(subject=f"@{combined.agency_id}") == {combined}
    assert found(subject=plan.slug, year="2025") == set(Report.objects.filter(plan=plan))
    assert found(year="2026") == set(Report.objects.filter(year=2026))
    # What nobody could choose filters nothing.
    assert len(found(kind="x", year="9" * 30, subject="@x")) == 4


@pytest.mark.parametrize("size", [2, 6])
def test_beginning_takes_the_same_queries_for_few_and_many_plans(planner, world, size):
    plan = make_plan(world)
    for _number in range(size):
        PlanFactory(area=plan.area, issuer=plan.issuer, start_year=2024, end_year=2025)
    planner.get(reverse(PREPARE))
    for kind in BUILDERS:
        with CaptureQueriesContext(connection) as queries:
            assert planner.get(reverse(PREPARE), {"kind": kind}).status_code == 200
        # Session, user, assignments; plans, the one asked for twice, the select; agencies.
        assert len(queries) <= 9, (kind, [query["sql"][:90] for query in queries])
