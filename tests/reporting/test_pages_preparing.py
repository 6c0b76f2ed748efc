"""The page on which a report is prepared: its steps, what it keeps, carries over, proposes and shows to whom."""

import builtins
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from facilities.models import Notice
from indicators.models import MonthlyResult
from plans.models import EnteredFigure, Target
from plans.standing import assess_lines
from reporting.actions.preparing import ADDITION_LIMIT, NARRATIVE_LIMIT, fingerprint, note_editing
from reporting.actions.reports import freeze, open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report, Snapshot
from reporting.presenters.carried import narrative_draft
from tests.factories_indicators import FormFactory, settle_duties
from tests.factories_plans import LineFactory, TargetFactory, make_indicator, make_result
from tests.reporting.cases import make_plan

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def plan(world):
    return make_plan(world, "M")


@pytest.fixture
def report(plan):
    return open_report(plan=plan, period=ReportPeriod(2025, "year"), by=None)


@pytest.fixture
def page(client, cast, report):
    """page() → the preparing page as the planner sees it."""
    client.force_login(cast.planner)
    return lambda: client.get(url(report))


def url(report, name="preparing"):
    return reverse(f"reports:{name}", args=[report.pk])


def state(page, step):
    found = re.search(rf'data-step="{step}">.*?</span>\s*</span>', page.text, re.S)
    return re.sub(r"<[^>]+>", "", found[0].partition(">")[2]).strip()


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
        assert "1 chỉ tiêu chưa có số liệu" in text

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
        assert "Hôm nay không còn ai để nhắc." in done.text
        count = Notice.objects.count()
        assert "không nhắc thêm" in client.post(url(report, "remind"), follow=True).text
        assert Notice.objects.count() == count

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
        # The page: another scorecard, 8 for the stations that owe, 2 earlier reports, 4 for presence.
        assert counts["preparing", 12] <= 3 * scorecard + 19 + 14


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

    def test_a_computed_line_waits_for_its_stations_once_the_period_is_over(self, page, report):
        MonthlyResult.objects.update(numerator=0, denominator=0, reported=0)
        rows = page().context["figures"].estimates
        assert [row.line.key for row in rows] == ["1.2"]

    def test_a_promise_in_words_is_judged_on_its_own_page(self, page, report):
        Target.objects.filter(line__key="1.2").update(kind=Target.Kind.TEXT, value=None)
        figures = page().context["figures"]
        assert figures.estimates == [] and [line.key for line in figures.unjudged] == ["1.2"]


