"""What a line measures, in words: its formula term by term, how a year is made of months, whose figures count."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from facilities.numbers import MINUS, format_number
from indicators.models import Group, Indicator, Term
from plans.models import PlanIndicator

T = Indicator.Timing
TIMINGS: dict[str, Promise] = {
    T.FLOW: _("Cộng tử số và mẫu số từ tháng 1, rồi chia một lần."),
    T.FLOW_POPULATION: _("Cộng tử số từ tháng 1, chia cho dân số của năm; trước tháng 12 so với nhịp độ."),
    T.RATE: _("Cộng số ca từ tháng 1, chia cho dân số trung bình, quy về 12 tháng."),
    T.STOCK: _("Lấy số mới nhất đã báo cáo trong năm."),
    T.COUNT: _("Cộng dồn từ tháng 1."),
    T.SURVEY: _("Kết quả điều tra, nhập một lần cho cả năm kèm nguồn."),
    T.UNITS: _("Tỷ lệ trạm hoặc xã, tính trên ranh giới của từng thời điểm."),
    T.CHANGE: _("Mức năm nay trừ mức năm trước, tính từ số gốc."),
}


@dataclass(frozen=True)
class Summand:
    """`sign` is empty before the first positive term."""

    sign: str
    name: str
    code: str
    source: str


@dataclass(frozen=True)
class Definition:
    indicator: Indicator
    numerator: list[Summand]
    denominator: list[Summand]
    factor: str
    timing: str
    group: str


def define(line: PlanIndicator) -> Definition | None:
    """The definition in one query; None where nothing computes the line."""
    if line.indicator is None:
        return None
    terms = list(_terms_of(line))
    return Definition(
        indicator=line.indicator,
        numerator=_side(terms, Term.Part.NUMERATOR),
        denominator=_side(terms, Term.Part.DENOMINATOR),
        factor=format_number(line.indicator.factor) if line.indicator.factor != 1 else "",
        timing=str(TIMINGS[line.indicator.timing]),
        group=line.group.label if line.group else "",
    )


def _terms_of(line: PlanIndicator) -> list[Term]:
    people = line.group_id and line.group.kind == Group.Kind.PEOPLE
    group = Q(group=line.group_id) if people else Q(group__code="")
    return list(Term.objects.filter(group, indicator=line.indicator_id).select_related("element"))


def _side(terms: list[Term], part: str) -> list[Summand]:
    return [
        Summand(_sign(term, first=index == 0), term.element.label, term.element.code, term.element.source)
        for index, term in enumerate(t for t in terms if t.part == part)
    ]


def _sign(term: Term, *, first: bool) -> str:
    sign = MINUS if term.coefficient < 0 else "" if first else "+"
    size = abs(term.coefficient)
    return sign if size == 1 else f"{sign} {format_number(size.normalize())} ×".strip()
