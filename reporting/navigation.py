"""The navigation a person sees, by what they may do somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.permissions import Permission, assignments_of, grants_anywhere

P = Permission


@dataclass(frozen=True)
class Page:
    """A main page, for those who hold one of `permissions` somewhere (none named: everybody)."""

    name: str
    label: Promise
    permissions: frozenset[Permission] = frozenset()


@dataclass(frozen=True)
class Link:
    url: str
    label: Promise
    is_current: bool


@dataclass(frozen=True)
class Person:
    name: str
    role: str


PAGES = (
    Page("home", _("Trang chính"), frozenset({P.VIEW_PLAN, P.UPDATE_TASK})),
    Page("submissions:due", _("Phải nộp"), frozenset({P.EDIT_SUBMISSION})),
    Page("submissions:review", _("Số liệu kỳ"), frozenset({P.VIEW_SUBMISSION})),
    Page("plans:list", pgettext_lazy("nhiều", "Kế hoạch"), frozenset({P.VIEW_PLAN, P.UPDATE_TASK})),
    Page("quality:list", _("Chất lượng số liệu"), frozenset({P.VIEW_PLAN})),
    Page("reports:list", _("Báo cáo"), frozenset({P.VIEW_REPORT})),
    Page("places:tree", pgettext_lazy("nhiều", "Địa bàn"), frozenset({P.VIEW_PLAN})),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` (links), `person` (name and role) and `return_to` for every template."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"return_to": _return_to(request), "navigation": [], "person": None}
    if user is None or not user.is_authenticated:
        return context
    roles = list(dict.fromkeys(held.get_role_display() for held in assignments_of(user)))
    held = grants_anywhere(user, Permission)
    pages = [page for page in PAGES if not page.permissions or page.permissions & held]
    links = [_link(request, page) for page in pages]
    if user.is_staff:
        links.append(_link(request, Page("admin:index", _("Quản trị"))))
    context["navigation"] = links
    context["person"] = Person(user.display_name, ", ".join(str(role) for role in roles[:2]))
    return context


def _link(request: HttpRequest, page: Page) -> Link:
    match = request.resolver_match
    current = match.view_name if match else ""
    same = current == page.name
    # A page below a list belongs to that list; the two lists of submissions stand apart.
    namespace = page.name.partition(":")[0]
    below = namespace not in {"home", "submissions"} and current.startswith(f"{namespace}:")
    return Link(reverse(page.name), page.label, same or below)


def _return_to(request: HttpRequest) -> str:
    """Where to go after a change of language: this page again, if it can be asked for with GET."""
    return request.get_full_path() if request.method == "GET" else request.path
