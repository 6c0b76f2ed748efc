"""What a target's text means: `parse(text, direction) -> list[Meaning]`. Pure: no Django."""

from plans.targets.meaning import Meaning
from plans.targets.parse import parse

__all__ = ["Meaning", "parse"]
