"""The page on which a report of the merged province is prepared, and what its tests ask of it."""

import re

import pytest
from django.urls import reverse

from reporting.actions.reports import open_report
from reporting.content.periods import ReportPeriod
from tests.reporting.cases import make_plan


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
    """How the step stands, in the words of the list on top."""
    found = re.search(rf'data-step="{step}">.*?</span>\s*</span>', page.text, re.S)
    return re.sub(r"<[^>]+>", "", found[0].partition(">")[2]).strip()
