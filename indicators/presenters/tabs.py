"""The pages about one period's figures as tabs, by what a person may do; a period chosen on one is kept on the next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from facilities.models import Role, User
from facilities.permissions import Permission, grants_anywhere, has_role

# View, label, the permission asked for, views below it, whether it is filtered by period.
TABS: tuple[tuple[str, Promise, Permission, frozenset[str], bool], ...] = (
    ("matrix", _("Tình hình báo cáo"), Permission.VIEW_SUBMISSION, frozenset(), True),
    ("review", _("Đã nộp"), Permission.VIEW_SUBMISSION, frozenset(), True),
    ("due", _("Chưa nộp"), Permission.VIEW_SUBMISSION, frozenset(), True),
    ("corrections", _("Đính chính"), Permission.VIEW_SUBMISSION, frozenset({"correction"}), False),
    ("closing", _("Khóa kỳ"), Permission.CLOSE_PERIOD, frozenset(), True),
    ("upload", _("Tệp Excel"), Permission.VIEW_SUBMISSION, frozenset({"upload-preview"}), True),
)
# A clerk finds these in the navigation of every page.
IN_NAVIGATION = frozenset({"due", "upload"})


@dataclass(frozen=True)
class Tab:
    url: str
    label: Promise
    is_current: bool


def tabs_for(user: User, view: str, period: str) -> list[Tab]:
    """`view` is the name of the page open (without its namespace), `period` the text of a period or ""."""
    held = grants_anywhere(user, {permission for _name, _label, permission, _below, _by in TABS})
    own = has_role(user, Role.CLERK)
    return [
        Tab(_address(name, period if by_period else ""), label, view == name or view in below)
        for name, label, permission, below, by_period in TABS
        if permission in held and not (own and name in IN_NAVIGATION)
    ]


def _address(name: str, period: str) -> str:
    url = reverse(f"submissions:{name}")
    return f"{url}?period={period}" if period else url
