"""The navigation a person sees, by what they may do somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.permissions import Permission, assignments_of, grants_anywhere, unread_notices

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
    unread: int = 0


REVIEWED = frozenset({"review", "matrix", "corrections", "correction", "closing"})
PAGES = (
    Page("home", _("Trang chính"), frozenset({P.VIEW_PLAN, P.UPDATE_TASK})),
    Page("submissions:due", _("Phải nộp"), frozenset({P.EDIT_SUBMISSION})),
    Page("submissions:upload", _("Tệp Excel"), frozenset({P.EDIT_SUBMISSION})),
    Page("submissions:review", _("Số liệu kỳ"), frozenset({P.VIEW_SUBMISSION})),
    Page("plans:list", pgettext_lazy("nhiều", "Kế hoạch"), frozenset({P.VIEW_PLAN, P.UPDATE_TASK})),
    Page("quality:list", _("Chất lượng số liệu"), frozenset({P.VIEW_PLAN})),
    Page("reports:list", _("Báo cáo"), frozenset({P.VIEW_REPORT})),
    Page("places:tree", pgettext_lazy("nhiều", "Địa bàn"), frozenset({P.VIEW_PLAN})),
    Page("log:list", _("Nhật ký"), frozenset({P.VIEW_LOG})),
    Page("recompute:list", _("Tính lại"), frozenset({P.ADMINISTER})),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` (links), `person` (name, role, unread notices) and `return_to` for every template."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"return_to": _return_to(request), "navigation": [], "person": None}
    if user is None or not user.is_authenticated:
        return context
    roles = list(dict.fromkeys(held.get_role_display() for held in assignments_of(user)))
    held = grants_anywhere(user, Permission)
    pages = [page for page in PAGES if not page.permissions or page.permissions & held]
    if user.is_staff:
        pages.append(Page("admin:index", _("Quản trị")))
    current = _page_of(request.resolver_match.view_name if request.resolver_match else "", held)
    links = [Link(reverse(page.name), page.label, _is_current(page, current)) for page in pages]
    context["navigation"] = links
    context["person"] = Person(
        user.display_name, ", ".join(str(role) for role in roles[:2]), unread_notices(user)
    )
    return context


def _page_of(view: str, held: frozenset[Permission]) -> str:
    """The main page a page of submissions belongs to; any other view's name as it is.

    Those who type have their lists of their own; for everybody else all is the review of a period's figures.
    """
    namespace, _colon, name = view.partition(":")
    if namespace != "submissions":
        return view
    if P.EDIT_SUBMISSION not in held or name in REVIEWED:
        return "submissions:review"
    return "submissions:upload" if name.startswith("upload") else "submissions:due"


def _is_current(page: Page, current: str) -> bool:
    """A page below a list belongs to that list."""
    namespace = page.name.partition(":")[0]
    below = namespace not in {"home", "submissions"} and current.startswith(f"{namespace}:")
    return current == page.name or below


def _return_to(request: HttpRequest) -> str:
    """Where to go after a change of language: this page again, or the page that posted, which GET can ask for."""
    if request.method == "GET":
        return request.get_full_path()
    posted_from = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        posted_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return posted_from if is_ours else request.path