class TestTexts:
    def test_a_draft_of_the_last_report_is_shown_and_not_printed(self, page, client, report, plan):
        last = open_report(plan=plan, period=ReportPeriod(2025, "h1"), by=None)
        later = open_report(plan=plan, period=ReportPeriod(2025, "m9"), by=None)
        Report.objects.filter(pk=last.pk).update(narrative={"limits": "Cũ sáu tháng"})
        Report.objects.filter(pk=later.pk).update(narrative={"limits": "Thiếu <b>", "next": "Sẽ làm"})
        shown = page()
        assert "Bản nháp từ báo cáo 9 tháng đầu năm 2025, chưa lưu cho báo cáo này" in shown.text
        assert "Thiếu &lt;b&gt;" in shown.text and "Cũ sáu tháng" not in shown.text
        client.post(url(report, "freeze"), {"causes": "Xa"})
        assert "Thiếu" not in str(Snapshot.objects.get().data) and "Xa" in str(Snapshot.objects.get().data)

    def test_a_draft_is_taken_over_part_by_part_or_whole(self, page, client, report, plan):
        last = open_report(plan=plan, period=ReportPeriod(2025, "m9"), by=None)
        drafts = {"limits": "Thiếu", "next": "Sẽ làm", "causes": "Xa"}
        Report.objects.filter(pk=last.pk).update(narrative=drafts)
        page()
        send = {"keep": "limits", "limits": "", "next": "", "strengths": "Gõ dở"}
        client.post(url(report, "narrative"), send)
        report.refresh_from_db()
        assert report.narrative == {"limits": "Thiếu", "strengths": "Gõ dở"}
        client.post(url(report, "narrative"), {"keep": "narrative", "next": "Tự viết", "causes": " "})
        report.refresh_from_db()
        assert report.narrative == {
            "limits": "Thiếu",
            "strengths": "Gõ dở",
            "next": "Tự viết",
            "causes": "Xa",
        }
        assert "Bản nháp từ" not in page().text

    def test_no_draft_comes_from_a_later_period_or_another_kind(self, page, report, plan):
        h1 = open_report(plan=plan, period=ReportPeriod(2025, "h1"), by=None)
        Report.objects.filter(pk=report.pk).update(narrative={"limits": "Cả năm"})
        Report.objects.create(
            plan=plan, kind=Report.Kind.BRIEF, year=2025, period="2025-03", narrative={"limits": "Một trang"}
        )
        page()
        assert narrative_draft(h1).texts == {}

    def test_words_are_added_after_a_computed_sentence_which_stays(self, page, client, report):
        text = page().text
        assert "Thêm sau câu này" in text and 'name="addition-line:1.1"' in text
        client.post(url(report, "narrative"), {"addition-line:1.1": "Nhờ <i>tập huấn</i>."})
        report.refresh_from_db()
        assert report.additions == {"line:1.1": "Nhờ <i>tập huấn</i>."}
        printed = client.get(url(report, "preview")).text
        assert "Tỷ lệ khám thai: 95,0%" in printed and "<p>Nhờ &lt;i&gt;tập huấn&lt;/i&gt;.</p>" in printed

    def test_words_whose_sentence_is_gone_are_still_there_to_copy(self, page, report):
        Report.objects.update(additions={"line:9.9": "Lời mồ côi"})
        text = page().text
        assert "Lời thêm không còn câu" in text and "Lời mồ côi</textarea>" in text

    def test_what_is_too_long_is_said_and_the_rest_is_kept(self, page, client, report):
        page()
        long = {"limits": "x" * (NARRATIVE_LIMIT + 1), "addition-overall": "y" * (ADDITION_LIMIT + 1)}
        answer = client.post(url(report, "narrative"), {**long, "causes": "Xa"})
        assert "x" * (NARRATIVE_LIMIT + 1) in answer.text and "y" * (ADDITION_LIMIT + 1) in answer.text
        assert 'href="#id_limits"' in answer.text
        report.refresh_from_db()
        assert (report.narrative, report.additions) == ({"causes": "Xa"}, {})


