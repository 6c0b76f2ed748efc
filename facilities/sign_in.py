"""The sign-in form, and the page that asks for it in the middle of typing."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_failure_limit
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.csrf import csrf_failure

from facilities import kept


class SignInForm(AuthenticationForm):
    """Django's form with the portal's own words."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra bộ gõ và phím Caps Lock rồi nhập lại."
        ),
        "inactive": gettext_lazy("Tài khoản này đã khóa. Liên hệ người quản trị."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")


def ask_to_sign_in(request: HttpRequest, owner: int) -> HttpResponse:
    """Answer a form posted after the session ended: sign in, and what was typed comes back."""
    context = {
        "form": SignInForm(request),
        "next": request.get_full_path(),
        "kept": kept.pack(request, owner),
    }
    return render(request, "accounts/sign_in.html", context)


def locked_out(request: HttpRequest, _original: HttpResponse | None, credentials: Any) -> HttpResponse:
    """Answer guessing: a page, or words for the entry page's scripts, which sign in where they stand."""
    status = settings.AXES_HTTP_RESPONSE_CODE
    if request.accepts("text/html"):
        context = {"failure_limit": get_failure_limit(request, credentials)}
        return render(request, "accounts/locked.html", context, status=status)
    words = _("Nhập sai nhiều lần: việc đăng nhập từ máy này được tạm dừng khoảng 15 phút.")
    return JsonResponse({"code": "locked", "message": words}, status=status)


def wrong_token(request: HttpRequest, reason: str = "", template_name: str = "403_csrf.html") -> HttpResponse:
    """Answer a request whose token is not of its session: Django's page, or words for scripts."""
    if request.accepts("text/html"):
        return csrf_failure(request, reason, template_name)
    return JsonResponse({"code": "csrf", "message": _("Trang đã cũ. Gửi lại.")}, status=403)
