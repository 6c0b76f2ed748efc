"""The form of estimates: a value and its source for each line that needs one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.fields import NumberField
from plans.models import PlanIndicator
from reporting.actions.estimates import Estimate, EstimateRefused
from reporting.presenters.preparing import EstimateRow


class EstimatesForm(forms.Form):
    """Fields `value-<id>` and `source-<id>` of every line; a line left empty is left alone."""

    def __init__(self, data: Any = None, *, rows: Sequence[EstimateRow]) -> None:
        super().__init__(data)
        self._rows = rows
        for row in rows:
            name = {"line": row.line.name}
            self.fields[f"value-{row.line.pk}"] = NumberField(
                label=_("Ước thực hiện cả năm: %(line)s") % name, required=False, max_length=40
            )
            self.fields[f"source-{row.line.pk}"] = forms.CharField(
                label=_("Nguồn của ước thực hiện: %(line)s") % name, required=False, max_length=300
            )

    @property
    def rows(self) -> list[tuple[EstimateRow, forms.BoundField, forms.BoundField]]:
        return [(row, self[f"value-{row.line.pk}"], self[f"source-{row.line.pk}"]) for row in self._rows]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in self._rows:
            value, source = (f"{name}-{row.line.pk}" for name in ("value", "source"))
            if cleaned.get(value) is not None and not cleaned.get(source) and source not in self.errors:
                self.add_error(source, _("Cần ghi nguồn."))
            if cleaned.get(source) and cleaned.get(value) is None and value not in self.errors:
                self.add_error(value, _("Cần nhập giá trị."))
        return cleaned

    @property
    def estimates(self) -> list[Estimate]:
        lines: list[PlanIndicator] = [row.line for row in self._rows]
        values = [(line, self.cleaned_data[f"value-{line.pk}"]) for line in lines]
        return [
            Estimate(line, value, self.cleaned_data[f"source-{line.pk}"])
            for line, value in values
            if value is not None
        ]

    @property
    def unasked(self) -> dict[int, str]:
        """What was typed for lines that no longer need an estimate: the text by the id of the line."""
        asked = {f"value-{row.line.pk}" for row in self._rows}
        return {
            int(pk): text.strip()
            for name, text in self.data.items()
            if name.startswith("value-") and name not in asked and text.strip()
            if (pk := name.removeprefix("value-")).isascii() and pk.isdigit()
        }

    def refuse(self, refused: EstimateRefused) -> None:
        """Show why one of them was not stored, at its line."""
        for field, errors in refused.error.message_dict.items():
            name = f"{'source' if field == 'source' else 'value'}-{refused.estimate.line.pk}"
            for text in errors:
                self.add_error(name, text)
