"""Loading the definitions: the files are the truth, the tables follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import models, transaction

from indicators import definitions
from indicators.actions.catalogue_removal import remove_items, remove_the_rest
from indicators.actions.duties import mark_computed_months, refresh_duties
from indicators.models import (
    DataElement,
    Form,
    FormItem,
    FormSection,
    Group,
    Indicator,
    Rule,
    Term,
)

EVERYBODY = {"code": "", "kind": Group.Kind.ALL, "name": "Tất cả", "name_en": "All"}


@dataclass(frozen=True)
class Loaded:
    """How many definitions now stand there, and how many duties changed."""

    groups: int
    elements: int
    forms: int
    items: int
    rules: int
    indicators: int
    terms: int
    duties_changed: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@transaction.atomic
def load_catalogue(catalogue: definitions.Catalogue) -> Loaded:
    """Make the tables say what the files say. Rerunnable: the same files again change nothing.

    Definitions gone from the files are removed where nothing uses them, else CatalogueInUse. Where the
    change touches what the roll-up reads, every computed month is marked.
    """
    before = _fingerprint()
    groups = _groups(catalogue.groups)
    elements = _elements(catalogue.elements)
    forms = _forms(catalogue.forms)
    _sections_and_items(catalogue.forms, forms, elements, groups)
    _rules(catalogue.rules)
    _indicators(catalogue.indicators, elements, groups)
    remove_the_rest(catalogue)
    if _fingerprint() != before:
        mark_computed_months()
    duties = refresh_duties()
    return Loaded(
        groups=Group.objects.count(),
        elements=DataElement.objects.count(),
        forms=Form.objects.count(),
        items=FormItem.objects.count(),
        rules=Rule.objects.count(),
        indicators=Indicator.objects.count(),
        terms=Term.objects.count(),
        duties_changed=duties,
    )


def _upsert(model: type[models.Model], rows: Iterable[models.Model], key: list[str]) -> None:
    """Insert the rows, or update what is not their key; one statement a batch."""
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in key]
    model.objects.bulk_create(
        list(rows), update_conflicts=True, unique_fields=key, update_fields=fields, batch_size=50
    )


def _groups(groups: Iterable[definitions.Group]) -> dict[str, int]:
    rows = [Group(code=g.code, kind=g.kind, trait=g.trait, name=g.name, name_en=g.name_en) for g in groups]
    _upsert(Group, [Group(**EVERYBODY), *rows], ["code"])
    return dict(Group.objects.values_list("code", "pk"))


def _elements(elements: Iterable[definitions.Element]) -> dict[str, int]:
    rows = [
        DataElement(
            code=e.code,
            name=e.name,
            name_en=e.name_en,
            short_name=e.short,
            definition=e.definition,
            definition_en=e.definition_en,
            example=e.example,
            example_en=e.example_en,
            source=e.source,
            is_stock=e.stock,
            is_yearly=e.period == "year",
            is_sensitive=e.sensitive,
        )
        for e in elements
    ]
    _upsert(DataElement, rows, ["code"])
    return dict(DataElement.objects.values_list("code", "pk"))


def _forms(forms: Iterable[definitions.Form]) -> dict[tuple, int]:
    rows = [
        Form(
            code=f.code,
            name=f.name,
            name_en=f.name_en,
            valid_from=f.valid_from,
            valid_to=f.valid_to,
            legal_basis=f.legal_basis,
            basis=f.basis,
            periodicity=f.periodicity,
            facility_types=list(f.facility_types),
            deadline_working_days=f.deadline_working_days,
            deadline_month_day=f.deadline_month_day,
            allows_nothing=f.allows_nothing,
        )
        for f in forms
    ]
    _upsert(Form, rows, ["code", "valid_from"])
    return {(code, start): pk for pk, code, start in Form.objects.values_list("pk", "code", "valid_from")}


def _sections_and_items(
    forms: Iterable[definitions.Form],
    form_ids: dict[tuple, int],
    elements: dict[str, int],
    groups: dict[str, int],
) -> None:
    """Items move to their section before the sections and items left over are removed."""
    forms = list(forms)
    sections = [
        FormSection(
            form_id=form_ids[form.code, form.valid_from], order=order, title=s.title, title_en=s.title_en
        )
        for form in forms
        for order, s in enumerate(form.sections, start=1)
    ]
    _upsert(FormSection, sections, ["form", "order"])
    section_ids = {
        (form, order): pk for pk, form, order in FormSection.objects.values_list("pk", "form", "order")
    }
    items = [
        FormItem(
            form_id=form_id,
            section_id=section_ids[form_id, number],
            order=order,
            element_id=elements[item.element],
            group_id=groups[item.group],
            column=item.column or item.element.partition(".")[2][:10],
            name=item.name,
            name_en=item.name_en,
        )
        for form in forms
        for form_id in [form_ids[form.code, form.valid_from]]
        for number, section in enumerate(form.sections, start=1)
        for order, item in enumerate(section.items, start=1)
    ]
    _upsert(FormItem, items, ["form", "element", "group"])
    remove_items({(item.form_id, item.element_id, item.group_id) for item in items})
    kept = {(section.form_id, section.order) for section in sections}
    FormSection.objects.filter(pk__in=[pk for key, pk in section_ids.items() if key not in kept]).delete()


def _rules(rules: Iterable[definitions.Rule]) -> None:
    rows = [
        Rule(
            code=r.code,
            kind=r.kind,
            form_code=r.form,
            expression=r.expression,
            parameters=dict(r.parameters),
            scope=r.scope,
            message=r.message,
            message_en=r.message_en,
            valid_from=r.valid_from,
            valid_to=r.valid_to,
        )
        for r in rules
    ]
    _upsert(Rule, rows, ["code"])


def _indicators(
    indicators: Iterable[definitions.Indicator], elements: dict[str, int], groups: dict[str, int]
) -> None:
    indicators = list(indicators)
    rows = [
        Indicator(
            code=i.code,
            name=i.name,
            name_en=i.name_en,
            short_name=i.short,
            factor=i.factor,
            unit=i.unit,
            unit_en=i.unit_en,
            direction=i.direction,
            timing=i.timing,
            basis=i.basis,
            interval=i.interval,
            decimals=i.decimals,
            source=i.source,
        )
        for i in indicators
    ]
    # An official code may have been imported; a file without one must not blank it.
    fields = [
        f.name
        for f in Indicator._meta.concrete_fields
        if f.name not in {"id", "code", "official_code", "valid_from", "valid_to"}
    ]
    Indicator.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fields, batch_size=50
    )
    ids = dict(Indicator.objects.values_list("code", "pk"))
    terms = [
        Term(
            indicator_id=ids[i.code],
            part=t.part,
            element_id=elements[t.element],
            group_id=groups[t.group],
            coefficient=t.coefficient,
        )
        for i in indicators
        for t in i.terms
    ]
    key = ["indicator", "part", "element", "group"]
    _upsert(Term, terms, key)
    kept = {(t.indicator_id, t.part, t.element_id, t.group_id) for t in terms}
    gone = [pk for pk, *rest in Term.objects.values_list("pk", *key) if tuple(rest) not in kept]
    Term.objects.filter(pk__in=gone).delete()


def _fingerprint() -> list[list[tuple]]:
    """What the roll-up reads of the definitions."""
    return [
        list(Form.objects.order_by("pk").values_list("pk", "basis", "periodicity")),
        list(FormItem.objects.order_by("pk").values_list("form", "element", "group")),
        list(Indicator.objects.order_by("pk").values_list("pk", "basis", "timing")),
        list(
            Term.objects.order_by("indicator", "part", "element", "group").values_list(
                "indicator", "part", "element", "group", "coefficient"
            )
        ),
    ]
