"""The pages that say where the numbers of a frozen report come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from plans.models import Plan


@dataclass(frozen=True)
class Origin:
    """The addresses of where the numbers of a report come from. `as_of` "": nothing was computed."""

    plan: Plan
    as_of: str
    boundaries: str = ""

    @classmethod
    def of(cls, content: dict[str, Any], plan: Plan) -> Origin:
        frozen = content["boundaries"]
        return cls(plan, content["period"]["as_of"] or "", frozen["area"] if is_restated(content) else "")

    def url(self, key: str, **more: str) -> str:
        """Where a number of a line up to the report's month comes from."""
        query = QueryDict(mutable=True)
        query.update({"year": self.as_of[:4], "as_of": self.as_of, **more})
        if self.boundaries:
            query["boundaries"] = self.boundaries
        return f"{reverse('plans:origin', args=[self.plan.slug, key])}?{query.urlencode()}"


def is_restated(content: dict[str, Any]) -> bool:
    """Whether the frozen figures count on other boundaries than the plan's own; snapshots of format 1 never do."""
    return bool(content["boundaries"].get("is_restated"))
