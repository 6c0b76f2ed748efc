"""Signing in and out, the language, and one's own account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.forms import CharField, PasswordInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language


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


class NewPasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    error_messages = {
        "password_mismatch": gettext_lazy("Hai lần nhập mật khẩu mới không giống nhau."),
        "password_incorrect": gettext_lazy("Mật khẩu hiện nay không đúng."),
    }
    old_password = CharField(
        label=gettext_lazy("Mật khẩu hiện nay"),
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Mật khẩu mới")
        self.fields["new_password2"].label = _("Nhập lại mật khẩu mới")


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Signs out on POST only."""


class PasswordChange(PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Đã đổi mật khẩu."))
        return super().form_valid(form)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The person's name, what they are trusted with and where."""
    assignments = request.user.assignments.select_related("area", "facility", "agency").order_by("role", "pk")
    return render(request, "accounts/account.html", {"assignments": assignments})


# Django keeps the choice in the cookie that config.language reads, and only follows `next` to this site.
language = login_not_required(require_POST(set_language))
