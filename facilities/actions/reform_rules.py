"""What an order for a reform must fulfil, in words for the person who enters it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from facilities.models import Area, Reform
from facilities.models.facilities import CODE, CODE_WANTED
from facilities.periods import FIRST_READ, LAST_READ
from facilities.reform_orders import NewArea, Order

Kind = Reform.Kind
LEVELS = (Area.Level.COUNTRY, Area.Level.PROVINCE, Area.Level.DISTRICT, Area.Level.COMMUNE)
MANY = 2
SMALLEST = Decimal("0.000001")  # what a stored share tells apart


class Named(Protocol):
    """An area that begins: its values by field, and the area that stands above it."""

    values: dict[str, Any]
    parent: Area | None


class Problems:
    """Refusals by the field they are about, raised together."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = defaultdict(list)

    def add(self, field: str, message: str) -> None:
        if message not in self.found[field]:
            self.found[field].append(message)

    def raise_any(self) -> None:
        if self.found:
            raise ValidationError(dict(self.found))


def is_readable(day: date) -> bool:
    """Whether the day lies in the years that periods are read in; later ones have no month to rule from."""
    return FIRST_READ <= day.year <= LAST_READ


def day_wanted() -> str:
    words = {"first": FIRST_READ, "last": LAST_READ}
    return _("Ngày sắp xếp phải từ năm %(first)d đến năm %(last)d. Kiểm tra lại năm.") % words


def check_head(order: Order, problems: Problems) -> None:
    if not order.legal_basis.strip():
        problems.add("legal_basis", _("Cần ghi căn cứ pháp lý: số, ngày của nghị quyết hoặc quyết định."))
    if not is_readable(order.date):
        problems.add("date", day_wanted())


def check_lives(order: Order, areas: Sequence[Area], problems: Problems) -> None:
    """Every area that ends must be alive on the day and must not have ended or begun by a later reform."""
    for area in areas:
        if area.valid_to is not None:
            problems.add("date", _ended_by_another(area))
        elif area.valid_from >= order.date:
            message = _("%(area)s chỉ bắt đầu từ ngày %(day)s: ngày sắp xếp phải sau ngày đó.")
            problems.add("date", message % {"area": area.name, "day": f"{area.valid_from:%d/%m/%Y}"})


def _ended_by_another(area: Area) -> str:
    message = _(
        "%(area)s đã kết thúc ngày %(day)s bởi một lần sắp xếp khác. "
        "Chọn ngày khác, hoặc hoàn tác lần đó trước."
    )
    return message % {"area": area.name, "day": f"{area.valid_to:%d/%m/%Y}"}


def check_numbers(order: Order, problems: Problems) -> None:
    """How many areas each kind of reform takes and makes."""
    old, new = len(set(order.predecessors)), len(order.successors)
    if order.kind == Kind.MERGE:
        if old < MANY:
            problems.add("predecessors", _("Nhập cần từ hai đơn vị cũ trở lên."))
        if new != 1:
            problems.add("successors", _("Nhập chỉ thành một đơn vị mới."))
    elif order.kind == Kind.DIVIDE:
        if old != 1:
            problems.add("predecessors", _("Chọn một đơn vị bị chia."))
        if new < MANY:
            problems.add("successors", _("Chia cần từ hai phần trở lên."))
    elif order.kind == Kind.RENAME:
        if old != 1:
            problems.add("predecessors", _("Chọn một đơn vị đổi tên."))
        if new != 1:
            problems.add("successors", _("Ghi tên mới."))
    elif old < 1:
        problems.add("predecessors", _("Chọn ít nhất một đơn vị chuyển đi."))


def check_level(order: Order, areas: Sequence[Area], problems: Problems) -> None:
    """One level, under one province; provinces go whole, and only communes are divided or moved."""
    if len({area.level for area in areas}) > 1:
        problems.add("predecessors", _("Các đơn vị cũ phải cùng một cấp."))
    if any(area.level == Area.Level.COUNTRY for area in areas):
        problems.add("predecessors", _("Không sắp xếp cả nước."))
    if len({top.pk for area in areas if (top := province_of(area)) and top != area}) > 1:
        problems.add("predecessors", _("Các đơn vị cũ phải cùng một tỉnh, thành phố."))
    if order.kind in (Kind.DIVIDE, Kind.MOVE) and any(area.level != Area.Level.COMMUNE for area in areas):
        problems.add(
            "predecessors",
            _(
                "Chỉ chia và chuyển được xã, phường, đặc khu. "
                "Đơn vị lớn hơn đi theo các xã của nó: chuyển từng xã."
            ),
        )


def check_parent(order: Order, areas: Sequence[Area], parent: Area | None, problems: Problems) -> None:
    """Who moves goes under another area of a higher level that lives on that day."""
    if order.kind != Kind.MOVE:
        return
    if parent is None or parent.level not in (Area.Level.PROVINCE, Area.Level.DISTRICT):
        problems.add("parent", _("Chọn đơn vị cấp trên mới."))
        return
    if parent.valid_from <= order.date and parent.valid_to and parent.valid_to > order.date:
        # What moved under it would stay behind when it ends: its parts have gone on elsewhere already.
        problems.add("parent", _ended_by_another(parent))
    elif parent.valid_from > order.date or parent.valid_to:
        problems.add("parent", _("%(area)s không còn vào ngày sắp xếp.") % {"area": parent.name})
    if any(area.parent_id == parent.pk for area in areas):
        problems.add("parent", _("Có đơn vị đã trực thuộc %(area)s.") % {"area": parent.name})


