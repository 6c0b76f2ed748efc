"""The sign-in form, and the page that asks for it in the middle of typing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
