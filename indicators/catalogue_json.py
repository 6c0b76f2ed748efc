"""The stored catalogue as plain data, for other programs (`export_catalogue`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from indicators.models import DataElement, Form, Group, Indicator, Rule, Term


def catalogue_as_json() -> dict[str, Any]:
    """Elements, groups, forms with items and validity, rules, indicators with terms.

    Everybody is `null` where a group is named, and is no entry of `groups`. Coefficients are exact:
    whole numbers as integers, others as the decimals they have.
    """
    return {
        "elements": [_element(element) for element in DataElement.objects.all()],
        "groups": [
            {"code": g.code, "name": g.name, "name_en": g.name_en, "kind": g.kind, "trait": g.trait or None}
            for g in Group.objects.exclude(code="")
        ],
        "forms": [_form(form) for form in Form.objects.all()],
        "rules": [_rule(rule) for rule in Rule.objects.all()],
        "indicators": [_indicator(indicator) for indicator in _indicators()],
    }


def _element(element: DataElement) -> dict[str, Any]:
    return {
        "code": element.code,
        "name": element.name,
        "name_en": element.name_en,
        "period": "year" if element.is_yearly else "month",
        "example": element.example,
        "example_en": element.example_en,
        "stock": element.is_stock,
        "sensitive": element.is_sensitive,
        "source": element.source,
    }


def _form(form: Form) -> dict[str, Any]:
    items = form.items.select_related("section", "element", "group")
    return {
        "code": form.code,
        "name": form.name,
        "name_en": form.name_en,
        "valid_from": form.valid_from.isoformat(),
        "valid_to": form.valid_to.isoformat() if form.valid_to else None,
        "legal_basis": form.legal_basis,
        "basis": form.basis,
        "periodicity": form.periodicity,
        "facility_types": form.facility_types,
        "deadline": {"working_days": form.deadline_working_days}
        if form.deadline_working_days
        else {"month_day": form.deadline_month_day},
        "allows_nothing": form.allows_nothing,
        "items": [
            {
                "element": item.element.code,
                "group": item.group.code or None,
                "section": item.section.title,
                "column": item.column,
            }
            for item in items
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "kind": rule.kind,
        "form": rule.form_code,
        "expression": rule.expression,
        "parameters": rule.parameters,
        "scope": rule.scope,
        "message": rule.message,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
    }


def _indicators() -> list[Indicator]:
    return list(Indicator.objects.prefetch_related("terms__element", "terms__group"))


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "name": indicator.name,
        "name_en": indicator.name_en,
        "factor": indicator.factor,
        "direction": indicator.direction,
        "timing": indicator.timing,
        "basis": indicator.basis,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "terms": [_term(term) for term in indicator.terms.all()],
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "part": term.part,
        "element": term.element.code,
        "group": term.group.code or None,
        "coefficient": _number(term.coefficient),
    }


def _number(value: Decimal) -> int | float:
    """Two decimals at most, so the shortest float prints them exactly."""
    return int(value) if value == value.to_integral_value() else float(value)
