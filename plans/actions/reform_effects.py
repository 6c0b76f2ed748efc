"""What a reform of places does to targets that plans gave to single places, said before it is entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from facilities.models import Reform
from plans.models import Allocation, AllocationVersion

SHOWN = 8


def allocations_ended(reform: Reform) -> Iterator[str]:
    """Sentences on the targets given to areas that the reform ends, one a plan and year; nothing where none was given.

    Versions of the year of the reform and later that nothing has superseded: earlier ones are read as they were.
    """
    last = AllocationVersion.objects.filter(superseded_by=None, year__gte=reform.date.year)
    rows = Allocation.objects.filter(version__in=last, area__in=reform.ended.all())
    places: dict[tuple, set[str]] = defaultdict(set)
    lines: dict[tuple, set[str]] = defaultdict(set)
    for share in rows.select_related("version__line__plan", "area").order_by("version__line__order"):
        line = share.version.line
        key = (line.plan.short_title, share.version.year)
        places[key].add(share.area.name)
        lines[key].add(line.key)
    for plan, year in sorted(places):
        yield _(
            "%(plan)s, năm %(year)d: chỉ tiêu giao cho %(places)s (dòng %(lines)s) dừng ở đây, đơn vị mới chưa có chỉ "
            "tiêu giao. Sau khi nhập, mở trang Phân bổ của từng dòng: số đã giao vẫn ở đó, công bố một bản mới có đơn "
            "vị mới."
        ) % {
            "plan": plan,
            "year": year,
            "places": _listed(sorted(places[plan, year])),
            "lines": _listed(sorted(lines[plan, year])),
        }


def _listed(names: list[str]) -> str:
    more = len(names) - SHOWN
    shown = ", ".join(names[:SHOWN])
    return _("%(names)s và %(count)d nữa") % {"names": shown, "count": more} if more > 0 else shown
