"""The words of the plan pages: verdicts, what stands beside them, and targets said in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.numbers import Number, format_number, format_percent
from plans.assessment import Status

VERDICTS: dict[str, Promise] = {
    Status.EXCEEDED: gettext_lazy("vượt"),
    Status.MET: gettext_lazy("đạt"),
    Status.ON_TRACK: gettext_lazy("có khả năng đạt"),
    Status.AT_RISK: gettext_lazy("nguy cơ không đạt"),
    Status.NOT_MET: gettext_lazy("không đạt"),
    Status.NO_DATA: gettext_lazy("chưa có số liệu"),
    Status.NOT_ASSESSED: gettext_lazy("chưa đánh giá"),
}
ESTIMATED: dict[str, Promise] = {
    Status.EXCEEDED: gettext_lazy("ước vượt"),
    Status.MET: gettext_lazy("ước đạt"),
    Status.NOT_MET: gettext_lazy("ước không đạt"),
}
FLAGS: dict[str, Promise] = {
    "target_worse_than_baseline": gettext_lazy("chỉ tiêu dễ hơn mức đã đạt"),
    "interval_straddles_target": gettext_lazy("khoảng tin cậy chạm chỉ tiêu, chưa đủ cơ sở kết luận"),
    "no_exact_figure": gettext_lazy("không có số liệu chính xác trên ranh giới này"),
    "share_estimate": gettext_lazy("ước lượng theo tỷ phần khi chia địa bàn"),
    "provisional": gettext_lazy("số tạm tính"),
    "ambiguous_target": gettext_lazy("chỉ tiêu có hai cách hiểu, cần người lập kế hoạch chọn"),
    "no_target_this_year": gettext_lazy("năm này không đặt chỉ tiêu"),
}
OPERATORS: dict[str, Promise] = {
    "<": gettext_lazy("dưới %(value)s"),
    "<=": gettext_lazy("không quá %(value)s"),
    "=": gettext_lazy("bằng %(value)s"),
    ">=": gettext_lazy("ít nhất %(value)s"),
    ">": gettext_lazy("trên %(value)s"),
    "between": gettext_lazy("từ %(value)s đến %(upper)s"),
    "about": gettext_lazy("khoảng %(value)s"),
}
MOST_DECIMALS = 4
PERCENT_DECIMALS = 1


@dataclass(frozen=True)
class Verdict:
    """A verdict as shown: `status` names its colour, pattern and icon, `word` says it."""

    status: str
    word: str


def verdict(status: str, flags: tuple[str, ...] = ()) -> Verdict:
    """Word a status; one that rests on an officer's estimate says so ("ước đạt")."""
    words = ESTIMATED if "estimate" in flags and status in ESTIMATED else VERDICTS
    return Verdict(str(status), str(words[status]))


def flag_words(flags: tuple[str, ...]) -> list[str]:
    """The flags in words, in the order they matter; what the verdict's own word says is left out."""
    return [str(words) for flag, words in FLAGS.items() if flag in flags]


def meaning_words(meaning: Any, *, unit: str = "") -> str:
    """Say what a target asks for: "không quá 23", "tăng ít nhất 0,1 ‰ so với năm trước".

    Takes a `Meaning` or a stored `Target`: both have kind, operator, value and upper.
    """
    if meaning.kind == "text":
        return _("định tính: người theo dõi ghi đạt hoặc không đạt, kèm căn cứ")
    if meaning.value is None:
        return _("không kém hơn mức năm gốc")
    if meaning.kind == "change":
        return _change_words(meaning, unit)
    return _compared(meaning, meaning.value, meaning.upper, unit)


def _change_words(meaning: Any, unit: str) -> str:
    """A change met by Δ ≥ +x is an increase of at least x; one met by Δ ≤ −x a decrease of at least x."""
    # A change of a percentage is counted in points; "giảm 2%" alone leaves open which is meant.
    in_points = unit == "%"
    size = _number(abs(meaning.value), "" if in_points else unit)
    if in_points:
        size = _("%(value)s điểm %%") % {"value": size}
    if meaning.operator in (">=", ">") and meaning.value >= 0:
        return _("tăng ít nhất %(value)s so với năm trước") % {"value": size}
    if meaning.operator in ("<=", "<") and meaning.value <= 0:
        return _("giảm ít nhất %(value)s so với năm trước") % {"value": size}
    words = _compared(meaning, meaning.value, meaning.upper, unit)
    return _("thay đổi so với năm trước: %(words)s") % {"words": words}


def _compared(meaning: Any, value: Decimal, upper: Decimal | None, unit: str) -> str:
    numbers = {"value": _number(value, unit), "upper": "" if upper is None else _number(upper, unit)}
    pattern = OPERATORS.get(meaning.operator or "")
    return str(pattern) % numbers if pattern else numbers["value"]


def _number(value: Decimal, unit: str) -> str:
    # Divide nothing here: a text may hold more digits than decimal arithmetic keeps.
    whole = value.to_integral_value()
    return with_unit(format_number(whole if whole == value else value.normalize()), unit)


def with_unit(number: str, unit: str) -> str:
    """Set % and ‰ close to the number, and leave longer units to the heading of the column."""
    return number + unit if unit in ("%", "‰") else number


def number_words(number: str) -> str:
    """A plan's number; one that is signed before it is numbered ("/KH-UBND") says so."""
    return _("(chưa có số văn bản)") if number.startswith("/") else number


def near_target_note(value: Number, target: Number, decimals: int, most: int = MOST_DECIMALS) -> str:
    """What tells a value from its target where both print alike: "89,67" for 89,666 against 90, without unit.

    Empty where they print apart or are equal; in words where even `most` decimals do not part them.
    """
    if value == target or format_number(value, decimals) != format_number(target, decimals):
        return ""
    for places in range(decimals + 1, most + 1):
        closer = format_number(value, places)
        if closer != format_number(target, places):
            return closer
    if value < target:
        return _("thấp hơn kế hoạch dưới mức làm tròn")
    return _("cao hơn kế hoạch dưới mức làm tròn")


def percent_of_target_words(percent: Fraction) -> str:
    """`99,99%` rather than `100,0%` where the target is nearly, but not, reached; nearer than that in words."""
    closer = near_target_note(percent, 100, PERCENT_DECIMALS, PERCENT_DECIMALS + 1)
    if not closer:
        return format_percent(percent, PERCENT_DECIMALS)
    if closer[-1].isdigit():
        return f"{closer}%"
    return _("gần 100%") if percent < 100 else _("hơn 100%")
