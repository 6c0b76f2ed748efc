"""The package of the entry page holds all that is typed, compared and checked with the network off."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions.notes import write_notes
from indicators.models import DataElement, Form, FormSection
from tests.factories_indicators import (
    FormFactory,
    IndicatorFactory,
    RuleFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.factories_plans import LineFactory, PlanFactory, TargetFactory
from tests.world import make_cast

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", ""), ("X.all", "DTTS")]
KEY = ("T-a1", "X", "2025-08")
EMBEDDED = re.compile(r'<script id="entry-package" type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def form(world):
    form = FormFactory(code="X", name="Biểu 4. Bà mẹ", cells=CELLS, legal_basis="Thông tư 23")
    settle_duties()
    return form


@pytest.fixture
def clerk(client, world, form):
    client.force_login(make_cast(world).clerk)
    return client


def package(client, key=KEY) -> dict:
    return json.loads(EMBEDDED.search(client.get(reverse("submissions:form", args=key)).content.decode())[1])


def test_it_says_whose_it_is_and_where_it_goes(clerk):
    found = package(clerk)
    assert (found["key"], found["protocol"], found["language"]) == ("T-a1/X/2025-08", 1, "vi")
    assert (found["status"], found["version"], found["can_type"]) == ("draft", 0, True)
    assert found["urls"]["sync"] == reverse("submissions:sync", args=KEY)
    assert found["received_at"] is None and found["values"] == {} and found["notes"] == {}
    assert all(isinstance(words, str | list) and words for words in found["words"].values())


def test_rows_stand_in_the_order_of_the_form_with_their_place_in_the_circular(clerk, form):
    DataElement.objects.filter(code="X.part").update(
        is_stock=True, definition="Số hiện có", example="Ví dụ 3"
    )
    [section] = package(clerk)["sections"]
    assert section["id"] == FormSection.objects.get().pk
    assert [row["cell"] for row in section["rows"]] == ["X.all", "X.part", "X.all[DTTS]"]
    part = section["rows"][1]
    wanted = {"id": "c-X-part", "stock": True, "definition": "Số hiện có", "example": "Ví dụ 3"}
    assert {name: part[name] for name in wanted} == wanted
    assert part["basis"] == "Biểu 4, cột part (Thông tư 23)"


def test_three_states_and_a_year_before_are_in_it(clerk, world, form):
    station = world.facilities["T-a1"]
    SubmissionFactory(facility=station, form=form, values={("X.all", ""): 0, ("X.part", ""): "NA"}, version=4)
    SubmissionFactory(facility=station, form=form, period=date(2025, 7, 1), values={("X.all", "DTTS"): 21})
    SubmissionFactory(facility=station, form=form, period=date(2024, 8, 1), values={("X.all", ""): 8})
    SubmissionFactory(facility=station, form=form, period=date(2024, 7, 1), values={("X.all", ""): 7})
    SubmissionFactory(facility=world.facilities["T-a2"], form=form, values={("X.all", ""): 99})
    found = package(clerk)
    assert found["version"] == 4 and found["values"] == {"X.all": 0, "X.part": "NA"}
    assert found["past"] == {"2025-07": {"X.all[DTTS]": 21}, "2024-08": {"X.all": 8}}
    assert [day for day, _words in found["compared"]] == ["2025-07", "2024-08"]


def test_a_page_can_not_be_broken_out_of_by_what_is_typed(clerk, world, form):
    submission = SubmissionFactory(facility=world.facilities["T-a1"], form=form)
    hostile = "</script><script>alert(1)</script>"
    write_notes(submission=submission, kind="note", texts={("X.all", ""): hostile}, by=None)
    assert package(clerk)["notes"]["X.all"]["note"]["text"] == hostile


def test_rules_stand_as_trees(clerk):
    RuleFactory(code="part-all", form_code="X", expression="X.part <= X.all")
    RuleFactory(code="other", form_code="Z", expression="Z.part <= Z.all")
    [rule] = package(clerk)["rules"]
    assert (rule["code"], rule["kind"], rule["message"]) == (
        "part-all",
        "relation",
        "Ô này lớn hơn ô kia. Kiểm tra lại hai ô.",
    )
    assert isinstance(rule["expression"], dict)


def promise(world, area: str, indicator, **line):
    line = LineFactory(plan=PlanFactory(area=world.areas[area]), indicator=indicator, **line)
    return TargetFactory(line=line, text="≥90", value=90)


def test_targets_this_form_computes_are_in_it(clerk, world):
    rate = IndicatorFactory(code="RATE")
    TermFactory(indicator=rate, element=DataElement.objects.get(code="X.part"))
    TermFactory(indicator=rate, part="denominator", element=DataElement.objects.get(code="X.all"))
    elsewhere = IndicatorFactory(code="OTHER")
    TermFactory(indicator=elsewhere, element=DataElement.objects.get(code="X.part"))
    TermFactory(indicator=elsewhere, part="denominator", element__code="Z.other")
    promise(world, "M", rate, name="Tỷ lệ thử")
    promise(world, "M", elsewhere)
    promise(world, "z", rate, name="Của xã khác")
    [one] = package(clerk)["yardsticks"]
    assert (one["name"], one["numerator"], one["denominator"]) == (
        "Tỷ lệ thử",
        [["X.part", 1]],
        [["X.all", 1]],
    )
    assert (one["factor"], one["unit"], one["timing"]) == (100, "%", "flow")
    assert one["target"] == {"text": "≥90", "operator": ">=", "value": 90.0, "upper": None}


@pytest.mark.parametrize("size", [5, 60])
def test_it_costs_the_same_for_any_number_of_cells_notes_and_lines(client, world, size):
    form = FormFactory(code="W", cells=[(f"W.c{n}", "") for n in range(size)])
    settle_duties()
    cells = {(f"W.c{n}", ""): n for n in range(size)}
    for month in (6, 7, 8):
        submission = SubmissionFactory(
            facility=world.facilities["T-a1"], form=form, period=date(2025, month, 1), values=cells
        )
    write_notes(submission=submission, kind="note", texts=dict.fromkeys(cells, "x"), by=None)
    for n in range(size):
        indicator = IndicatorFactory()
        TermFactory(indicator=indicator, element=DataElement.objects.get(code=f"W.c{n}"))
        promise(world, "M", indicator)
    client.force_login(make_cast(world).clerk)
    url = reverse("submissions:form", args=("T-a1", "W", "2025-08"))
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    # Session, person, roles; facility, submission; items and values, twice; rules and their values; last change,
    # notes; lines of plans with targets, terms, elements of the form; rules of the package; who decided.
    assert len(queries) <= 21, "\n".join(query["sql"] for query in queries)
    assert Form.objects.get(code="W").items.count() == size
