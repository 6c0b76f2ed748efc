"""Every kind for every period: how it names itself, how far it counts."""

import pytest
from django.utils import translation

from reporting.content import build_content
from reporting.presenters.reports import period_words, title_of
from tests.reporting.kinds import MAKERS
from tests.reporting.test_content import TODAY

pytestmark = pytest.mark.django_db

PERIODS = {
    "year": ("năm 2025", "2025-12"),
    "h1": ("6 tháng đầu năm 2025", "2025-06"),
    "m9": ("9 tháng đầu năm 2025", "2025-09"),
    "2025-01": ("tháng 01/2025", "2025-01"),
    "2025-10": ("10 tháng đầu năm 2025", "2025-10"),
}


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind != "review"])
def test_a_report_of_one_year_names_its_period(world, kind):
    report = MAKERS[kind](world)
    for code, (words, as_of) in PERIODS.items():
        report.period = code
        content = build_content(report, today=TODAY)
        assert content["period"]["title"] == words and content["period"]["as_of"] == as_of, code
        assert words in content["header"]["subject"] and words in content["opening"], code
        assert words in content["closing"], code
        with translation.override("vi"):
            assert title_of(report).endswith(period_words(report)), code


def test_a_review_names_its_years_and_how_far_the_last_one_is_told(world):
    report = MAKERS["review"](world)
    named = {
        "year": ("Tổng kết 03 năm (2023 - 2025)", "Tổng kết 2023–2025"),
        "h1": ("Sơ kết từ năm 2023 đến hết tháng 6/2025", "Sơ kết 2023–6/2025"),
        "m9": ("Sơ kết từ năm 2023 đến hết tháng 9/2025", "Sơ kết 2023–9/2025"),
        "2025-01": ("Sơ kết từ năm 2023 đến hết tháng 01/2025", "Sơ kết 2023–1/2025"),
        "2025-10": ("Sơ kết từ năm 2023 đến hết tháng 10/2025", "Sơ kết 2023–10/2025"),
    }
    for code, (words, title) in named.items():
        report.period = code
        content = build_content(report, today=TODAY)
        assert content["header"]["subject"].startswith(words), code
        lower = words[0].lower() + words[1:]
        assert lower in content["opening"] and lower in content["closing"], code
        assert content["period"]["as_of"] == PERIODS[code][1], code
        with translation.override("vi"):
            assert title_of(report) == title, code