class TestHead:
    def test_every_field_shows_what_the_portal_proposes(self, page):
        text = page().text
        for proposed in ("SỞ Y TẾ", "UBND tỉnh M", "Kết quả năm 2025 thực hiện Kế hoạch bà mẹ", "GIÁM ĐỐC"):
            assert re.search(rf'placeholder="[^"]*{proposed}', text), proposed

    def test_what_was_set_is_printed(self, page, client, report):
        page()
        send = {
            "document-number": "05/BC-SYT",
            "document-date": "2026-02-05",
            "document-place": "Bắc Ninh",
            "document-addressees": "- UBND tỉnh\nBộ Y tế",
            "document-authority": "KT.",
            "document-authority_of": "Giám đốc",
            "document-office": "Phó Giám đốc",
            "document-signer": "Nguyễn Văn An",
            "document-recipients": "- Như trên;\n- Lưu: VT, NVY.",
            "document-bases": "Luật Khám bệnh, chữa bệnh",
        }
        assert client.post(url(report, "narrative"), send).status_code == 302
        report.refresh_from_db()
        assert report.document["addressees"] == ["UBND tỉnh", "Bộ Y tế"]
        printed = client.get(url(report, "preview")).text
        for words in (
            "Số: 05/BC-SYT",
            "Bắc Ninh, ngày 05 tháng 02 năm 2026",
            "- UBND tỉnh;",
            "- Bộ Y tế.",
            "KT. GIÁM ĐỐC",
            "PHÓ GIÁM ĐỐC",
            "Nguyễn Văn An",
            "Căn cứ Luật Khám bệnh, chữa bệnh.",
            "- Lưu: VT, NVY.",
        ):
            assert words in printed, words

    @pytest.mark.parametrize(
        ("field", "text", "words"),
        [
            ("number", "5/BC-SYT", "như 05/BC-SYT"),
            ("number", "05 / BC-SYT", "như 05/BC-SYT"),
            ("number", "05/BC SYT", "như 05/BC-SYT"),
            ("number", "00/BC-SYT", "như 05/BC-SYT"),
            ("date", "31/02/2026", "Ngày viết như"),
            ("authority", "KT.", "ký thay ai"),
            ("authority", "PP.", "PP."),
            ("signer", "x" * 121, "120"),
            ("recipients", "\n".join(str(n) for n in range(41)), "Nhiều nhất 40 dòng"),
            ("bases", "x" * 501, "500 ký tự"),
        ],
    )
    def test_what_the_decree_does_not_allow_is_refused_in_words(
        self, page, client, report, field, text, words
    ):
        page()
        answer = client.post(url(report, "narrative"), {f"document-{field}": text, "limits": "Giữ"})
        assert answer.status_code == 200 and words in answer.text
        assert f'href="#id_document-{field}"' in answer.text
        report.refresh_from_db()
        assert (report.document, report.narrative) == ({}, {"limits": "Giữ"})

    @pytest.mark.parametrize("text", ["05/BC-SYT", "12/BC-UBND", "123/BC-SYT-KHTC", "07/BC-BCĐ"])
    def test_numbers_as_the_decree_writes_them_are_taken(self, page, client, report, text):
        page()
        assert client.post(url(report, "narrative"), {"document-number": text}).status_code == 302

    @pytest.mark.parametrize(
        ("field", "text", "words"),
        [
            ("signer", "ThS. Nguyễn Văn An", "học hàm, học vị"),
            ("signer", "BS.CKII Trần Thị Bình", "học hàm, học vị"),
            ("recipients", "UBND tỉnh;\nLưu: VT.", "dòng đầu của Nơi nhận"),
            ("recipients", "Như trên;\nSở Nội vụ.", "nơi lưu"),
        ],
    )
    def test_what_only_looks_wrong_is_kept_and_warned_of(self, page, client, report, field, text, words):
        page()
        client.post(url(report, "narrative"), {f"document-{field}": text})
        report.refresh_from_db()
        assert report.document[field] and words in page().text

    def test_a_name_without_titles_is_not_warned_of(self, page, client, report):
        page()
        client.post(url(report, "narrative"), {"document-signer": "Tsần Bsá Cn"})
        assert 'class="warned"' not in page().text

    def test_the_agencys_last_report_proposes_signer_office_and_recipients(self, page, client, report, plan):
        last = open_report(plan=plan, period=ReportPeriod(2025, "m9"), by=None)
        head = {
            "signer": "Trần Thị Bình",
            "authority": "KT.",
            "authority_of": "Giám đốc",
            "recipients": ["Như trên;", "Lưu: VT."],
            "number": "09/BC-SYT",
        }
        Report.objects.filter(pk=last.pk).update(document=head)
        shown = page()
        assert "Trần Thị Bình" in shown.text and "09/BC-SYT" not in shown.text
        assert "Trần Thị Bình" not in client.get(url(report, "preview")).text
        client.post(url(report, "narrative"), {"keep": "document-signer"})
        report.refresh_from_db()
        assert report.document == {"signer": "Trần Thị Bình"}
        client.post(url(report, "narrative"), {"keep": "document-authority"})
        report.refresh_from_db()
        assert set(report.document) == {"signer", "authority", "authority_of"}
        client.post(url(report, "narrative"), {"keep": "document"})
        report.refresh_from_db()
        assert report.document == {key: value for key, value in head.items() if key != "number"}


