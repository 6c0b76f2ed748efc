"""The page on which a report is prepared: its steps, what it keeps, carries over, proposes and shows to whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.models import Notice, StaleMark
from indicators.models import MonthlyResult
from plans.models import EnteredFigure, Target
from plans.standing import assess_lines
from reporting.models import Report
from tests.factories_indicators import FormFactory, settle_duties
from tests.factories_plans import LineFactory, TargetFactory, make_indicator, make_result
from tests.reporting.preparing_page import page, plan, report, state, url

__all__ = ["page", "plan", "report"]  # fixtures

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


class TestSteps:
    def test_each_step_says_what_is_left(self, page, report, world):
        FormFactory(code="X", cells=[("X.all", "")])
        settle_duties()
        shown = page()
        assert state(shown, "figures").startswith("còn thiếu")
        # 1.2 has a target and nothing that computes it; six judgement parts; the signer and where it goes.
        assert state(shown, "estimates") == "còn thiếu 1"
        assert state(shown, "texts") == "còn thiếu 6"
        assert state(shown, "head") == "còn thiếu 2"
        assert state(shown, "freeze") == "chưa chốt"
        assert "Vẫn chốt được, nhưng còn:" in shown.text

    def test_a_report_with_everything_is_done(self, page, report, client):
        parts = dict.fromkeys(("direction", "strengths", "limits", "causes", "next", "proposals"), "Tốt.")
        head = {"document-signer": "Nguyễn Văn An", "document-recipients": "Như trên;\nLưu: VT, NVY."}
        page()
        line = report.plan.lines.get(key="1.2")
        client.post(
            url(report, "estimates"), {f"value-{line.pk}": "18,2", f"source-{line.pk}": "Phòng nghiệp vụ"}
        )
        client.post(url(report, "narrative"), parts | head)
        shown = page()
        assert [state(shown, step) for step in ("figures", "estimates", "texts", "head")] == ["xong"] * 4
        assert "Vẫn chốt được" not in shown.text
        client.post(url(report, "freeze"), {})
        assert state(page(), "freeze") == "đã chốt lần 1"

    def test_lines_stand_with_their_value_verdict_and_completeness(self, page):
        text = page().text
        assert "Tỷ lệ khám thai" in text and "95,0" in text and "verdict exceeded" in text
        assert "chưa có số liệu" in text

    def test_figures_that_are_being_computed_again_are_told_before_they_are_frozen(self, page, report):
        assert "Đang tính lại" not in page().text
        mark = StaleMark.objects.create(area=report.area, from_month="2025-03-01", to_month="2025-03-01")
        assert "Đang tính lại" in page().text
        mark.delete()
        assert "Đang tính lại" not in page().text

    def test_the_stations_that_owe_are_listed_to_a_bound_with_the_matrix(self, page, world, monkeypatch):
        FormFactory(code="X", cells=[("X.all", "")])
        settle_duties()
        monkeypatch.setattr("reporting.presenters.owing.SHOWN", 2)
        shown = page()
        assert len(shown.context["owing"].rows) == 2 < shown.context["owing"].stations
        assert "submissions/matrix/?year=2025&amp;state=missing" in shown.text
        assert f"và {shown.context['owing'].more} cơ sở khác" in shown.text

    def test_reminding_says_who_was_told_when_and_is_offered_once_a_day(
        self, page, client, report, cast, world
    ):
        FormFactory(code="X", cells=[("X.all", "")])
        settle_duties()
        assert "chưa nhắc" in page().text
        done = client.post(url(report, "remind"), follow=True)
        assert "Đã nhắc" in done.text and f"Đã nhắc {cast.clerk.display_name} lúc" in done.text
        assert "Hôm nay mọi người nhập liệu đều đã được nhắc." in done.text
        count = Notice.objects.count()
        assert "không nhắc thêm" in client.post(url(report, "remind"), follow=True).text
        assert Notice.objects.count() == count

    def test_reminding_keeps_the_texts_typed_on_the_page(self, page, client, report, world):
        FormFactory(code="X", cells=[("X.all", "")])
        settle_duties()
        shown = page().text
        button = re.search(r"<button[^>]*formaction[^>]*remind[^>]*>", shown)[0]
        assert 'form="typed"' in button and url(report, "remind") in button
        # Enter in a field presses the first button of its form: that one only saves.
        first = re.search(r'<button[^>]*form="typed"[^>]*>', shown)[0]
        assert "formaction" not in first
        done = client.post(url(report, "remind"), {"limits": "Còn thiếu người."}, follow=True)
        report.refresh_from_db()
        assert "Đã nhắc" in done.text and report.narrative["limits"] == "Còn thiếu người."

    def test_nobody_is_reminded_where_a_text_can_not_be_kept(self, page, client, report, world):
        FormFactory(code="X", cells=[("X.all", "")])
        settle_duties()
        sent = {"document-date": "mai", "limits": "Còn thiếu người."}
        answer = client.post(url(report, "remind"), sent)
        assert "Chưa nhắc cơ sở nào" in answer.text and 'value="mai"' in answer.text
        assert not Notice.objects.exists()

    def test_the_queries_are_those_of_a_scorecard_and_a_constant(self, page, client, report, plan):
        counts = {}
        for size in (2, 12):
            for number in range(plan.lines.count(), size):
                line = LineFactory(
                    plan=plan,
                    objective=plan.objectives.get(),
                    key=f"2.{number}",
                    order=number + 5,
                    indicator=make_indicator(f"I{number}"),
                )
                TargetFactory(line=line, text="90", value=90)
                for month in range(1, 13):
                    make_result(plan.area, line.indicator, f"2025-{month:02d}", 95, 100)
            page()
            for name in ("preparing", "preview"):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(url(report, name)).status_code == 200
                counts[name, size] = len(queries)
        with CaptureQueriesContext(connection) as queries:
            assess_lines(plan, 2025)
        scorecard = len(queries)
        assert counts["preparing", 2] == counts["preparing", 12]
        assert counts["preview", 2] == counts["preview", 12]
        # The content asks the scorecard of two years and 12 more (tasks, money, quality of the figures); around it
        # 7 for the session, the person and the report.
        assert counts["preview", 12] <= 2 * scorecard + 19
        # The page: another scorecard, 8 for the stations that owe, 2 earlier reports, 4 for presence, 1 for marks.
        assert counts["preparing", 12] <= 3 * scorecard + 19 + 15


class TestTasks:
    def test_overdue_tasks_nobody_told_of_are_named_before_they_print_as_late(self, page, report):
        task = report.plan.tasks.get()
        shown = page()
        assert "1 nhiệm vụ quá hạn chưa ai cập nhật: báo cáo sẽ ghi là chậm tiến độ." in shown.text
        assert reverse("plans:tasks", args=[report.plan.slug]) in shown.text
        task.updates.create(status="in_progress", at=timezone.now())
        assert "chưa ai cập nhật" not in page().text


class TestPermission:
    def test_a_reader_sees_how_far_it_has_come_and_no_form(self, client, cast, report):
        Report.objects.update(narrative={"limits": "Thiếu bác sỹ <b>"})
        for person in (cast.leader, cast.reviewer, cast.auditor):
            client.force_login(person)
            page = client.get(url(report))
            assert page.status_code == 200 and "Thiếu bác sỹ &lt;b&gt;" in page.text
            assert "<textarea" not in page.text and "Nhắc" not in page.text and "Chốt và tạo" not in page.text
            assert client.get(url(report, "preview")).status_code == 200
            for name in ("autosave", "editing", "remind", "estimates", "narrative", "freeze"):
                assert client.post(url(report, name), {"limits": "x"}).status_code == 404, name
        assert not report.editings.exists()
        report.refresh_from_db()
        assert report.narrative == {"limits": "Thiếu bác sỹ <b>"}

    def test_outside_ones_area_nothing_is_found(self, client, cast, report):
        for person in (cast.stranger, cast.clerk):
            client.force_login(person)
            for name in ("preparing", "preview", "preview-style"):
                assert client.get(url(report, name)).status_code == 404


class TestEstimates:
    def test_a_line_without_reports_takes_an_estimate_with_its_source(self, page, client, report):
        page()
        line = report.plan.lines.get(key="1.2")
        send = {f"value-{line.pk}": "18,2", f"source-{line.pk}": "Phòng nghiệp vụ"}
        done = client.post(url(report, "estimates"), send, follow=True)
        assert "Đã lưu 1 ước thực hiện" in done.text and "Đang dùng ước 18" in done.text
        figure = EnteredFigure.objects.get()
        assert (figure.line, figure.year, figure.kind, str(figure.value)) == (
            line,
            2025,
            "estimate",
            "18.200000",
        )
        assert "ước thực hiện 18" in client.get(url(report, "preview")).text

    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(self, page, client, report):
        page()
        line = report.plan.lines.get(key="1.2")
        for value, source, words in (
            ("mười", "x", "không phải là số"),
            ("18,2", "", "Cần ghi nguồn"),
            ("", "x", "Cần nhập giá trị"),
            ("1" * 35, "x", "Số quá lớn"),
            ("18,2", "x" * 301, "300"),
        ):
            answer = client.post(
                url(report, "estimates"), {f"value-{line.pk}": value, f"source-{line.pk}": source}
            )
            assert words in answer.text and f'value="{value}"' in answer.text or not value, words
        assert not EnteredFigure.objects.exists()

    def test_an_estimate_that_figures_made_needless_is_given_back_in_words(self, page, client, report):
        page()
        asked, computed = (report.plan.lines.get(key=key) for key in ("1.2", "1.1"))
        send = {f"value-{computed.pk}": "97,5", f"source-{computed.pk}": "sổ", f"value-{asked.pk}": ""}
        done = client.post(url(report, "estimates"), send, follow=True)
        assert f"{computed.name}: nay đã có số liệu, ước “97,5” không cần nữa và không lưu." in done.text
        assert "Chưa nhập ước thực hiện nào" not in done.text
        assert not EnteredFigure.objects.exists()

    def test_a_computed_line_waits_for_its_stations_once_the_period_is_over(self, page, report):
        MonthlyResult.objects.update(numerator=0, denominator=0, reported=0)
        rows = page().context["figures"].estimates
        assert [row.line.key for row in rows] == ["1.2"]

    def test_a_promise_in_words_is_judged_on_its_own_page(self, page, report):
        Target.objects.filter(line__key="1.2").update(kind=Target.Kind.TEXT, value=None)
        figures = page().context["figures"]
        assert figures.estimates == [] and [line.key for line in figures.unjudged] == ["1.2"]

    def test_a_line_without_its_tolerance_leads_to_where_it_is_set(self, page, client, cast, report):
        Target.objects.filter(line__key="1.1").update(operator="about")
        slug = report.plan.slug
        assert f'href="/plans/{slug}/edit/lines/1.1/#id_tolerance"' in page().text
        client.force_login(cast.leader)
        shown = client.get(url(report, "preparing")).text
        assert "chưa đặt sai lệch cho phép" in shown and "id_tolerance" not in shown
        report.plan.lines.filter(key="1.1").update(tolerance=5)
        assert "sai lệch cho phép nên" not in client.get(url(report, "preparing")).text
