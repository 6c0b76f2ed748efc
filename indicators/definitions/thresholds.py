"""What the engines of slips could not work with, said alike of a file's rule and of a row's (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite

from indicators.expressions import gettext_noop
from indicators.slips import PARAMETERS, WORDS


def parameters_problem(kind: str, parameters: Mapping[str, object]) -> tuple[str, dict[str, str]] | None:
    """What is wrong with the thresholds of a kind, and the names to put into the words; a relation has none."""
    wanted = PARAMETERS.get(kind, set())
    if missing := sorted(wanted - parameters.keys()):
        return gettext_noop("Thiếu %(names)s."), {"names": ", ".join(missing)}
    if unknown := sorted(map(str, parameters.keys() - wanted)):
        words = gettext_noop("Không có ngưỡng %(names)s ở loại quy tắc này.")
        return words, {"names": ", ".join(unknown)}
    if wrong := [key for key, value in parameters.items() if not _is_threshold(key, value)]:
        return gettext_noop("%(names)s phải là số từ 0 trở lên."), {"names": ", ".join(wrong)}
    if "gap" in wanted and parameters["gap"] >= parameters["gain"]:
        words = gettext_noop("gap phải nhỏ hơn gain, nếu không một dòng trống đã đủ gọi là lệch dòng.")
        return words, {}
    if parameters.get("step", 1) not in (1, -1):
        return gettext_noop("step phải là 1 hoặc -1."), {}
    return None


def unknown_words(kind: str, message: str) -> list[str]:
    """Names in braces that the engine does not fill in for this kind."""
    return sorted(set(re.findall(r"\{(\w+)\}", message)) - WORDS.get(kind, set()))


def _is_threshold(key: str, value: object) -> bool:
    return type(value) in (int, float) and isfinite(value) and (value >= 0 or key == "step")