class TestAutosave:
    @pytest.fixture
    def save(self, client, cast, report):
        client.force_login(cast.planner)
        return lambda **fields: client.post(url(report, "autosave"), fields)

    def test_fields_are_kept_one_by_one_and_answered_by_name(self, save, report):
        send = {
            "limits": " Một ",
            "addition-overall": "Hai",
            "document-signer": "ThS. An",
            "document-number": "5",
        }
        answer = save(**send).json()
        assert answer["saved"] == {
            "limits": fingerprint("Một"),
            "addition-overall": fingerprint("Hai"),
            "document-signer": fingerprint("ThS. An"),
        }
        assert "như 05/BC-SYT" in answer["errors"]["document-number"] and answer["conflicts"] == {}
        assert set(answer["warnings"]) == {"document-signer"} and re.fullmatch(r"\d\d:\d\d", answer["at"])
        report.refresh_from_db()
        assert report.document == {"signer": "ThS. An"}

    def test_a_conflict_answers_with_both_and_a_way_to_decide(self, save, report):
        Report.objects.update(narrative={"limits": "Kia"}, document={"recipients": ["Như trên;", "Lưu: VT."]})
        answer = save(**{"limits": "Này", "document-recipients": "Khác", "causes": "Xa"}).json()
        assert answer["conflicts"] == {
            "limits": {"text": "Kia", "shown": fingerprint("Kia")},
            "document-recipients": {
                "text": "Như trên;\nLưu: VT.",
                "shown": fingerprint("Như trên;\nLưu: VT."),
            },
        }
        assert set(answer["saved"]) == {"causes"}
        again = save(limits="Này", shown_limits=answer["conflicts"]["limits"]["shown"]).json()
        assert set(again["saved"]) == {"limits"}

    def test_authority_waits_for_whom_it_stands(self, save, report):
        assert "document-authority" in save(**{"document-authority": "KT."}).json()["errors"]
        both = {"document-authority": "KT.", "document-authority_of": "Giám đốc"}
        assert set(save(**both).json()["saved"]) == set(both)
        gone = {"document-authority_of": "", "document-shown_authority_of": fingerprint("Giám đốc")}
        assert "document-authority_of" in save(**gone).json()["errors"]
        report.refresh_from_db()
        assert report.document == {"authority": "KT.", "authority_of": "Giám đốc"}

    def test_another_person_signed_in_meanwhile_saves_nothing(self, save, report, cast):
        answer = save(limits="x", person=str(cast.leader.pk))
        assert answer.status_code == 409 and "người khác" in answer.json()["message"]
        report.refresh_from_db()
        assert report.narrative == {}

    def test_a_part_no_page_asks_for_is_refused_whole(self, save, report):
        answer = save(**{"limits": "x", f"addition-{'k' * 101}": "y"})
        assert answer.status_code == 422 and answer.json()["message"]
        report.refresh_from_db()
        assert report.narrative == {}


class TestPresence:
    def test_two_editors_are_told_of_each_other(self, page, client, report, cast):
        assert 'role="status" hidden' in page().text
        client.force_login(cast.administrator)
        hour = f"{timezone.localtime():%H}:"
        assert (
            f"{cast.planner.display_name} cũng đang mở trang này (lúc {hour}" in client.get(url(report)).text
        )
        client.force_login(cast.planner)
        answer = client.post(url(report, "editing")).json()
        assert answer["others"].startswith(cast.administrator.display_name)

    def test_a_page_that_was_silent_for_a_minute_is_closed(self, page, report, cast):
        note_editing(report=report, by=cast.administrator, now=timezone.now() - timedelta(seconds=90))
        assert "cũng đang mở" not in page().text


class TestPreview:
    HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 }}{% x %}\u202e=HYPERLINK(1)"

    def test_hostile_text_is_printed_as_typed(self, page, client, report):
        page()
        send = {
            "limits": self.HOSTILE,
            "addition-overall": self.HOSTILE,
            "document-signer": self.HOSTILE,
            "document-subject": self.HOSTILE,
            "document-recipients": self.HOSTILE,
            "document-addressees": self.HOSTILE,
        }
        client.post(url(report, "narrative"), send)
        for text in (page().text, client.get(url(report, "preview")).text):
            assert "<script>alert" not in text and "<img" not in text and "{{ 7 }}" in text
            assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5

    def test_it_runs_no_script_and_only_this_site_frames_it(self, page, client, report):
        page()
        answer = client.get(url(report, "preview"))
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy and "'none'" not in policy and "script-src 'self'" in policy
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert 'sandbox="allow-same-origin"' in page().text
        style = client.get(url(report, "preview-style"))
        assert style.headers["Content-Type"].startswith("text/css") and "@font-face" not in style.text

    def test_a_request_loads_no_renderer(self, page, client, report, monkeypatch):
        real, asked = builtins.__import__, []

        def watched(name, *args, **kwargs):
            asked.append(name)
            return real(name, *args, **kwargs)

        page()
        monkeypatch.setattr(builtins, "__import__", watched)
        client.get(url(report, "preview"))
        assert [name for name in asked if name.startswith("weasyprint")] == []

    def test_it_is_what_freezing_stores(self, page, client, report):
        page()
        client.post(url(report, "narrative"), {"limits": "Thiếu bác sỹ", "document-signer": "Nguyễn Văn An"})
        printed = client.get(url(report, "preview")).text
        content = freeze(report=Report.objects.get(pk=report.pk), by=None).data["content"]
        texts = [
            block["text"]
            for section in content["sections"]
            for block in section["blocks"]
            if block.get("text")
        ]
        assert [text for text in texts if escape(text) not in printed] == []
        assert content["footer"]["signer"] in printed
