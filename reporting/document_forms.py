"""Forms of what an officer types of a report: judgement parts, words added to computed sentences, head and foot.

Each field has a hidden twin `shown_<name>`, the fingerprint of what it was typed over, so that two people who type in
different fields keep both. The script of the page finds the twin by that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from plans.forms.fields import DayField, LinesField
from reporting.actions.preparing import (
    ADDITION_LIMIT,
    NARRATIVE_LIMIT,
    Parts,
    Value,
    as_text,
    fingerprint,
)
from reporting.content.header import AUTHORITIES
from reporting.content.sections import NARRATIVE
from reporting.document_rules import LineRules, check_number

SHOWN = "shown_"
CONFLICT = _(
    "Phần này vừa được sửa ở nơi khác (người khác, hoặc cửa sổ khác của bạn). Gộp hai bản vào ô rồi lưu lần nữa: "
    "ô này sẽ thay bản kia."
)


@dataclass(frozen=True)
class Row:
    """A field, what it was typed over, and what somebody else wrote there meanwhile."""

    key: str
    bound: forms.BoundField
    shown: forms.BoundField
    other: str


class TypedForm(forms.Form):
    """Parts of one of the report's own fields. What is missing from the data is not asked about."""

    part_of = ""

    def __init__(self, data: Any = None, *, stored: Parts) -> None:
        super().__init__(data, prefix=self.prefix, initial=dict(stored))
        self.stored, self.others = stored, dict[str, Value]()
        self.keys = list(self.fields)
        for key in self.keys:
            initial = fingerprint(stored.get(key, ""))
            self.fields[f"{SHOWN}{key}"] = forms.CharField(
                required=False, initial=initial, widget=forms.HiddenInput
            )

    @property
    def rows(self) -> list[Row]:
        return [self.row(key) for key in self.keys]

    def row(self, key: str) -> Row:
        other = as_text(self.others.get(key, ""))
        return Row(key, self[key], self[f"{SHOWN}{key}"], other)

    @property
    def parts(self) -> dict[str, Value]:
        """What was sent and can be stored, as it is stored."""
        return {key: _stored(self.cleaned_data[key]) for key in self._sent() if key in self.cleaned_data}

    @property
    def shown(self) -> dict[str, str]:
        values = {key: self.cleaned_data.get(f"{SHOWN}{key}", "") for key in self._sent()}
        return {key: value for key, value in values.items() if value}

    def _sent(self) -> Iterator[str]:
        return (key for key in self.keys if self.add_prefix(key) in self.data)

    def settle(self, stored: Parts, others: Parts) -> None:
        """Go on from what is stored now; a part in conflict keeps the typed text and shows the other's."""
        self.others, self.data = dict(others), self.data.copy()
        for key in self.keys:
            self.data[self.add_prefix(f"{SHOWN}{key}")] = fingerprint(stored.get(key, ""))
            if key in others:
                self.add_error(key, CONFLICT)
            elif key not in self.errors:
                self.data[self.add_prefix(key)] = as_text(stored.get(key, ""))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, with the address on the page of the field to mend."""
        return [
            (self[key].id_for_label, f"{self[key].label}: {text}")
            for key in self.keys
            for text in self[key].errors
        ]


def _stored(value: Any) -> Value:
    return value.isoformat() if isinstance(value, date) else value or ""


class Prose(forms.CharField):
    """A typed part. Lines end as they are counted in the browser, in one character."""

    def __init__(self, *, label: str | Promise, max_length: int = NARRATIVE_LIMIT, rows: int = 4) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "lang": "vi"})
        super().__init__(label=label, required=False, max_length=max_length, widget=widget)
        # A browser cuts a longer paste without a word; the form says that it is too long.
        del self.widget.attrs["maxlength"]

    def to_python(self, value: str | None) -> str:
        return super().to_python((value or "").replace("\r\n", "\n"))


class NarrativeForm(TypedForm):
    """The judgement parts the officer types. A part left empty prints as dotted lines."""

    part_of = "narrative"

    direction = Prose(label=_("Công tác chỉ đạo, điều hành"))
    strengths = Prose(label=_("Ưu điểm"))
    limits = Prose(label=_("Tồn tại, hạn chế"))
    causes = Prose(label=_("Nguyên nhân"))
    next = Prose(label=_("Phương hướng, nhiệm vụ"))
    proposals = Prose(label=_("Đề xuất, kiến nghị"))

    def __init__(self, data: Any = None, *, stored: Parts) -> None:
        super().__init__(data, stored=stored)
        for name in NARRATIVE:
            if not str(stored.get(name, "")).strip():
                self.fields[name].help_text = _("Chưa nhập: bản in để dòng chấm “…” ở phần này.")


class AdditionsForm(TypedForm):
    """One field for each computed sentence: what the officer adds after it. The sentence itself stays."""

    part_of = "additions"
    prefix = "addition"

    def __init__(self, data: Any = None, *, stored: Parts, keys: Iterable[str]) -> None:
        self._keys = list(dict.fromkeys([*keys, *stored]))
        self.base_fields = {
            key: Prose(label=_("Thêm sau câu này"), max_length=ADDITION_LIMIT, rows=2) for key in self._keys
        }
        super().__init__(data, stored=stored)


def _line(label: Promise, limit: int, help_text: Promise | str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"lang": "vi", "autocomplete": "off"}),
    )


def _lines(label: Promise, most: int, help_text: Promise | str = "", rows: int = 3) -> forms.CharField:
    return ListField(
        label=label,
        required=False,
        max_length=5_000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "lang": "vi"}),
        validators=[LineRules(most)],
    )


class ListField(LinesField):
    """A list one a line; the dashes people type before each are printed anyway."""

    def clean(self, value: Any) -> list[str]:
        return [bare for line in super().clean(value) if (bare := line.lstrip("-–•+ \t"))]


class DocumentForm(TypedForm):
    """The head and foot. What is left empty prints what the portal proposes, which the field shows in grey."""

    part_of = "document"
    prefix = "document"

    superior = _line(_("Cơ quan chủ quản"), 200)
    issuer = _lines(_("Cơ quan ban hành"), 3, _("Tên dài thì ngắt thành hai, ba dòng."), rows=2)
    number = _line(_("Số, ký hiệu"), 60, _("Như 05/BC-SYT; để trống thì văn thư điền khi ban hành."))
    place = _line(_("Địa danh"), 100)
    date = DayField(label=_("Ngày ban hành"), required=False, help_text=_("Để trống thì điền khi ký."))
    subject = Prose(label=_("Trích yếu"), max_length=500, rows=2)
    addressees = _lines(_("Kính gửi"), 20, _("Mỗi nơi một dòng."), rows=2)
    bases = _lines(_("Căn cứ"), 40, _("Mỗi căn cứ một dòng."))
    authority = forms.ChoiceField(label=_("Thẩm quyền ký"), required=False)
    authority_of = _line(
        _("Thay mặt ai, ký thay ai"), 200, _("Tập thể hoặc chức vụ đứng sau TM., KT., TL., Q., TUQ.")
    )
    office = _line(_("Chức vụ người ký"), 200)
    signer = _line(_("Họ tên người ký"), 120, _("Không ghi học hàm, học vị."))
    recipients = _lines(_("Nơi nhận"), 40, _("Mỗi nơi một dòng; dòng cuối là nơi lưu."), rows=4)

    def __init__(
        self, data: Any = None, *, stored: Parts, proposed: Mapping[str, Value] | None = None
    ) -> None:
        super().__init__(data, stored=stored)
        proposed = dict(proposed or {})
        plain = proposed.pop("authority", "") or _("ký trực tiếp")
        self.fields["authority"].choices = [
            ("", format_lazy("{words} ({plain})", words=_("như cổng đề xuất"), plain=plain)),
            *[(code, f"{code} – {AUTHORITY_WORDS[code]}") for code in AUTHORITIES],
        ]
        for key in set(self.keys) & proposed.keys():
            self.fields[key].widget.attrs["placeholder"] = as_text(proposed[key])

    def clean_number(self) -> str:
        return check_number(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now = {**self.stored, **{key: cleaned[key] for key in self._sent() if key in cleaned}}
        if now.get("authority") and not now.get("authority_of"):
            field = "authority" if self.add_prefix("authority") in self.data else "authority_of"
            self.add_error(field, _("Ghi thêm thay mặt ai hoặc ký thay ai, như “GIÁM ĐỐC” sau KT."))
        return cleaned


AUTHORITY_WORDS = {
    "TM.": _("thay mặt tập thể"),
    "KT.": _("ký thay cấp trưởng"),
    "TL.": _("thừa lệnh"),
    "Q.": _("quyền"),
    "TUQ.": _("thừa ủy quyền"),
}
