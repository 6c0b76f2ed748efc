"""The whole text of a plan in one field: headings are rows that begin with `# `."""

from __future__ import annotations

from typing import Any

from django import forms

MARK = "# "


class DocumentField(forms.CharField):
    """Cleans into the sections a plan stores: [{"heading": "…", "text": "…"}]."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[dict[str, str]]:
        return read_sections(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return write_sections(value) if isinstance(value, list) else value


def read_sections(text: str) -> list[dict[str, str]]:
    """Split at headings; what stands before the first has none."""
    sections: list[dict[str, str]] = []
    rows: list[str] = []
    heading = ""

    def close() -> None:
        body = "\n".join(rows).strip("\n")
        if heading or body.strip():
            sections.append({"heading": heading, "text": body})

    for row in text.replace("\r\n", "\n").split("\n"):
        if row.startswith(MARK):
            close()
            heading, rows = row.removeprefix(MARK).strip(), []
        else:
            rows.append(row.rstrip())
    close()
    return sections


def write_sections(sections: list[dict[str, str]]) -> str:
    return "\n\n".join(
        "\n".join(
            part for part in (MARK + s["heading"] if s.get("heading") else "", s.get("text") or "") if part
        )
        for s in sections
    )
