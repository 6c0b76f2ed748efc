"""An open plan page shows new figures by itself, and leaves what a person is doing alone."""

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import ComputedMonth, MonthlyResult
from tests.entry.conftest import chromium, chromium_driver
from tests.entry.conftest import signed_in as opened_by
from tests.factories_plans import EnteredFigureFactory, LineFactory, make_indicator, make_result
from tests.plans.pages import make_scene, signed_in

__all__ = ["chromium", "chromium_driver"]  # fixtures

pytestmark = pytest.mark.django_db
# session, person, assignments; the plan with what the person may do; computed months; related areas;
# the figures' sums, the figures entered.
STAMP_QUERIES = 8
SECONDS_UNTIL_SEEN = 15  # on a busy machine; the page asks every 1.5 seconds


@transaction.atomic
def change(scene, value: int) -> None:
    """What an approval does to the province: its result of December, and when that was computed."""
    MonthlyResult.objects.filter(area=scene.plan.area, month="2025-12-01").update(numerator=value)
    ComputedMonth.objects.filter(month="2025-12-01").update(computed_at=timezone.now())


class TestStamp:
    @pytest.fixture
    def scene(self):
        return make_scene()

    @pytest.fixture
    def ask(self, scene):
        client = signed_in(scene.cast.leader)
        return lambda **choices: client.get(f"/plans/{scene.plan.slug}/stamp/", choices).json()

    def test_it_stays_while_nothing_changes(self, ask):
        assert ask() == ask()

    def test_it_changes_with_a_figure_of_the_area(self, scene, ask):
        before = ask()
        change(scene, 5)
        after = ask()
        assert after["stamp"] != before["stamp"]
        assert after["computed"] > before["computed"]

    def test_one_figure_up_and_another_down_show(self, scene, ask):
        other = make_indicator("OTHER")
        make_result(scene.plan.area, other, "2025-12", 5, 10)
        before = ask()
        MonthlyResult.objects.filter(indicator=other).update(numerator=6)
        MonthlyResult.objects.filter(
            area=scene.plan.area, indicator=scene.indicator, month="2025-12-01"
        ).update(numerator=94)
        assert ask()["stamp"] != before["stamp"]

    def test_it_changes_with_an_entered_figure(self, scene, ask):
        before = ask()
        EnteredFigureFactory(line=LineFactory(plan=scene.plan, key="9.9"), year=2025)
        assert ask()["stamp"] != before["stamp"]

    def test_other_boundaries_have_their_own(self, scene, ask):
        assert ask()["stamp"] != ask(boundaries=scene.world.areas["A"].key)["stamp"]

    def test_another_place_s_figure_leaves_it(self, scene, ask):
        before = ask()
        MonthlyResult.objects.filter(area=scene.world.areas["x"]).update(numerator=1)
        assert ask()["stamp"] == before["stamp"]

    def test_it_is_never_kept_and_costs_the_same_whatever_the_lines(self, scene):
        for number in range(2, 20):
            LineFactory(plan=scene.plan, key=f"1.{number}")
        client = signed_in(scene.cast.leader)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/plans/{scene.plan.slug}/stamp/")
        assert len(captured) == STAMP_QUERIES
        assert "no-store" in answer["Cache-Control"]


def until(page, words: str) -> None:
    page.wait_for_function(
        "words => document.getElementById('figures').innerText.includes(words)",
        arg=words,
        timeout=SECONDS_UNTIL_SEEN * 1000,
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
class TestOpenPage:
    @pytest.fixture
    def scene(self, transactional_db):
        return make_scene()

    @pytest.fixture
    def opened(self, chromium, live_server, scene):
        page = opened_by(chromium, live_server.url, scene.cast.planner, 1366, 768)
        page.set_default_timeout(SECONDS_UNTIL_SEEN * 1000)
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))

        def opening(address: str):
            page.goto(live_server.url + address)
            return page

        yield opening
        page.context.close()
        time.sleep(0.5)  # what the page was asking still holds the tables that the next test empties
        assert faults == []

    def test_the_scorecard_shows_a_new_figure_and_says_so(self, scene, opened):
        page = opened(f"/plans/{scene.plan.slug}/")
        until(page, "95")
        link = page.locator("#figures tbody a").first
        link.focus()
        change(scene, 23)
        until(page, "89")  # eleven months of 95 and one of 23, of 1,200
        assert "vừa thay đổi" in page.inner_text("[data-live-stamp]")
        assert page.evaluate("document.activeElement.matches('#figures tbody a')")

    def test_a_line_keeps_what_is_being_typed_and_shows_figures_once_nothing_is(self, scene, opened):
        page = opened(scene.line.get_absolute_url())
        page.click("text=Nhập số thực hiện")
        page.fill("[name=value]", "12")
        change(scene, 23)
        page.wait_for_function(
            "() => document.querySelector('[data-live-stamp]').textContent.includes('đang nhập')"
        )
        assert page.input_value("[name=value]") == "12"
        page.fill("[name=value]", "")
        page.locator("h1").click()
        change(scene, 11)
        until(page, "88")
