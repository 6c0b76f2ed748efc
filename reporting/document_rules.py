"""What decree 30/2020/NĐ-CP asks of the head and foot: what is refused, and what is only warned of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reporting.content.decree import AS_ABOVE, DOTS, has_title, is_filing, is_number

LINE_LIMIT = 500
# Under these the signer has an office of its own.
FOR_OTHERS = ("KT.", "TL.", "TUQ.")


class LineRules:
    """At most so many lines, none longer than a paragraph."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, value: str) -> None:
        lines = [line for line in value.splitlines() if line.strip()]
        if len(lines) > self.most:
            raise ValidationError(_("Nhiều nhất %(most)s dòng.") % {"most": self.most})
        if any(len(line) > LINE_LIMIT for line in lines):
            raise ValidationError(_("Mỗi dòng nhiều nhất %(most)s ký tự.") % {"most": LINE_LIMIT})


def check_number(text: str) -> str:
    """The number as the decree writes it. Raises ValidationError."""
    if text and not is_number(text):
        raise ValidationError(
            _(
                "Số, ký hiệu viết như 05/BC-SYT: số dưới 10 có số 0 đứng trước, không cách trống quanh dấu / và dấu -."
            )
        )
    return text


def warnings(document: Mapping[str, Any]) -> dict[str, str]:
    """What of the head and foot is stored yet looks wrong, by key, in words."""
    found = {}
    if has_title(document.get("signer", "")):
        found["signer"] = _("Trước họ tên người ký không ghi học hàm, học vị.")
    if document.get("authority") in FOR_OTHERS and not document.get("office"):
        found["office"] = _(
            "Ghi chức vụ người ký, như “Phó Giám đốc”: để trống thì bản in ghi chức vụ của cấp trưởng."
        )
    if wrong := list(_of_recipients(document.get("recipients") or [])):
        found["recipients"] = " ".join(wrong)
    return found


def _of_recipients(lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    if not lines[0].casefold().startswith(AS_ABOVE):
        yield _("Văn bản có Kính gửi thì dòng đầu của Nơi nhận là “Như trên;”.")
    if not any(map(is_filing, lines)):
        yield _("Nơi nhận thiếu nơi lưu nên bản in có thêm dòng “Lưu: VT, ......”; hãy ghi rõ dòng này.")
    elif not is_filing(lines[-1]):
        yield _("Dòng cuối của Nơi nhận là nơi lưu, như “Lưu: VT, NVY.”.")


def open_parts(document: Mapping[str, Any], proposed: Mapping[str, Any]) -> list[str]:
    """Keys that would print dots or nothing. Number and date are not among them: the registry fills them."""
    found = []
    for key in ("addressees", "office", "signer", "recipients"):
        value = document.get(key) or proposed.get(key) or ""
        text = value if isinstance(value, str) else "\n".join(value)
        if not text.strip() or DOTS in text:
            found.append(key)
    return found
