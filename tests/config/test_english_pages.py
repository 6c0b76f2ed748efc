"""With English chosen, pages hold Vietnamese only where they quote data or mark it lang="vi"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from facilities.models import User
from indicators import definitions
from indicators.actions.catalogue import load_catalogue
from indicators.models import DataElement, Form, FormSection, Indicator
from reporting.content import build_content
from reporting.renderers import render
from tests.config.access_site import Site, make_site, routes
from tests.config.test_translations import QUOTED, VIETNAMESE
from tests.reporting.cases import small_snapshot

pytestmark = [
    pytest.mark.django_db,
    # WhiteNoise warns of the folder that collectstatic makes.
    pytest.mark.filterwarnings("ignore:No directory at"),
]
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SAID = {"alt", "aria-label", "data-label", "placeholder", "title"}
LEFT_OUT = ("admin:", "api:", "schema", "healthz")
READERS = ("administrator", "planner", "reviewer", "clerk", "officer")


class Words(HTMLParser):
    """The words of a page outside elements marked lang="vi", and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._marks: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        vietnamese = given.get("lang") == "vi" or (bool(self._marks) and self._marks[-1])
        if not vietnamese:
            self.found += [given[name] for name in SAID & given.keys() if given[name]]
        if tag not in VOID:
            self._marks.append(vietnamese and given.get("lang") != "en")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._marks.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._marks:
            self._marks.pop()

    def handle_data(self, data: str) -> None:
        if not (self._marks and self._marks[-1]):
            self.found.append(data)


@pytest.fixture
def site() -> Site:
    site = make_site()
    for model in (Form, DataElement, Indicator):
        model.objects.update(name_en="An English name")
    FormSection.objects.update(title_en="An English title")
    return site


def test_pages_in_english_hold_no_vietnamese_of_their_own(site):
    data = stored_texts()
    found = {}
    for reader in READERS:
        client = english(site.people[reader])
        for name, route in routes().items():
            if name.startswith(LEFT_OUT):
                continue
            answer = client.get(site.address(name, route))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                assert answer["Content-Language"] == "en"
                found |= {(name, words): reader for words in foreign(answer.text, data)}
    assert found == {}


def test_the_sign_in_page_and_errors_are_english(site):
    client = english(None)
    pages = [
        client.get("/account/sign-in/"),
        client.post("/account/sign-in/", {"username": "a", "password": "b"}),
        english(site.people["planner"]).get("/plans/khong-co/"),
    ]
    assert [page.status_code for page in pages] == [200, 200, 404]
    data = stored_texts()
    assert [foreign(page.text, data) for page in pages] == [[], [], []]


def test_administration_is_english(site):
    client = english(site.people["administrator"])
    # Left out is what Django itself stores in the language of the day: the names of its permissions.
    own = re.compile(r"admin:(facilities|indicators|plans|reporting)_\w+_(changelist|add)")
    lists = [name for name in routes() if own.fullmatch(name)]
    data = stored_texts(twins=True)  # lists of definitions show both names
    found = {}
    for name in ["admin:index", *lists]:
        answer = client.get(site.address(name, routes()[name]))
        if answer.status_code == 200:
            found |= {(name, words): 200 for words in foreign(answer.text, data)}
    assert len(lists) > 10 and found == {}


def test_the_official_report_is_vietnamese_whoever_prepares_it(site):
    day = date(2026, 1, 10)
    with translation.override("vi"):
        meant = build_content(site.report, today=day)
        book = load_workbook(BytesIO(render(small_snapshot(), "xlsx")))
    with translation.override("en"):
        assert build_content(site.report, today=day) == meant
        other = load_workbook(BytesIO(render(small_snapshot(), "xlsx")))
    assert [sheet.title for sheet in other] == [sheet.title for sheet in book]
    assert [list(sheet.values) for sheet in other] == [list(sheet.values) for sheet in book]


def test_without_a_choice_pages_are_vietnamese(site):
    client = english(site.people["planner"])
    client.cookies.clear()
    client.force_login(site.people["planner"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/plans/", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "vi" and "Kế hoạch" in answer.text


def test_every_text_of_the_catalogue_comes_with_its_english_twin():
    load_catalogue(definitions.load())
    lacking = {
        (model.__name__, twin.name, row.pk)
        for model in apps.get_app_config("indicators").get_models()
        for twin in model._meta.fields
        if twin.name.endswith("_en")
        for row in model.objects.all()
        if getattr(row, twin.name.removesuffix("_en")) and not getattr(row, twin.name)
    }
    assert DataElement.objects.count() > 50 and lacking == set()


def english(reader: User | None) -> Client:
    client = Client()
    if reader:
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def foreign(page: str, data: set[str]) -> list[str]:
    """Words with Vietnamese letters, once the stored texts in them are taken away."""
    parser = Words()
    parser.feed(page)
    found = []
    for words in parser.found:
        rest = words
        for text in sorted(data | QUOTED, key=len, reverse=True) if VIETNAMESE.search(words) else ():
            rest = rest.replace(text, "")
        if VIETNAMESE.search(rest):
            found.append(" ".join(rest.split()))
    return found


def stored_texts(*, twins: bool = False) -> set[str]:
    """Every text in the database; one with an English twin beside it only if `twins`."""
    found: set[str] = set()
    for label in ("facilities", "indicators", "plans", "reporting"):
        for model in apps.get_app_config(label).get_models():
            fields = [
                f
                for f in model._meta.fields
                if isinstance(f, models.CharField | models.TextField | models.JSONField)
            ]
            for row in model.objects.all():
                for field in fields:
                    if twins or not getattr(row, f"{field.name}_en", ""):
                        found |= set(_texts(getattr(row, field.name)))
            with translation.override("vi"):
                found |= {str(row) for row in model.objects.all() if label == "facilities"}
    return {text for text in found if VIETNAMESE.search(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
