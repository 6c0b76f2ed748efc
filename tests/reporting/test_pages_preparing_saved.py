"""What the page saves by itself, whom it names beside, and the document it shows."""

import builtins
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from reporting.actions.preparing import fingerprint, note_editing
from reporting.actions.reports import freeze
from reporting.models import Report
from reporting.renderers.layout import unbroken
from tests.reporting.preparing_page import page, plan, report, url

__all__ = ["page", "plan", "report"]  # fixtures

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


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
        assert [text for text in texts if escape(unbroken(text)) not in printed] == []
        assert content["footer"]["signer"] in printed
