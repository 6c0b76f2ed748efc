"""A target's text where a report says it: the plan's own words, numbers written as the report writes its own.

Pure.
"""

from __future__ import annotations

import re

from plans.targets.printed import in_numbers
from reporting.content.cells import CLOSE_UNITS

# What a plan's cell begins with a capital, and the middle of a sentence does not.
BEGUN = re.compile(r"(Tăng|Giảm|Đạt|Trên|Dưới|Khoảng|Ít nhất|Tối thiểu|Không quá|Duy trì|Từ)\b")
SAME = "như nội dung chỉ tiêu"


def in_sentence(text: str, unit: str) -> str:
    """Within a sentence: "tăng 0,1", its unit beside a bare number."""
    printed = in_numbers(text).strip().rstrip(".;")
    if BEGUN.match(printed):
        printed = printed[0].lower() + printed[1:]
    bare = printed.strip(" <>≤≥=").replace(",", "").replace(".", "").isdigit()
    return printed + unit if bare and unit in CLOSE_UNITS else printed


def repeats(name: str, text: str) -> bool:
    """Whether a target says no more than the name of its line."""
    return name.strip().rstrip(" .:;") in text
