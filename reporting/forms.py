"""Forms of the report pages. Querysets come from the view; forms clean into domain types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.actions.reports import NARRATIVE_LIMIT, fingerprint
from reporting.content.sections import NARRATIVE


class Prose(forms.CharField):
    """A typed part. Lines end as they are counted in the browser, in one character."""

    def __init__(self, *, label: Promise) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "lang": "vi"})
        super().__init__(label=label, required=False, max_length=NARRATIVE_LIMIT, widget=widget)

    def to_python(self, value: str | None) -> str:
        return super().to_python((value or "").replace("\r\n", "\n"))


class NarrativeForm(forms.Form):
    """The judgement parts the officer types. A part left empty prints as dotted lines.

    A hidden field `shown_<part>` says which text a part was typed over, so that two people who type in
    different parts keep both.
    """

    direction = Prose(label=_("I. Công tác chỉ đạo, điều hành"))
    strengths = Prose(label=_("V.1. Ưu điểm"))
    limits = Prose(label=_("V.2. Tồn tại, hạn chế"))
    causes = Prose(label=_("V.3. Nguyên nhân"))
    next = Prose(label=_("VI. Phương hướng, nhiệm vụ"))
    proposals = Prose(label=_("VII. Đề xuất, kiến nghị"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others: dict[str, str] = {}
        for name in NARRATIVE:
            field, stored = self.fields[name], self.initial.get(name) or ""
            if not stored.strip():
                field.help_text = _("Chưa nhập: bản in để dòng chấm “…” ở phần này.")
            self.fields[shown_name(name)] = forms.CharField(
                required=False, initial=fingerprint(stored), widget=forms.HiddenInput
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, str]]:
        """Each part, what it was typed over, and what somebody else wrote there meanwhile."""
        return [(self[name], self[shown_name(name)], self.others.get(name, "")) for name in NARRATIVE]

    @property
    def parts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in NARRATIVE}

    @property
    def shown(self) -> dict[str, str]:
        values = {name: self.cleaned_data[shown_name(name)] for name in NARRATIVE}
        return {name: value for name, value in values.items() if value}

    def settle(self, stored: Mapping[str, str], others: Mapping[str, str]) -> None:
        """Go on from what is stored now; a part in conflict keeps the typed text and shows the other's."""
        self.others = dict(others)
        self.data = self.data.copy()
        for name in NARRATIVE:
            self.data[shown_name(name)] = fingerprint(stored.get(name, ""))
            if name not in others:
                self.data[name] = stored.get(name, "")
                continue
            self.add_error(
                name,
                _("Người khác vừa sửa phần này. Gộp hai bản vào ô rồi lưu lần nữa: ô này sẽ thay bản kia."),
            )


def shown_name(name: str) -> str:
    return f"shown_{name}"


class FreezeForm(forms.Form):
    """Freezing again says why."""

    reason = forms.CharField(
        label=_("Lý do lập lại"),
        required=False,
        max_length=300,
        help_text=_("Chỉ cần khi nội dung đã khác bản chốt trước."),
    )
