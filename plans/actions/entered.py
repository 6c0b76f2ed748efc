"""Figures people enter on a line: actual, estimate, verdict. Append-only; the newest counts."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.numbers import format_number
from facilities.permissions import Permission, require
from indicators.models import Indicator
from plans.files.entry import storable
from plans.models import EnteredFigure, PlanIndicator, Target


def problems_of(figure: EnteredFigure) -> dict[str, str]:
    """What is wrong with an unsaved figure, by field, in words. Its line comes with the plan."""
    problems = {}
    numbers = {name: getattr(figure, name) for name in ("value", "numerator", "denominator")}
    for name, number in numbers.items():
        if number is not None and not storable(number):
            problems[name] = _("Số quá lớn hoặc quá nhiều chữ số thập phân.")
    if figure.value is None:
        problems["value"] = _("Cần nhập giá trị.")
    problems |= problems_of_counts(figure.numerator, figure.denominator)
    if figure.kind == EnteredFigure.Kind.VERDICT:
        problems |= _problems_of_verdict(figure)
    elif figure.line.indicator and not states_change(figure.line):
        problems |= problems_of_part(figure.line.indicator, **numbers)
    plan = figure.line.plan
    first = min(plan.start_year - 1, plan.baseline_year or plan.start_year)
    if not first <= figure.year <= plan.end_year:
        problems["year"] = _("Năm phải từ %(first)s đến %(last)s.") % {"first": first, "last": plan.end_year}
    if not figure.source.strip():
        problems["source"] = _("Cần ghi nguồn.")
    elif len(figure.source) > 300:
        problems["source"] = _("Nguồn dài quá 300 ký tự.")
    return problems


def states_change(line: PlanIndicator) -> bool:
    """Whether people enter a change on the line, of which nothing says how large it may be."""
    return any(target.kind == Target.Kind.CHANGE for target in line.targets.all())


def problems_of_counts(numerator: Decimal | None, denominator: Decimal | None) -> dict[str, str]:
    problems = {}
    if numerator is not None and numerator < 0:
        problems["numerator"] = _("Tử số không thể âm.")
    if denominator is not None and denominator <= 0:
        problems["denominator"] = _("Mẫu số phải lớn hơn 0.")
    if denominator is not None and numerator is None:
        problems["numerator"] = _("Có mẫu số thì phải có tử số.")
    return problems


def problems_of_part(
    indicator: Indicator, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> dict[str, str]:
    """A part of a whole above the whole. A coverage against a register may pass it: the register may know too few."""
    problems: dict[str, str] = {}
    if not indicator.is_part_of_whole:
        return problems
    if value is not None and value > indicator.factor:
        most = f"{format_number(indicator.factor)} {indicator.unit}".replace(" %", "%")
        problems["value"] = _(
            "Chỉ số này là phần của một tổng nên không quá %(most)s. Kiểm tra lại số và nguồn."
        ) % {"most": most}
    if numerator is not None and denominator is not None and numerator > denominator > 0:
        problems["numerator"] = _(
            "Tử số là một phần của mẫu số nên không thể lớn hơn mẫu số %(whole)s. Kiểm tra xem có ghi ngược không."
        ) % {"whole": format_number(denominator.normalize())}
    return problems


def _problems_of_verdict(figure: EnteredFigure) -> dict[str, str]:
    problems = {}
    if figure.value not in (None, 0, 1):
        problems["value"] = _("Đánh giá là 1 (đạt) hoặc 0 (không đạt).")
    if not any(target.kind == Target.Kind.TEXT for target in figure.line.targets.all()):
        problems["kind"] = _("Chỉ dòng định tính mới ghi đánh giá.")
    return problems


@transaction.atomic
def enter_figure(
    *,
    line: PlanIndicator,
    year: int,
    kind: str,
    value: Decimal,
    source: str,
    by: User,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> EnteredFigure:
    """Add a figure to the line's history. A verdict is 1 (đạt) or 0 (không đạt).

    On a line that states a change the value is that change. Raises PermissionDenied, ValidationError.
    """
    require(by, Permission.ENTER_FIGURE, line.plan.area)
    figure = EnteredFigure(
        line=line,
        year=year,
        kind=kind,
        value=value,
        numerator=numerator,
        denominator=denominator,
        source=source.strip(),
        at=timezone.now(),
        by=by,
    )
    problems = problems_of(figure)
    if problems:
        raise ValidationError(problems)
    figure.full_clean()
    figure.save()
    record(
        by=by, verb="enter_figure", subject=line, area=line.plan.area, year=year, kind=kind, value=str(value)
    )
    return figure
