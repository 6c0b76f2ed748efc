"""What a frozen document leaves open for a pen: told to whoever is about to sign or send it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reporting.content.decree import DOTS
from reporting.content.printed import Printed


def left_open(data: Mapping[str, Any]) -> list[str]:
    """Names of the places a snapshot's data prints dots or nothing in, in the order of the document.

    A page that is no letter (the leadership's, the communes') has none: nobody signs it and it has no number.
    """
    return list(_places(data)) if data["content"]["footer"]["office"] else []


def is_unnumbered(data: Mapping[str, Any]) -> bool:
    """Whether number or date of issue are still to be printed: after signing that takes a new document."""
    printed = Printed.of(data)
    return bool(data["content"]["footer"]["office"]) and (printed.number is None or printed.on is None)


def _places(data: Mapping[str, Any]) -> Iterator[str]:
    content, printed = data["content"], Printed.of(data)
    if printed.number is None:
        yield _("Số, ký hiệu")
    if printed.on is None:
        yield _("Ngày ban hành")
    if _has_dots(content["header"].get("addressees", [])):
        yield _("Kính gửi")
    for section in content["sections"]:
        yield from (
            # The words over a typed part are those of its field.
            _(block["prompt"])
            for block in section["blocks"]
            if block["kind"] == "typed" and not block["text"].strip()
        )
    if not content["footer"].get("signer", "").strip():
        yield _("Họ tên người ký")
    if _has_dots(content["footer"].get("recipients", [])):
        yield _("Nơi nhận")


def _has_dots(lines: list[str]) -> bool:
    return not lines or any(DOTS in line for line in lines)
