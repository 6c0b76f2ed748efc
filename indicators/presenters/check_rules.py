"""The rules of a form as both engines read them: one source for server and browser."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from indicators.expressions import Expression, parse
from indicators.models import Rule
from indicators.models.rules import EVERY_FORM

logger = logging.getLogger(__name__)


def rules_of(form_code: str, period: date) -> list[dict[str, Any]]:
    """The rules of a form in force in a period, in the reader's language. One query."""
    return rules_json(Rule.objects.filter(form_code__in=[form_code, EVERY_FORM]), form_code, period)


def rules_json(rules: Iterable[Rule], form_code: str, period: date) -> list[dict[str, Any]]:
    """Those of `rules` that hold for this form and period: relations first, then slips, each by code.

    `[{"code", "kind", "scope", "expression": {…} | None, "parameters": {…}, "message", "detail"}]`; messages
    hold `{name}` for the numbers and columns that the engines fill in. A rule the engines can not read is left out
    and logged: it must not keep a station from its form.
    """
    own = [rule for rule in rules if applies(rule, form_code, period) and _is_read(rule)]
    own.sort(key=lambda rule: (rule.kind != Rule.Kind.RELATION, rule.code))
    return [_rule(rule) for rule in own]


def applies(rule: Rule, form_code: str, period: date) -> bool:
    """Whether the rule is one of this form and in force in this period."""
    return (
        rule.form_code in (form_code, EVERY_FORM)
        and (rule.valid_from is None or rule.valid_from <= period)
        and (rule.valid_to is None or period < rule.valid_to)
    )


def _is_read(rule: Rule) -> bool:
    if rule.is_readable:
        return True
    logger.error("Rule %s is left out: its expression or parameters can not be read.", rule.code)
    return False


@lru_cache(maxsize=1000)
def parsed(expression: str) -> Expression:
    """A rule's text as an expression. Raises InvalidExpression."""
    return parse(expression)


def _rule(rule: Rule) -> dict[str, Any]:
    expression = parsed(rule.expression) if rule.kind == Rule.Kind.RELATION else None
    return {
        "code": rule.code,
        "kind": rule.kind,
        "scope": rule.scope,
        "expression": expression.as_json() if expression else None,
        "parameters": rule.parameters,
        "message": rule.label,
        "detail": _sums(expression) if expression else "",
    }


def _sums(expression: Expression) -> str:
    """How both sides of a broken rule are said; of an equation between a sum and one cell, which is which."""
    many, one = len(expression.left) > 1, len(expression.right) > 1
    if expression.operator == "=" and many != one:
        whole, cell = ("{left}", "{right}") if many else ("{right}", "{left}")
        return _("(tổng %(sum)s, ô ghi %(cell)s)") % {"sum": whole, "cell": cell}
    return _("(%(left)s so với %(right)s)") % {"left": "{left}", "right": "{right}"}
