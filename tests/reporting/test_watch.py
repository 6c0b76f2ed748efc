"""What a leader sees of each plan on the first page: trouble, changes of a month, the newest PDF."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import ComputedMonth
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report, ReportFile
from tests.factories_plans import (
    LineFactory,
    ObjectiveFactory,
    PlanFactory,
    TargetFactory,
    make_indicator,
    make_result,
)
from tests.reporting.cases import make_department

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
TODAY = date(2025, 11, 22)
# Session, person, roles, agencies; figures; plans, files; eleven for each plan.
FIXED_QUERIES, QUERIES_A_PLAN = 10, 11


@pytest.fixture(autouse=True)
def november(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None: TODAY)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plan(world):
    area = world.areas["M"]
    plan = PlanFactory(area=area, issuer=make_department(world, "M"), number="/KH-UBND")
    for month in range(1, 11):
        ComputedMonth.objects.create(month=date(2025, month, 1), computed_at="2025-11-05T08:00:00+07:00")
    return plan


def add_line(plan, key, counts):
    """A line that asks for 90%, with so many of a hundred each month."""
    objective = plan.objectives.first() or ObjectiveFactory(plan=plan)
    line = LineFactory(
        plan=plan, objective=objective, key=key, label=key, name=f"Tỷ lệ {key}", decimals=0,
        indicator=make_indicator(f"I{key}"),
    )  # fmt: skip
    TargetFactory(line=line, text="90", value=90)
    for month, count in enumerate(counts, start=1):
        make_result(plan.area, line.indicator, f"2025-{month:02d}", count, 100)
    return line


def watched(client, person):
    client.force_login(person)
    answer = client.get("/")
    return answer.context["home"].plans[0], answer.text


def test_trouble_is_listed_with_value_target_and_forecast(client, cast, plan):
    good, bad = add_line(plan, "1", [95] * 10), add_line(plan, "2", [40] * 10)
    shown, text = watched(client, cast.leader)
    [line] = shown.trouble
    assert (line.value, line.target, line.forecast) == ("40%", "90", "40%")
    assert line.url == f"{reverse('plans:line', args=[plan.slug, bad.key])}?year=2025"
    assert str(line.verdict.word) == "nguy cơ không đạt"
    assert "(chưa có số văn bản)" in text and "/KH-UBND" not in text and good.name not in text


def test_what_prints_like_its_target_is_told_apart(client, cast, plan):
    add_line(plan, "1", [90] * 9 + [86])
    shown, text = watched(client, cast.leader)
    assert (shown.trouble[0].value, shown.trouble[0].closer) == ("90%", "89,6%")
    assert "89,6%" in text


def test_a_verdict_that_changed_in_a_month_is_told(client, cast, plan):
    add_line(plan, "1", [91] * 9 + [20])
    add_line(plan, "2", [95] * 10)
    shown, text = watched(client, cast.leader)
    [change] = shown.changes
    assert (change.before.word, change.now.word) == ("có khả năng đạt", "nguy cơ không đạt")
    assert "Thay đổi so với tháng 9/2025" in text


def test_the_newest_pdf_is_one_click_away(client, cast, plan):
    add_line(plan, "1", [95] * 10)
    report = open_report(plan=plan, period=ReportPeriod(2025, "2025-10"), by=None)
    snapshot = freeze(report=report, by=None)
    _shown, text = watched(client, cast.leader)
    assert "Báo cáo chưa có PDF" in text
    file = ReportFile(snapshot=snapshot, format="pdf", status="done", sha256="0" * 64, size=4)
    file.file.save("x.pdf", ContentFile(b"%PDF"))
    shown, text = watched(client, cast.leader)
    address = reverse("reports:snapshot-file", args=[report.pk, 1, "pdf"])
    assert f'href="{address}"' in text and "PDF báo cáo đến hết tháng 10/2025" in text
    assert shown.unrendered == ""
    assert client.get(address).status_code == 200


def test_the_leaderships_own_page_comes_before_the_report(client, cast, plan):
    """Also where the report is newer; until the page is rendered the report's PDF stands, and the page is told of."""
    add_line(plan, "1", [95] * 10)
    brief = Report.objects.create(kind="brief", plan=plan, year=2025, period="2025-10")
    own = freeze(report=brief, by=None)
    report = open_report(plan=plan, period=ReportPeriod(2025, "2025-10"), by=None)
    rendered = {"format": "pdf", "status": "done", "sha256": "0" * 64, "size": 4}
    ReportFile.objects.create(snapshot=freeze(report=report, by=None), file="reports/x.pdf", **rendered)
    shown, text = watched(client, cast.leader)
    assert "PDF báo cáo đến hết tháng 10/2025" in text and shown.unrendered == brief.get_absolute_url()
    ReportFile.objects.create(snapshot=own, file="reports/y.pdf", **rendered)
    shown, text = watched(client, cast.leader)
    assert "PDF một trang đến hết tháng 10/2025" in text and shown.unrendered == ""
    assert f'href="{reverse("reports:snapshot-file", args=[brief.pk, 1, "pdf"])}"' in text


@pytest.mark.parametrize("lines", [1, 6])
def test_the_first_page_costs_the_same_for_any_number_of_lines(client, cast, plan, lines):
    for number in range(lines):
        add_line(plan, str(number + 1), [40] * 10)
    freeze(report=open_report(plan=plan, period=ReportPeriod(2025, "2025-10"), by=None), by=None)
    client.force_login(cast.leader)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) <= FIXED_QUERIES + QUERIES_A_PLAN, [query["sql"][:90] for query in queries]
