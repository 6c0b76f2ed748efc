"""The tables of a line's page to download. Counts that could point at a person are left out of files."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from plans.presenters.choices import Choices
from plans.presenters.line import LinePage
from plans.presenters.places import SMALL, Place
from plans.presenters.scorecard_sheet import facts_of
from plans.presenters.sheets import Cell, Sheet, number


def communes_sheet(page: LinePage, choices: Choices) -> Sheet:
    """Files travel further than pages: a place with one to four deaths shows no count in them."""
    hidden = any(place.is_small for place in page.communes)
    facts = _facts(page, choices)
    if hidden:
        facts.append((_("Ghi chú"), _("Ô có dưới %(count)d ca được bỏ trống.") % {"count": SMALL}))
    return Sheet(
        name=f"{choices.plan.slug}-{page.line.key}-{choices.as_of or choices.year}",
        facts=facts,
        heads=[
            _("Mã"), _("Địa bàn"), _("Giá trị"), _("Tử số"), _("Mẫu số"),
            _("Cơ sở–tháng đã có"), _("Cơ sở–tháng phải có"), _("Ghi chú"),
        ],
        rows=[_cells(place) for place in page.communes],
    )  # fmt: skip


def months_sheet(page: LinePage, choices: Choices) -> Sheet:
    return Sheet(
        name=f"{choices.plan.slug}-{page.line.key}-{choices.year}-thang",
        facts=_facts(page, choices),
        heads=[
            _("Tháng"), _("Giá trị tháng"), _("Lũy kế"), _("Cơ sở–tháng đã có"), _("Cơ sở–tháng phải có"),
        ],
        rows=[
            [str(p.month), number(p.value), number(p.to_date), p.reported, p.expected]
            for p in page.row.standing.series
        ],
    )  # fmt: skip


def _facts(page: LinePage, choices: Choices) -> list[tuple[str, str]]:
    standing = page.row.standing
    facts = facts_of(choices, reported=standing.reported, expected=standing.expected)
    return [*facts, (_("Chỉ tiêu"), page.line.name), (_("Đơn vị tính"), page.line.unit)]


def _cells(place: Place) -> Sequence[Cell]:
    figure = place.figure.figure if place.figure and not place.is_small else None
    reported = place.figure.figure if place.figure else None
    return [
        place.area.key,
        place.name,
        number(figure.value) if figure else None,
        number(figure.numerator) if figure else None,
        number(figure.denominator) if figure else None,
        reported.reported if reported else 0,
        reported.expected if reported else 0,
        place.note,
    ]
