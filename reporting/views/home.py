"""The first page, by role: a clerk's due list; for others what waits for them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.models import Role
from facilities.permissions import assignments_of
from reporting.presenters.home import home_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    roles = {held.role for held in assignments_of(request.user)}
    if roles == {Role.CLERK}:
        return redirect("submissions:due")
    return render(request, "home.html", {"home": home_of(request.user, timezone.localdate())})
