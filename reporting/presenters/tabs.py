"""The pages of one report, in the order its officer goes through them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.models import Report

# Name of the page, what leads to it.
PAGES: list[tuple[str, Promise]] = [
    ("reports:preparing", _("Soạn báo cáo")),
    ("reports:detail", _("Bản chốt, tệp")),
    ("reports:compare", _("So sánh, đính chính")),
    ("reports:signing", _("Ký số")),
    ("reports:sending", _("Vào sổ, gửi")),
]


@dataclass(frozen=True)
class Tab:
    url: str
    label: str
    is_current: bool


def tabs(report: Report, current: str) -> list[Tab]:
    """One tab a page; `current` is the name of the page that shows them."""
    return [Tab(reverse(name, args=[report.pk]), str(label), name == current) for name, label in PAGES]
