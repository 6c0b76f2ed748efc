"""The machine meaning of a target, beside the text the plan prints."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Meaning:
    """One thing a target's text asks for. The parser proposes it, a person confirms it.

    text: the part of the printed text that says so, unchanged.
    year: the year the text names, None where it names none.
    operator: `<` `<=` `=` `>=` `>` `between` `about`, or None for a qualitative text or an undecided sign.
    value, upper: in the unit of the line; upper only with `between`. A level without value asks for no
        worse than the baseline ("duy trì").
    kind: `level`, `change` (this year's level − last year's, so "giảm 2" is −2) or `text`.
    group: the people or places the text singles out, as printed ("đô thị"), None for all.
    ambiguous: a person must decide before it is judged; the meaning given is the likelier reading.
    signed: the text prints its operator; otherwise the line's direction gave it.
    """

    text: str
    year: int | None = None
    operator: str | None = None
    value: Decimal | None = None
    upper: Decimal | None = None
    kind: str = "text"
    group: str | None = None
    ambiguous: bool = False
    signed: bool = False

    @property
    def keeps_baseline(self) -> bool:
        """Say whether the baseline itself is the target."""
        return self.kind == "level" and self.value is None

    def as_json(self) -> dict[str, str | int | float | bool | None]:
        """Give the shape of a target in `export_plan` and `parse_target`: exact decimals as numbers."""
        return {
            "year": self.year,
            "text": self.text,
            "operator": self.operator,
            "value": _json_number(self.value),
            "upper": _json_number(self.upper),
            "kind": self.kind,
            "group": self.group,
            "ambiguous": self.ambiguous,
        }


def _json_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
