"""Communes as points on a map: shape and colour say how each stands, size how many people are behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plans.assessment import Status
from plans.charts import Mark, Pin, PointMap
from plans.models import PlanIndicator
from plans.presenters.ranking import Ranked, Ranking

MARKS = {
    Status.EXCEEDED: Mark.GOOD, Status.MET: Mark.GOOD, Status.ON_TRACK: Mark.GOOD,
    Status.AT_RISK: Mark.BAD, Status.NOT_MET: Mark.BAD, Status.NO_DATA: Mark.UNKNOWN,
}  # fmt: skip
FURTHEST = 5
MARK_ORDER = (Mark.BAD, Mark.GOOD, Mark.PLAIN, Mark.UNKNOWN)


@dataclass(frozen=True)
class AreaMap:
    """`unplaced` names the communes that have no coordinates and so no point, `furthest` those that miss by most."""

    points: PointMap | None
    unplaced: list[str]
    furthest: list[str]


def present_map(line: PlanIndicator, ranking: Ranking) -> AreaMap:
    """Shape the ranking's rows; those that miss what they are held to by most are named, with their value."""
    placed = [row for row in ranking.rows if _is_placed(row)]
    unplaced = sorted(row.name for row in ranking.rows if not _is_placed(row))
    if not placed:
        return AreaMap(None, unplaced, [])
    largest = max((_size(row) for row in placed), default=0.0) or 1.0
    missing = _missing_most(placed)
    named = {row.commune.area.pk: place for place, row in enumerate(missing)}
    pins = tuple(
        Pin(
            name=row.name,
            latitude=float(row.commune.area.latitude),
            longitude=float(row.commune.area.longitude),
            mark=mark_of(row),
            words=_words(row),
            weight=_size(row) / largest,
            rank=named.get(row.commune.area.pk, len(placed)),
            label=_label(row) if row.commune.area.pk in named else "",
        )
        for row in placed
    )
    words = {mark: _said(placed, mark) for mark in MARK_ORDER}
    found = [pin.mark for pin in pins]
    legend = tuple((mark, f"{words[mark]}: {found.count(mark)}") for mark in MARK_ORDER if mark in found)
    sizes = _("điểm càng lớn, mẫu số càng lớn") if line.has_denominator else _("điểm càng lớn, số càng lớn")
    return AreaMap(
        PointMap(
            title=_("Bản đồ xã, phường: %(name)s") % {"name": line.name},
            description="; ".join(text for _mark, text in legend),
            pins=pins,
            legend=legend,
            size_words=sizes,
            notes=(
                _("có tên và số: nơi lệch mốc xa nhất, khi có chỗ ghi"),
                _("nền xám chỉ để dễ nhìn, không phải địa giới; mỗi điểm là tâm một xã, phường"),
            )[0 if named else 1 :],
            north=pgettext("vĩ độ", "B"),
            east=pgettext("kinh độ", "Đ"),
        ),
        unplaced,
        [_label(row) for row in missing[:FURTHEST]],
    )


def _label(row: Ranked) -> str:
    return f"{row.name} {row.value}"


def _missing_most(rows: Sequence[Ranked]) -> list[Ranked]:
    """Those in trouble, the furthest from their mark first."""
    missing = [row for row in rows if mark_of(row) == Mark.BAD and row.commune.value is not None]
    return sorted(missing, key=lambda row: row.missed or 0, reverse=True)


def _said(rows: Sequence[Ranked], mark: Mark) -> str:
    """Every word that the mark stands for: "đạt mốc", "vượt, đạt"."""
    return ", ".join(dict.fromkeys(row.verdict.word for row in rows if mark_of(row) == mark))


def mark_of(row: Ranked) -> Mark:
    return MARKS.get(row.verdict.status, Mark.PLAIN)


def _is_placed(row: Ranked) -> bool:
    return row.commune.area.latitude is not None and row.commune.area.longitude is not None


def _size(row: Ranked) -> float:
    figure = row.commune.figure
    if figure is None:
        return 0.0
    return float(figure.numerator or 0) if figure.denominator is None else float(figure.denominator)


def _words(row: Ranked) -> str:
    parts: Sequence[str] = (f"{row.name}: {row.value}", row.counts, row.verdict.word, row.note)
    return "; ".join(part for part in parts if part)
