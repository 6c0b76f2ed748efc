"""The page behind a link that was sent: no sign-in, only who has the secret, only until it expires."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from reporting.actions.leaving import issued_with, left_with
from reporting.actions.reports import ReportError
from reporting.actions.sending import hash_of, mark_opened
from reporting.mail import MEDIA_TYPES
from reporting.models import Delivery

GONE, NOT_FOUND, TOO_MANY = 410, 404, 429


class LinkRate(SimpleRateThrottle):
    """How often one address may ask for links: plenty for a person, little for a guess at 256 bits."""

    rate = "60/min"
    scope = "links"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


@login_not_required
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What was sent, by whom, until when, and a button for each file; says so where the link expired or was withdrawn.

    Scanners of mail fetch every address: that opens nothing and counts as no opening. Only the button does.
    """
    delivery, refusal = _delivery(request, token)
    if delivery is None:
        return refusal
    issued = issued_with(delivery)
    context = {
        "state": "open",
        "delivery": delivery,
        "issued": issued,
        "token": token,
        "subject": delivery.snapshot.data["content"]["header"]["subject"],
        "agency": issued.agency
        if issued
        else delivery.snapshot.report.issuer_on(timezone.localdate(delivery.at)),
        "files": left_with(delivery),
    }
    return _page(request, context, 200)


@login_not_required
@csrf_exempt  # who has the address may have the file: a page of another site gains nothing by asking for it
@require_http_methods(["GET", "HEAD", "POST"])
def link_file(request: HttpRequest, token: str, format: str) -> HttpResponse:
    """One of the files by POST, proved by its hash before it leaves: the delivery was opened. By GET its page."""
    if request.method != "POST":
        return _private(redirect("reports:link", token))
    delivery, refusal = _delivery(request, token)
    if delivery is None:
        return refusal
    part = next((one for one in left_with(delivery) if one.format == format), None)
    if part is None:
        return _page(request, {"state": "unknown"}, NOT_FOUND)
    try:
        content = part.read()
    except ReportError:
        return _page(request, {"state": "missing"}, GONE)
    mark_opened(delivery)
    response = HttpResponse(content, content_type=MEDIA_TYPES[part.format])
    response["Content-Disposition"] = f'attachment; filename="{part.name}"'
    return _private(response)


def _delivery(request: HttpRequest, token: str) -> tuple[Delivery | None, HttpResponse]:
    """The delivery whose link is open; else None and the page that says why not."""
    rate = LinkRate()
    if not rate.allow_request(request, None):
        refusal = _page(request, {"state": "often"}, TOO_MANY)
        refusal["Retry-After"] = str(int(rate.wait() or 60))
        return None, refusal
    found = Delivery.objects.filter(way=Delivery.Way.LINK, token_hash=hash_of(token))
    delivery = found.select_related(
        "by", "snapshot__report__plan__issuer__area", "snapshot__report__agency__area"
    ).first()
    if delivery is None:
        return None, _page(request, {"state": "unknown"}, NOT_FOUND)
    if not delivery.is_open(timezone.now()):
        state = "withdrawn" if delivery.is_withdrawn else "expired"
        return None, _page(request, {"state": state, "delivery": delivery}, GONE)
    if not delivery.files:
        # Older than the keeping of files, and what it led to is not certain.
        return None, _page(request, {"state": "unsettled"}, GONE)
    return delivery, HttpResponse()


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    return _private(render(request, "reporting/link.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the secret: tell it to no other site, no cache and no search engine.

    With "no-referrer" browsers would send the page's own forms from origin "null", which the language's form refuses.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
