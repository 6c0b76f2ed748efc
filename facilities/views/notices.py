"""What the portal told a person: the list, opening one, and the link in every mail that stops such mails."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities.actions import notices
from facilities.models import Notice
from facilities.permissions import unread_notices
from facilities.text import as_key

PAGE_SIZE = 30


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The person's own notices, the newest first."""
    found = Notice.objects.filter(user=request.user)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "notices": page.object_list, "unread": unread_notices(request.user)}
    return render(request, "notices/notice_list.html", context)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go to its page; mails and the list link here. Another person's is not found."""
    found = get_object_or_404(Notice, user=request.user, pk=pk)
    notices.mark_read(by=request.user, ids=[found.pk])
    is_here = found.path.startswith("/") and not found.path.startswith("//")
    return redirect(found.path if is_here else "accounts:notices")


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one notice read (`notice`), or all of them (`all`)."""
    if request.POST.get("all"):
        notices.mark_read(by=request.user)
        return redirect("accounts:notices")
    pk = as_key(request.POST.get("notice", ""))
    if pk is None or not Notice.objects.filter(user=request.user, pk=pk).exists():
        raise Http404
    notices.mark_read(by=request.user, ids=[pk])
    return redirect("accounts:notices")


# Mail programs post here for their user (RFC 8058): no session, no page of ours; the signed link is the right.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST stops; programs that only look at links stop nothing."""
    try:
        if request.method == "POST":
            user, wish = notices.stop_mails(token=token)
        else:
            user, wish = notices.read_stop_token(token)
    except notices.InvalidToken as error:
        raise Http404 from error
    context = {
        "is_digest": wish == notices.DIGEST,
        "stopped": not getattr(user, notices.WISHES[wish]) or request.method == "POST",
        "owner": user,
    }
    return render(request, "notices/unsubscribe.html", context)
