"""What is typed of a report on its page: kept, carried over, proposed, refused, saved by itself, previewed."""

import re
from unicodedata import normalize

import pytest

from reporting.actions.preparing import ADDITION_LIMIT, NARRATIVE_LIMIT
from reporting.actions.reports import open_report
from reporting.content.periods import ReportPeriod
from reporting.models import Report, Snapshot
from reporting.presenters.carried import narrative_draft
from tests.reporting.preparing_page import page, plan, report, url

__all__ = ["page", "plan", "report"]  # fixtures

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


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

    @pytest.mark.parametrize(
        "text", ["05/BC-SYT", "123456/BC-SYT", "12/BC-UBND", "123/BC-SYT-KHTC", "07/BC-BCĐ"]
    )
    def test_numbers_as_the_decree_writes_them_are_taken(self, page, client, report, text):
        page()
        assert client.post(url(report, "narrative"), {"document-number": text}).status_code == 302

    @pytest.mark.parametrize(
        ("field", "text", "words"),
        [
            ("signer", "ThS. Nguyễn Văn An", "học hàm, học vị"),
            ("signer", "BS.CKII Trần Thị Bình", "học hàm, học vị"),
            ("recipients", "UBND tỉnh;\nLưu: VT.", "dòng đầu của Nơi nhận"),
            ("recipients", "Như trên;\nSở Nội vụ.", "có thêm dòng “Lưu: VT, ......”"),
            ("recipients", "Sở Nội vụ.", "“Như trên;”. Nơi nhận thiếu nơi lưu"),
            ("recipients", "Như trên;\nLưu: VT.\nSở Nội vụ.", "Dòng cuối của Nơi nhận là nơi lưu"),
        ],
    )
    def test_what_only_looks_wrong_is_kept_and_warned_of(self, page, client, report, field, text, words):
        page()
        client.post(url(report, "narrative"), {f"document-{field}": text})
        report.refresh_from_db()
        assert report.document[field] and words in page().text

    def test_who_signs_for_another_is_asked_for_the_own_office(self, page, client, report):
        page()
        sent = {"document-authority": "KT.", "document-authority_of": "Giám đốc"}
        client.post(url(report, "narrative"), sent)
        assert "Ghi chức vụ người ký" in page().text
        client.post(url(report, "narrative"), sent | {"document-office": "Phó Giám đốc"})
        assert 'class="warned"' not in page().text

    def test_letters_typed_with_marks_apart_are_stored_composed(self, page, client, report):
        page()
        apart = normalize("NFD", "Như trên;\nLưu: VT, NVY.")
        sent = {"document-recipients": apart, "limits": normalize("NFD", "Thiếu thuốc")}
        client.post(url(report, "narrative"), sent)
        report.refresh_from_db()
        assert report.narrative == {"limits": "Thiếu thuốc"}
        assert report.document == {"recipients": ["Như trên;", "Lưu: VT, NVY."]}
        assert 'class="warned"' not in page().text

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
