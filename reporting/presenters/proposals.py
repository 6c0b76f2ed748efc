"""What the portal proposes for the head and foot, as the fields of the page show it in grey."""

from __future__ import annotations

from datetime import date
from typing import Any

from reporting.actions.preparing import Value
from reporting.content.header import place_name
from reporting.models import Report


def proposals_of(report: Report, content: dict[str, Any], today: date) -> dict[str, Value]:
    """The head and foot of a content that nobody set anything of, by key. Number and date have no proposal."""
    head, foot = content["header"], content["footer"]
    return {
        "superior": head["superior"],
        "issuer": head["issuer"],
        "place": place_name(report.issuer_on(today).area),
        "subject": head["subject"],
        "addressees": head["addressees"],
        "bases": content.get("legal_bases", []),
        "authority": " ".join(foot["office"][:-1]),
        "office": " ".join(foot["office"][-1:]),
        "signer": foot["signer"],
        "recipients": foot["recipients"],
    }
