"""Lines of a plan and their targets edited in the browser.

A target's text is typed as printed, the machine proposes what it means, a person confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import User
from facilities.permissions import Permission, require
from plans.actions.changes import HasHistory, delete_row, save_row
from plans.actions.load_lines import targets_of
from plans.files import TargetEntry
from plans.files.entry import storable
from plans.files.lines import baseline_meaning, proposed
from plans.models import PlanIndicator, Target
from plans.targets import Meaning


def save_line(*, line: PlanIndicator, by: User) -> PlanIndicator:
    """Create or change a line; the baseline's meaning follows its text.

    Raises PermissionDenied, ValidationError.
    """
    meaning = baseline_meaning(line.baseline_text, line.direction) if line.has_baseline else None
    line.baseline_operator = (meaning.operator or "") if meaning else ""
    line.baseline_value = meaning.value if meaning else None
    line.baseline_kind = meaning.kind if meaning else ""
    if line.parent_id and line.parent.plan_id != line.plan_id:
        raise ValidationError({"parent": _("Dòng trên phải thuộc cùng kế hoạch.")})
    if line.objective_id and line.objective.plan_id != line.plan_id:
        raise ValidationError({"objective": _("Mục tiêu phải thuộc cùng kế hoạch.")})
    save_row(line, plan=line.plan, by=by)
    return line


@transaction.atomic
def delete_line(*, line: PlanIndicator, by: User) -> None:
    """Delete a line nobody entered figures for and nobody shared out. Raises PermissionDenied, HasHistory."""
    require(by, Permission.EDIT_PLAN, line.plan.area)
    if line.entered_figures.exists() or line.sub_lines.exists():
        raise HasHistory(_("Dòng đã có số liệu nhập hoặc dòng con nên không thể xóa."))
    if line.allocation_versions.exists():
        raise HasHistory(_("Chỉ tiêu của dòng đã được phân bổ nên không thể xóa."))
    delete_row(line, plan=line.plan, by=by)


def propose_meanings(*, line: PlanIndicator, year: int, text: str) -> list[Meaning]:
    """What a target's text may mean for this line and year; an empty list where no target is set."""
    return proposed(text, line.direction, year=year, group=line.group_text)


@transaction.atomic
def set_target(
    *, line: PlanIndicator, year: int, text: str, meanings: Sequence[Meaning], by: User
) -> list[Target]:
    """Replace the line's target of a year by a text and its confirmed meanings; none removes it.

    Raises PermissionDenied, ValidationError.
    """
    require(by, Permission.EDIT_PLAN, line.plan.area)
    if year not in line.plan.years:
        raise ValidationError({"year": _("Năm không thuộc kế hoạch.")})
    numbers = [number for m in meanings for number in (m.value, m.upper) if number is not None]
    if not all(storable(number) for number in numbers):
        raise ValidationError({"value": _("Số quá lớn hoặc quá nhiều chữ số thập phân.")})
    before = [str(target) for target in line.targets.filter(year=year)]
    line.targets.filter(year=year).delete()
    targets = targets_of(line, TargetEntry(year, text.strip(), tuple(meanings)))
    for target in targets:
        target.full_clean()
        target.save()
    after = [str(target) for target in targets]
    record(by=by, verb="set_target", subject=line, area=line.plan.area, year=year, before=before, after=after)
    return targets
