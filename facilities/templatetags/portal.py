"""Template filters for Vietnamese numbers, months and days, and the tags behind `templates/_components/`.

Built in: templates need no `{% load portal %}`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from facilities.numbers import Number, format_number, format_percent, format_share
from facilities.periods import Month

register = template.Library()

BLANK = "–"
WEEKDAYS = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


@register.filter
def number(value: Number | None, decimals: int | None = None) -> str:
    """`3571278|number` → 3.571.278; `42.68|number:1` → 42,7; None → an en dash."""
    return BLANK if value is None or value == "" else format_number(value, decimals)


@register.filter
def signed(value: Number | None, decimals: int | None = None) -> str:
    """A change with its sign: +0,04, −0,06."""
    return BLANK if value is None or value == "" else format_number(value, decimals, signed=True)


@register.filter
def percent(value: Number | None, decimals: int | None = 1) -> str:
    """A number already in percent: 96,7%."""
    return BLANK if value is None or value == "" else format_percent(value, decimals)


@register.filter
def share(value: Number | None, decimals: int = 1) -> str:
    """The percent that came of what should: 99,9% rather than 100,0% while something is missing."""
    return BLANK if value is None or value == "" else format_share(value, decimals)


@register.filter
def month(value: date | Month | None) -> str:
    """ "tháng 10/2026", in English "October 2026"."""
    if value is None:
        return BLANK
    first_day = _first_day(value)
    if get_language() == "en":
        return date_format(first_day, "F Y")
    return f"tháng {first_day.month}/{first_day.year}"


@register.filter
def short_month(value: date | Month | None) -> str:
    """`10/2026`, the same in both languages."""
    if value is None:
        return BLANK
    first_day = _first_day(value)
    return f"{first_day.month}/{first_day.year}"


@register.filter
def day(value: date | None) -> str:
    """`06/11/2026`, the same in both languages."""
    if value is None:
        return BLANK
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value:%d/%m/%Y}"


@register.filter
def weekday(value: date | None) -> str:
    """ "thứ Sáu 06/11/2026", in English "Friday 06/11/2026"."""
    if value is None:
        return BLANK
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


@register.filter
def moment(value: datetime | None) -> str:
    """`14:05 ngày 22/11/2026` in local time."""
    if value is None:
        return BLANK
    local = timezone.localtime(value)
    return _("%(time)s ngày %(day)s") % {"time": f"{local:%H:%M}", "day": day(local)}


@register.inclusion_tag("_components/bullet.html")
def bullet(
    actual: float | None,
    target: float | None = None,
    pace: float | None = None,
    last: float | None = None,
    direction: str = "higher",
    words: str = "",
) -> dict[str, Any]:
    """A bullet bar. Numbers are positions in percent of the bar's length; None leaves a mark out.

    `words` is the text a screen reader says instead: give the values themselves.
    """
    goal = _place(target)
    low, high = ("0", goal) if direction == "lower" else (goal, "100")
    return {
        "actual": _place(actual),
        "target": goal,
        "pace": _place(pace),
        "last": _place(last),
        "direction": direction,
        "ok_from": low if direction in {"lower", "higher"} and goal else None,
        "ok_width": _plain(float(high) - float(low)) if goal and low is not None else None,
        "words": words,
    }


def _place(value: float | None) -> str | None:
    """A position inside the bar as an attribute's text: never localised, a comma would break the drawing."""
    return None if value is None or value == "" else _plain(min(100.0, max(0.0, float(value))))


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("_components/verdict.html")
def verdict(status: str, word: str) -> dict[str, str]:
    """A verdict: word, icon, pattern and colour. `status` is one of `assess_plan`'s."""
    return {"status": str(status), "word": word}


@register.inclusion_tag("_components/state.html")
def state(code: str, word: str) -> dict[str, str]:
    """Where a submission, a task or a file stands."""
    return {"code": str(code), "word": word}


@register.inclusion_tag("_components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One field of a Django form with label, help and errors."""
    label = bound.legend_tag if bound.use_fieldset else bound.label_tag
    return {
        "field": bound,
        "label": label(label_suffix=""),
        "is_checkbox": isinstance(bound.field.widget, CheckboxInput),
    }


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed (None removes one): `?{% query_with page=2 %}`."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and value != "":
            query[name] = str(value)
    return query.urlencode()


def _first_day(value: date | Month) -> date:
    return value.first_day if isinstance(value, Month) else value
