"""The stored catalogue follows its files, marks what changed, and refuses to lose what is used."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from facilities.models import StaleMark
from indicators import definitions
from indicators.actions.catalogue import load_catalogue
from indicators.actions.catalogue_removal import CatalogueInUse
from indicators.models import (
    ComputedMonth,
    DataElement,
    Duty,
    Form,
    FormItem,
    Group,
    Indicator,
    Rule,
    Term,
)
from tests.factories import AreaFactory, FacilityFactory
from tests.factories_indicators import SubmissionFactory

pytestmark = pytest.mark.django_db
PACKAGED = definitions.load()


def run(command, *args):
    out = StringIO()
    call_command(command, *args, stdout=out)
    return json.loads(out.getvalue())


def counts():
    models = (Group, DataElement, Form, FormItem, Rule, Indicator, Term)
    return {model.__name__: model.objects.count() for model in models}


def computed(month=date(2025, 8, 1)):
    ComputedMonth.objects.create(month=month, computed_at=timezone.now())


def test_the_packaged_catalogue_loads_whole():
    printed = run("load_catalogue")
    assert counts() == {
        "Group": len(PACKAGED.groups) + 1,
        "DataElement": len(PACKAGED.elements),
        "Form": len(PACKAGED.forms),
        "FormItem": sum(len(form.items) for form in PACKAGED.forms),
        "Rule": len(PACKAGED.rules),
        "Indicator": len(PACKAGED.indicators),
        "Term": sum(len(indicator.terms) for indicator in PACKAGED.indicators),
    }
    assert printed["forms"] == len(PACKAGED.forms)
    assert Group.objects.get(code="").kind == Group.Kind.ALL


def test_loading_again_changes_nothing_and_marks_nothing():
    load_catalogue(PACKAGED)
    computed()
    before = (counts(), list(FormItem.objects.values_list("pk", "section", "order")))
    load_catalogue(PACKAGED)
    assert (counts(), list(FormItem.objects.values_list("pk", "section", "order"))) == before
    assert not StaleMark.objects.exists()


def test_loading_derives_who_owes_what():
    FacilityFactory(area=AreaFactory())
    assert load_catalogue(PACKAGED).duties_changed == Duty.objects.count() > 0


def test_changed_terms_replace_the_old_and_mark_the_computed_months():
    load_catalogue(PACKAGED)
    computed()
    first, *others = PACKAGED.indicators
    fewer = replace(first, terms=first.terms[:-1])
    load_catalogue(replace(PACKAGED, indicators=(fewer, *others)))
    assert Term.objects.filter(indicator__code=first.code).count() == len(first.terms) - 1
    assert StaleMark.objects.get().facility_id is None


def test_a_changed_name_marks_nothing():
    load_catalogue(PACKAGED)
    computed()
    first, *others = PACKAGED.elements
    load_catalogue(replace(PACKAGED, elements=(replace(first, name="Tên mới"), *others)))
    assert DataElement.objects.get(code=first.code).name == "Tên mới"
    assert not StaleMark.objects.exists()


def test_an_imported_official_code_survives_a_reload():
    load_catalogue(PACKAGED)
    Indicator.objects.filter(code="MMR").update(official_code="0401")
    load_catalogue(PACKAGED)
    assert Indicator.objects.get(code="MMR").official_code == "0401"


def without_first_item(catalogue):
    """The last form loses its first item; returns the catalogue and the item."""
    *others, form = catalogue.forms
    section = form.sections[0]
    sections = (replace(section, items=section.items[1:]), *form.sections[1:])
    return replace(catalogue, forms=(*others, replace(form, sections=sections))), section.items[0]


def test_an_unused_item_is_removed():
    load_catalogue(PACKAGED)
    shorter, _item = without_first_item(PACKAGED)
    load_catalogue(shorter)
    assert FormItem.objects.count() == sum(len(form.items) for form in PACKAGED.forms) - 1


def test_an_item_with_values_is_kept_and_the_file_refused():
    load_catalogue(PACKAGED)
    shorter, item = without_first_item(PACKAGED)
    form = Form.objects.filter(code=PACKAGED.forms[-1].code).latest("valid_from")
    SubmissionFactory(form=form, period=date(2025, 1, 1), values={item.cell: 3})
    before = counts()
    with pytest.raises(CatalogueInUse, match=item.element):
        load_catalogue(shorter)
    assert counts() == before


def test_a_form_with_submissions_is_kept_and_the_file_refused():
    load_catalogue(PACKAGED)
    SubmissionFactory(form=Form.objects.get(code="BVN"))
    forms = tuple(form for form in PACKAGED.forms if form.code != "BVN")
    with pytest.raises(CatalogueInUse, match="BVN"):
        load_catalogue(replace(PACKAGED, forms=forms))


def test_broken_files_are_told_and_nothing_is_loaded(monkeypatch):
    problem = definitions.Problem("forms.yaml", "B4", "thiếu khóa name")

    def broken():
        raise definitions.DefinitionError([problem])

    monkeypatch.setattr(definitions, "load", broken)
    with pytest.raises(CommandError, match="forms.yaml: B4: thiếu khóa name"):
        run("load_catalogue")
    assert not DataElement.objects.exists()


def test_the_export_says_what_the_files_say():
    load_catalogue(PACKAGED)
    exported = run("export_catalogue")
    assert set(exported) == {"elements", "groups", "forms", "rules", "indicators"}
    assert {element["code"] for element in exported["elements"]} == {e.code for e in PACKAGED.elements}
    assert {group["code"] for group in exported["groups"]} == {g.code for g in PACKAGED.groups}
    forms = {(form["code"], form["valid_from"]): form for form in exported["forms"]}
    for form in PACKAGED.forms:
        items = forms[form.code, form.valid_from.isoformat()]["items"]
        assert [(item["element"], item["group"] or "") for item in items] == list(form.cells)
        assert forms[form.code, form.valid_from.isoformat()]["allows_nothing"] == form.allows_nothing
    stated = {e["code"]: (e["example"], e["example_en"], e["stock"]) for e in exported["elements"]}
    assert stated == {e.code: (e.example, e.example_en, e.stock) for e in PACKAGED.elements}
    rules = {r["code"]: (r["kind"], r["form"], r["expression"], r["parameters"]) for r in exported["rules"]}
    assert rules == {r.code: (r.kind, r.form, r.expression, r.parameters) for r in PACKAGED.rules}
    indicators = {indicator["code"]: indicator for indicator in exported["indicators"]}
    for indicator in PACKAGED.indicators:
        stored = indicators[indicator.code]
        assert (stored["factor"], stored["direction"], stored["timing"], stored["basis"]) == (
            indicator.factor,
            indicator.direction,
            indicator.timing,
            indicator.basis,
        )
        terms = {(t["part"], t["element"], t["group"] or "", t["coefficient"]) for t in stored["terms"]}
        assert terms == {(t.part, t.element, t.group, t.coefficient) for t in indicator.terms}
