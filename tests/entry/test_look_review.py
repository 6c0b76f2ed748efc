"""The pages of review and of workbooks as they are seen, in the states in which they say most."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.models import Area
from indicators.actions.closing import close_period
from indicators.actions.corrections import propose_correction
from indicators.actions.submissions import send_back
from indicators.models import Absence, Upload
from indicators.values import CellValue
from tests.entry.conftest import KEY, cell
from tests.entry.test_look import WIDTHS, sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Điểm trạm y tế liên xã vùng đồng bào dân tộc thiểu số Tân Sơn – Cấm Sơn – Phong Vân (cơ sở hai)"
SAID = (
    "Đếm sót hai ca đẻ tại nhà ở thôn xa; đã đối chiếu sổ A4, giấy chứng sinh và lời kể của cô đỡ thôn bản."
)


@pytest.fixture
def life(station):
    """Months of every kind, with names and reasons as long as people write them."""
    station.facility.name = LONG
    station.facility.save()
    counts = {n: 40 - n for n in range(1, 41)}
    months = {month: date(2025, month, 1) for month in range(1, 10)}
    station.file(months[2], counts, status="approved", nothing_occurred=True)
    correction = propose_correction(
        submission=station.file(months[3], counts, status="approved"),
        cells={cell(1): CellValue(41), cell(3): CellValue(2)},
        reason=SAID,
        by=station.clerk,
    )
    send_back(
        submission=station.file(months[4], counts, status="submitted"),
        by=station.reviewer,
        reason=SAID,
        cells={cell(9): SAID, cell(3): SAID},
    )
    station.file(months[6], {}, status="draft")
    station.file(months[8], counts | {2: 99}, status="submitted")
    Absence.objects.create(
        facility=station.facility, form_code="X", period=months[7], reason=SAID, at=timezone.now()
    )
    merged = Area.objects.get(code="M")
    close_period(area=merged, period=months[2], yearly=False, by=station.reviewer, note=SAID)
    return {"correction": correction, "upload": uploaded(station)}


def uploaded(station) -> Upload:
    change = {"label": f"9 {LONG}", "sheet": "Biểu X", "column": "D", "row": 9, "cell": "X.c9",
              "before": 1, "server": 2, "file": 3, "conflict": True}  # fmt: skip
    place = {"key": "T-a1:X", "name": LONG, "form_name": "Biểu X", "blocked": "", "changes": [change]}
    other = place | {"blocked": SAID, "changes": [change | {"conflict": False, "file": None}]}
    reject = {"sheet": "Biểu X", "row": 5, "column": "E", "text": SAID.replace(" ", "_"), "reason": SAID}
    preview = {"period": "2025-08", "yearly": False, "notes": [SAID], "rejects": [reject]}
    return Upload.objects.create(
        user=station.clerk, file_name=f"{'so-lieu-' * 12}.xlsx", at=timezone.now(), status="ready",
        preview=preview | {"places": [place, other]},
    )  # fmt: skip


def pages(life) -> dict[str, list[str]]:
    """What each of the two looks at."""
    form = {month: ["T-a1", "X", f"2025-{month:02}"] for month in range(1, 10)}
    at = lambda name, *args: reverse(f"submissions:{name}", args=args)  # noqa: E731
    return {
        "clerk": [
            at("due"), at("form", *form[4]), at("correct", *form[3]), at("absence", *form[7]), at("upload"),
            at("upload-preview", life["upload"].pk), at("history", *form[4]),
        ],
        "reviewer": [
            f"{at('matrix')}?year=2025", f"{at('matrix')}?period=2025-08&state=warned",
            at("form", *form[8]), at("form", *form[3]), f"{at('review')}?check=clean",
            at("correction", life["correction"].pk), f"{at('corrections')}?status=all",
            f"{at('closing')}?period=2025-02", f"{at('closing')}?period=2025-08",
            f"{at('due')}?period=2025-07", f"{at('upload')}?period=2025-08",
            f"{reverse('quality:list')}?period=2025-07",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["clerk", "reviewer"])
def test_with_everything_open_every_page_is_accessible_and_not_wider_than_its_window(
    open_form, live_server, station, life, who
):
    page, faults = open_form(who=getattr(station, who), path="/account/"), []
    for address in pages(life)[who]:
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            faults += [f"{address}: wider than {width}px"] if sideways(page) else []
        faults += [f"{address}: {one}" for one in violations(page)]
    assert not faults, "\n".join(faults)


def test_on_a_phone_no_bar_lies_over_what_is_reviewed(open_form, live_server, station, life):
    page = open_form(360, 740, who=station.reviewer, path=reverse("submissions:review"))
    for address, row in (
        (reverse("submissions:review"), ".reviewed tbody tr"),
        (station.url, ".entry tbody tr"),
    ):
        page.goto(live_server.url + address)
        last, bar = page.locator(row).last.bounding_box(), page.locator(".foot").bounding_box()
        assert last["y"] + last["height"] <= bar["y"], address


def test_approving_many_and_the_way_back_are_accessible_and_not_wider_than_a_phone(open_form, station, life):
    page = open_form(360, 740, who=station.reviewer, path=f"{reverse('submissions:review')}?check=all")
    page.click("button:has-text('Duyệt các báo cáo')")
    assert "Duyệt 1 báo cáo?" in page.inner_text("h1") and violations(page) == [] and not sideways(page)
    page.click("button:has-text('Duyệt 1 báo cáo')")
    page.click("a:has-text('Duyệt nhầm')")
    assert violations(page) == [] and not sideways(page)
    page.fill("#reason", SAID)
    page.click("button:has-text('Trả lại')")
    assert "Đã trả lại 1 báo cáo" in page.inner_text("[role=status]")


def test_what_went_wrong_is_told_accessibly_and_what_was_typed_stays(open_form, station, life):
    page = open_form(path=reverse("submissions:upload"))
    page.evaluate("document.querySelector('input[type=file]').required = false")
    page.click("button:has-text('Tải lên')")
    assert "Chưa chọn tệp nào" in page.inner_text("[role=status]") and violations(page) == []
    reviewer = open_form(who=station.reviewer, path=reverse("submissions:form", args=["T-a1", "X", "2025-08"]),
                         allowed="409 (Conflict)")  # fmt: skip
    reviewer.click("summary:has-text('Lý do cho từng ô')")
    reviewer.check("input[name='t:X.c9:']")
    reviewer.click("button:has-text('Trả lại')")
    reviewer.click("a:has-text('Đến phần trả lại')")
    assert reviewer.is_checked("input[name='t:X.c9:']") and violations(reviewer) == []


def test_on_paper_the_matrix_lies_on_its_side_with_what_it_shows_and_no_links(
    open_form, live_server, station, life
):
    page = open_form(who=station.reviewer, path=reverse("submissions:matrix") + "?year=2025")
    page.emulate_media(media="print")
    for gone in (".tabs", ".filters", ".counts-by-form", "text=tải bảng này"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(".print-only .facts").is_visible()
    size = page.evaluate(
        "[...document.styleSheets].flatMap((one) => [...one.cssRules]).find((rule) => rule.selectorText === 'landscape').style.size"
    )
    assert "landscape" in size and page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_arrow_keys_walk_through_the_matrix_and_tab_leaves_it(open_form, live_server, station, life):
    page = open_form(who=station.reviewer, path=reverse("submissions:matrix") + "?year=2025")
    page.locator("table.matrix a").first.focus()
    for _step in range(2):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith("/X/2025-03/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table.matrix')") is None


def test_every_sign_of_the_matrix_is_told_in_words(open_form, station, life):
    page = open_form(who=station.reviewer, path=reverse("submissions:matrix") + "?year=2025")
    told = page.eval_on_selector_all(
        f"table.matrix a[href*='/{KEY[0]}/']", "all => all.map((one) => one.getAttribute('aria-label'))"
    )
    assert told[1] == "X 2/2025: đã duyệt, nộp muộn, không phát sinh, đã khóa"
    assert told[3] == "X 4/2025: trả lại, nộp muộn" and told[6] == f"X 7/2025: có lý do chưa nộp: {SAID}"
