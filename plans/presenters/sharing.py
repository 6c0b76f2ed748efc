"""The page on which a target is shared out: places with last year's figures, values, and the total in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.models import Area
from facilities.numbers import format_number
from facilities.table_files import Cell, Sheet, number
from plans.actions.allocation_file import area_head, mark_head, value_head
from plans.actions.allocations import Draft
from plans.allocation import Basis, Check, Goal
from plans.forms.allocations import SharesForm, name_of
from plans.models import AllocationVersion, Plan, PlanIndicator
from plans.presenters.figures import printed, printed_apart, whole
from plans.presenters.words import near_target_note
from plans.standing.sharing import is_sensitive


@dataclass(frozen=True)
class ShareRow:
    area: Area
    parent: str
    baseline: str
    weight: str
    field: BoundField


@dataclass(frozen=True)
class Total:
    """`words` say how the places together stand to the target; `differs` where publishing asks for a reason."""

    label: str
    value: str
    words: list[str]
    differs: bool


def share_rows(draft: Draft, form: SharesForm) -> list[ShareRow]:
    places = zip(draft.known.areas, draft.known.places, strict=True)
    return [
        ShareRow(
            area,
            parent_of(area, draft.line.plan),
            printed(place.baseline, draft.line),
            whole(place.weight),
            form[name_of(area.pk)],
        )
        for area, place in places
    ]


def parent_of(area: Area, plan: Plan) -> str:
    """The district, where the plan's area is not itself what stands above: names repeat between districts."""
    return area.parent.name if area.parent and area.parent_id != plan.area_id else ""


def present_total(goal: Goal, found: Check, line: PlanIndicator) -> Total:
    """The sum or weighted mean beside the target, the difference in words, and what is not in it."""
    words = [_difference(goal, found, line)]
    if found.missing:
        words.append(
            ngettext(
                "Còn %(count)d địa bàn chưa được giao.",
                "Còn %(count)d địa bàn chưa được giao.",
                found.missing,
            )
            % {"count": found.missing}
        )
    if found.unweighted:
        words.append(
            ngettext(
                "%(count)d địa bàn không có trọng số nên chưa tính vào bình quân.",
                "%(count)d địa bàn không có trọng số nên chưa tính vào bình quân.",
                found.unweighted,
            )
            % {"count": found.unweighted}
        )
    label = _("Cộng các địa bàn") if goal.adds_up else _("Bình quân gia quyền")
    return Total(label, printed_apart(found.total, goal.value, line), [w for w in words if w], found.differs)


def _difference(goal: Goal, found: Check, line: PlanIndicator) -> str:
    difference = found.difference
    if difference is None:
        if goal.adds_up or not found.unweighted:
            return ""
        return _("Chưa tính được bình quân: không biết mẫu số năm trước hay dân số của các địa bàn.")
    if difference == 0:
        return _("Khớp với chỉ tiêu chung.")
    size = {"size": distance(abs(difference), line)}
    if goal.adds_up:
        return (
            _("Thừa %(size)s so với chỉ tiêu chung.")
            if difference > 0
            else _("Thiếu %(size)s so với chỉ tiêu chung.")
        ) % size
    if goal.better and not found.is_worse:
        return _("Không kém chỉ tiêu chung, tốt hơn %(size)s.") % size
    if goal.better:
        return _("Kém chỉ tiêu chung %(size)s.") % size
    return (
        _("Cao hơn chỉ tiêu chung %(size)s.") if difference > 0 else _("Thấp hơn chỉ tiêu chung %(size)s.")
    ) % size


def distance(size: Fraction, line: PlanIndicator) -> str:
    """A distance without its sign: in points for a percentage, never a bare zero where there is one."""
    closer = near_target_note(size, 0, line.decimals)
    text = closer if closer[-1:].isdigit() else format_number(size, line.decimals)
    if size and not text.strip("0,"):
        text = _("dưới mức làm tròn")
    return (
        _("%(value)s điểm %(unit)s") % {"value": text, "unit": line.unit} if line.unit in ("%", "‰") else text
    )


def basis_words(basis: str, year: int) -> str:
    """What the column of weights holds."""
    return {
        Basis.DENOMINATOR: _("Mẫu số %(year)d") % {"year": year - 1},
        Basis.POPULATION: _("Dân số đăng ký"),
        Basis.REPORTED: _("Dân số báo cáo %(year)d") % {"year": year - 1},
    }.get(Basis(basis), _("Trọng số"))


def mark_of(line: PlanIndicator, year: int) -> str:
    """Names the table in a file, so that it is not taken for another line's."""
    return f"{line.plan.slug} / {line.key} / {year}"


def shares_sheet(
    line: PlanIndicator,
    year: int,
    facts: Sequence[tuple[str, str]],
    basis: str,
    rows: Sequence[tuple[Area, Fraction | Decimal | None, Fraction | Decimal | None, Decimal | None]],
) -> Sheet:
    """The table to fill in or to keep: (area, last year's figure, weight, value given) a row."""
    heads = [
        area_head(),
        _("Địa bàn"),
        _("Thuộc"),
        _("Năm %(year)d") % {"year": year - 1},
        basis_words(basis, year),
        value_head(),
    ]
    # Files travel further than pages: last year's deaths of one commune can name a person, and so can a rate
    # beside its denominator.
    hidden = is_sensitive(line)
    cells: list[Sequence[Cell]] = [
        [
            area.key,
            area.name,
            parent_of(area, line.plan),
            None if hidden else number(baseline),
            None if hidden else number(weight),
            number(value),
        ]
        for area, baseline, weight, value in rows
    ]
    head = [
        (mark_head(), mark_of(line, year)),
        (_("Kế hoạch"), str(line.plan)),
        (_("Chỉ tiêu"), line.name),
        (_("Đơn vị tính"), line.unit),
        *facts,
    ]
    if hidden:
        head.append((_("Ghi chú"), why_left_out()))
    return Sheet(f"phan-bo-{line.plan.slug}-{line.key}-{year}", head, heads, cells)


def why_left_out() -> str:
    return _(
        "Không ghi số năm trước và trọng số, để không suy ra được số ca tử vong, HIV hoặc phá thai của từng nơi."
    )


def draft_sheet(draft: Draft, values: Mapping[int, Decimal | None], problem: str) -> Sheet:
    """The table as proposed, to be filled in elsewhere and uploaded again; `problem` says why nothing is proposed."""
    line, goal = draft.line, draft.goal
    how = (_("Cách điền"), _("Chỉ sửa cột “%(head)s”; để trống là không giao.") % {"head": value_head()})
    facts = [(_("Chỉ tiêu chung"), printed(goal.value, line)), how]
    if problem:
        facts.append((_("Chưa đề xuất số nào"), problem))
    known = zip(draft.known.areas, draft.known.places, strict=True)
    rows = [(area, place.baseline, place.weight, values.get(area.pk)) for area, place in known]
    return shares_sheet(line, draft.year, facts, draft.known.basis, rows)


def version_title(version: AllocationVersion) -> str:
    return _("Bản %(number)d, áp dụng từ %(day)s") % {
        "number": version.number,
        "day": f"{version.in_force_from:%d/%m/%Y}",
    }
