"""Totals of years before the stations reported here: entered, corrected, deleted, each act in the log."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.audit import record
from facilities.models import Area, User
from facilities.numbers import format_number
from facilities.permissions import Permission, require
from indicators.models import Term
from indicators.timing import Timing
from plans.actions.changes import changes_of
from plans.actions.entered import problems_of_counts, problems_of_part
from plans.files.entry import storable
from plans.models import HistoricTotal
from plans.models.history import FIRST_YEAR

LEVELS = (Area.Level.PROVINCE, Area.Level.DISTRICT)
SOURCE_LENGTH = 300
SHOWN_DECIMALS = 4


def problems_of(total: HistoricTotal) -> dict[str, str]:
    """What is wrong with a total, by field, in words. Its area and indicator come with it."""
    problems = {}
    for name in ("value", "numerator", "denominator"):
        number = getattr(total, name)
        if number is not None and not storable(number):
            problems[name] = _("Số quá lớn hoặc quá nhiều chữ số thập phân.")
    problems |= problems_of_counts(total.numerator, total.denominator)
    if total.value is None and (total.numerator is None or total.denominator is None):
        problems.setdefault("value", _("Cần nhập giá trị, hoặc cả tử số và mẫu số."))
    last = timezone.localdate().year - 1
    if total.year is None or not FIRST_YEAR <= total.year <= last:
        problems["year"] = _("Năm phải từ %(first)s đến %(last)s.") % {"first": FIRST_YEAR, "last": last}
    if total.area.level not in LEVELS:
        problems["area"] = _("Số tổng chỉ ghi cho cấp tỉnh hoặc cấp huyện.")
    elif "year" not in problems and (words := _not_alive(total.area, total.year)):
        problems["area"] = words
    if total.value is not None and total.value < 0 and not _may_fall_below_zero(total):
        problems.setdefault("value", _("Chỉ số này không thể âm."))
    for name, words in problems_of_part(
        total.indicator, total.value, total.numerator, total.denominator
    ).items():
        problems.setdefault(name, words)
    if not total.source.strip():
        problems["source"] = _("Cần ghi nguồn.")
    elif len(total.source) > SOURCE_LENGTH:
        problems["source"] = _("Nguồn dài quá 300 ký tự.")
    if not problems and not _agrees(total):
        problems["value"] = _(
            "Tử số và mẫu số cho %(value)s. Sửa lại, hoặc để trống giá trị để lấy số này, hoặc bỏ tử số và mẫu số."
        ) % {"value": format_number(total.counted or 0, SHOWN_DECIMALS)}
    return problems


def _not_alive(area: Area, year: int) -> str:
    """Why the place had no such year, in words; empty where it had.

    Years before a reform are told of the new place too: old reports were often reckoned anew for it.
    """
    if area.valid_to is not None and area.valid_to <= date(year, 1, 1):
        return _("Đơn vị này chỉ có đến trước ngày %(day)s: ghi cho đơn vị mới.") % {
            "day": f"{area.valid_to:%d/%m/%Y}"
        }
    return ""


def _may_fall_below_zero(total: HistoricTotal) -> bool:
    """A change, or a difference of counts such as the natural increase."""
    if total.indicator.timing == Timing.CHANGE:
        return True
    return total.indicator.terms.filter(part=Term.Part.NUMERATOR, coefficient__lt=0).exists()


def _agrees(total: HistoricTotal) -> bool:
    """Whether the value is what its counts give, as far as the value was printed: 45,3 stands for 45,25–45,35."""
    counted = total.counted
    if total.value is None or counted is None:
        return True
    return abs(Fraction(total.value) - counted) <= Fraction(_step(total.value)) / 2


def _step(value: Decimal) -> Decimal:
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


@transaction.atomic
def save_total(*, total: HistoricTotal, by: User | None) -> HistoricTotal:
    """Enter a total or save what was corrected in it. `by` None is the system itself.

    Raises PermissionDenied (on its place, and where it is moved on the old place), ValidationError.
    """
    _allow(total, by)
    total.source = total.source.strip()
    problems = problems_of(total)
    if problems:
        raise ValidationError(problems)
    is_new = total.pk is None
    changes = {} if is_new else changes_of(total)
    if not is_new and not changes:
        return total
    total.at, total.by = timezone.now(), by
    total.full_clean()
    try:
        with transaction.atomic():
            total.save()
    except IntegrityError as error:
        raise ValidationError(_("Địa bàn này đã có số tổng của năm này; hãy sửa số đã có.")) from error
    details = facts_of(total) if is_new else {"changes": changes}
    record(by=by, verb="create" if is_new else "update", subject=total, area=total.area, **details)
    return total


@transaction.atomic
def delete_total(*, total: HistoricTotal, by: User) -> None:
    """Delete a total; the log keeps what it said. Raises PermissionDenied."""
    require(by, Permission.ENTER_FIGURE, total.area)
    record(by=by, verb="delete", subject=total, area=total.area, **facts_of(total))
    total.delete()


def facts_of(total: HistoricTotal) -> dict[str, str | int]:
    """The figures of a total as the log keeps them."""
    names = ("value", "numerator", "denominator", "source")
    told = {name: str(found) for name in names if (found := getattr(total, name)) not in (None, "")}
    return {"indicator": total.indicator.code, "group": total.group.code, "year": total.year, **told}


def _allow(total: HistoricTotal, by: User | None) -> None:
    if by is None:
        return
    require(by, Permission.ENTER_FIGURE, total.area)
    stored = HistoricTotal.objects.select_related("area").filter(pk=total.pk).first()
    if stored and stored.area_id != total.area_id:
        require(by, Permission.ENTER_FIGURE, stored.area)