def check_shares(order: Order, problems: Problems) -> None:
    """Shares of a division are all known and add up to 1, or all unknown; known ones have a source."""
    if order.kind != Kind.DIVIDE:
        return
    shares = [successor.share for successor in order.successors]
    if all(share is None for share in shares):
        return
    message, _rows = faulty_shares(shares)
    if message:
        problems.add("successors", message)
    if not order.share_source.strip():
        problems.add("share_source", _("Tỷ phần cần nguồn: văn bản, số liệu dùng để tính."))


def faulty_shares(shares: Sequence[Decimal | None]) -> tuple[str, list[int]]:
    """What is wrong with the shares of a division's parts, and in which of them (positions); "" where nothing is."""
    if all(share is None for share in shares):
        return "", []
    if missing := [n for n, share in enumerate(shares) if share is None]:
        return _("Ghi tỷ phần của mọi phần, hoặc để trống tất cả nếu chưa biết."), missing
    if outside := [n for n, share in enumerate(shares) if not 0 < share < 1]:
        return _("Mỗi tỷ phần lớn hơn 0 và nhỏ hơn 1."), outside
    if long := [n for n, share in enumerate(shares) if share != share.quantize(SMALLEST)]:
        return _("Tỷ phần có nhiều nhất sáu chữ số thập phân."), long
    if sum(shares) != 1:
        total = f"{sum(shares).normalize():f}".replace(".", ",")
        words = _("Các tỷ phần phải cộng lại bằng 1; đang là %(sum)s.") % {"sum": total}
        return words, list(range(len(shares)))
    return "", []


def check_names(order: Order, births: Sequence[Named], ended: Sequence[Area], problems: Problems) -> None:
    """No name is given to an area while another of its level under the same area above is called so.

    Who goes on or moves keeps a name that others gave.
    """
    given = [] if order.kind == Kind.MOVE else list(zip(births, order.successors, strict=True))
    kept = [birth for birth, new in given if new.goes_on is not None]
    living = Area.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=order.date))
    beside = living.filter(parent__in={birth.parent for birth in births if birth.parent})
    beside = beside.exclude(pk__in=[area.pk for area in ended])
    taken = {
        (above, level, _spelt(name)) for above, level, name in beside.values_list("parent", "level", "name")
    }
    twins = {_name_key(birth) for birth in kept}
    for birth, new in given:
        if new.goes_on is not None:
            continue
        key, words = _name_key(birth), {"name": birth.values["name"], "area": birth.parent}
        if key in twins:
            problems.add("successors", _("Hai đơn vị mới cùng tên %(name)s. Đặt tên khác nhau.") % words)
        elif key in taken:
            problems.add("successors", _("%(area)s đã có %(name)s. Đặt tên khác.") % words)
        twins.add(key)


def _name_key(birth: Named) -> tuple[int | None, str, str]:
    return birth.parent and birth.parent.pk, birth.values["level"], _spelt(birth.values["name"])


def _spelt(name: str) -> str:
    """A name as it is told from another: accents count, capitals and spaces do not."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def check_new(order: Order, new: NewArea, ended: Sequence[Area], problems: Problems) -> None:
    """A new area has a code, a kind and a name; one that goes on lives under the same province."""
    if new.goes_on is not None:
        area = next((area for area in ended if area.pk == new.goes_on), None)
        divided = next((area for area in ended if area.pk in order.predecessors), None)
        if area and divided and (area.level, province_of(area)) != (divided.level, province_of(divided)):
            problems.add("successors", _("%(area)s không cùng cấp, cùng tỉnh.") % {"area": area.name})
        return
    if not (new.code.strip() and new.kind.strip() and new.name.strip()):
        problems.add("successors", _("Đơn vị mới cần có mã, loại và tên."))
    elif not re.match(CODE, new.code):
        problems.add("successors", str(CODE_WANTED))


def check_codes(codes: Sequence[str], day: date, ended: Sequence[Area], problems: Problems) -> None:
    """Codes are reused, but never held by two areas on one day: the key is (code, valid_from)."""
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        problems.add("successors", _("Mã %(code)s được ghi cho hai đơn vị mới.") % {"code": code})
    alive_or_later = Area.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), code__in=codes)
    for area in alive_or_later.exclude(pk__in=[area.pk for area in ended]):
        message = _("Mã %(code)s vào ngày %(day)s là của %(area)s.")
        words = {"code": area.code, "day": f"{day:%d/%m/%Y}", "area": area.name}
        problems.add("successors", message % words)


def province_of(area: Area) -> Area | None:
    """The province the area lies in or is; None above provinces."""
    step: Area | None = area
    while step is not None and step.level != Area.Level.PROVINCE:
        step = step.parent
    return step
