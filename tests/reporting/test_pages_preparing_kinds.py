"""Every kind of report has the same preparing page: its own sentences to add to, figures of all its plans, a preview."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reporting.content import build_content
from reporting.content import report as plan_report
from reporting.presenters.outline import addition_keys
from tests.reporting import kinds

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
REPORTS = [kinds.plan_report, kinds.restated_report, kinds.review_report, kinds.combined_report]


@pytest.fixture(params=REPORTS, ids=lambda make: make.__name__)
def report(request, world):
    return request.param(world)


def test_its_sentences_are_added_to_kept_previewed_and_frozen(client, cast, report):
    client.force_login(cast.planner)
    url = {
        name: reverse(f"reports:{name}", args=[report.pk])
        for name in ("preparing", "narrative", "preview", "freeze")
    }
    page = client.get(url["preparing"])
    assert page.status_code == 200 and page.context["figures"].rows
    keys = addition_keys(build_content(report, today=timezone.localdate()))
    assert keys and all(f'name="addition-{key}"' in page.text for key in keys)
    typed = {f"addition-{key}": f"Lời thêm {number}." for number, key in enumerate(keys)}
    typed |= {"limits": "Thiếu bác sỹ", "document-signer": "Nguyễn Văn An"}
    assert client.post(url["narrative"], typed).status_code == 302
    preview = client.get(url["preview"]).text
    assert [text for text in typed.values() if text not in preview] == []
    assert preview.count("<svg") == len(build_content(report, today=timezone.localdate()).get("charts", ()))
    client.post(url["freeze"], {})
    frozen = str(report.snapshots.get().data)
    assert [text for text in typed.values() if text not in frozen] == []
    client.force_login(cast.leader)
    assert "<textarea" not in client.get(url["preparing"]).text


def test_what_is_no_letter_asks_for_no_words_and_no_signer(client, cast, world, monkeypatch):
    report = kinds.plan_report(world)
    whole = plan_report.draft

    def sheet(report, today):
        foot = {"recipients": [], "office": [], "signer": ""}
        content = whole(report, today)
        head = content["header"] | {"number": "", "addressees": []}
        return {**content, "header": head, "footer": foot, "sections": []}

    monkeypatch.setattr(plan_report, "draft", sheet)
    client.force_login(cast.planner)
    page = client.get(reverse("reports:preparing", args=[report.pk]))
    assert "document-signer" not in page.text and "<textarea" not in page.text
    assert [page.context["steps"][name].left for name in ("texts", "head")] == [0, 0]
    assert client.get(reverse("reports:preview", args=[report.pk])).status_code == 200
