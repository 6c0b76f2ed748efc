"""Signing in and out, the language, and one's own account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.db import transaction
from django.forms import CharField, EmailInput, ModelForm, PasswordInput, Select
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language
from rest_framework.authtoken.models import Token

from facilities import kept
from facilities.actions.accounts import save_wishes
from facilities.models import Role, User
from facilities.permissions import has_role
from facilities.sign_in import SignInForm


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

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Signed in in another window meanwhile: what was typed still goes to its page.
        if request.method == "POST" and request.user.is_authenticated:
            self._remember(request)
            if not request.accepts("text/html"):
                return self._who()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=self.request.POST.get(kept.KEPT, ""), **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        answer = super().form_valid(form)
        self._remember(self.request)
        if self.request.accepts("text/html"):
            return answer
        return self._who()

    def _who(self) -> JsonResponse:
        user = self.request.user
        return JsonResponse({"user": user.pk, "name": user.display_name})

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        """The page again; for the entry page's scripts, which sign in where they stand, the words alone."""
        if self.request.accepts("text/html"):
            return super().form_invalid(form)
        words = [message for errors in form.errors.values() for message in errors]
        return JsonResponse({"code": "wrong", "message": " ".join(words)}, status=400)

    @staticmethod
    def _remember(request: HttpRequest) -> None:
        found = kept.unpack(request.POST.get(kept.KEPT, ""))
        if found and not kept.remember(request, found):
            messages.warning(request, _("Số liệu đang gõ dở là của tài khoản khác nên không được giữ lại."))


class SignOut(LogoutView):
    """Signs out on POST only."""


class PasswordChange(PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Who changes a password also shuts out whoever holds a token given for the old one."""
        with transaction.atomic():
            answer = super().form_valid(form)
            Token.objects.filter(user=self.request.user).delete()
        messages.success(self.request, _("Đã đổi mật khẩu."))
        return answer


class LanguageSelect(Select):
    """Each language stands under its own name, and says so to a screen reader."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "attrs": {**option["attrs"], "lang": str(value)}}


class WishesForm(ModelForm):
    """Where and in which language the portal writes to the person, and of what it sends mails."""

    class Meta:
        model = User
        fields = ["email", "language", "wants_reminders", "wants_digest"]
        labels = {"email": gettext_lazy("Địa chỉ thư")}
        help_texts = {"email": gettext_lazy("Để trống thì thông báo chỉ hiện trong cổng.")}
        error_messages = {"email": {"invalid": gettext_lazy("Địa chỉ thư viết như ten@donvi.vn.")}}
        widgets = {"language": LanguageSelect, "email": EmailInput(attrs={"autocomplete": "email"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who has no station is not reminded, who reviews nothing gets no digest: nothing to choose.
        for name, role in (("wants_reminders", Role.CLERK), ("wants_digest", Role.REVIEWER)):
            if not has_role(self.instance, role):
                del self.fields[name]

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"].strip())


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The person's name, what they are trusted with and where, and what they want to be told."""
    return _account_page(request, WishesForm(instance=request.user))


@require_POST
def wishes(request: HttpRequest) -> HttpResponse:
    """Save the address, the language and the wishes; what the form refuses comes back with its reason."""
    form = WishesForm(request.POST, instance=request.user)
    if not form.is_valid():
        # The form has written into the object that the page's head reads.
        request.user.refresh_from_db(fields=list(form.fields))
        return _account_page(request, form, status=422)
    save_wishes(user=form.instance, fields=form.changed_data, email_before=form.initial["email"])
    messages.success(request, _("Đã lưu lựa chọn nhận thông báo."))
    return redirect("accounts:account")


def _account_page(request: HttpRequest, form: WishesForm, status: int = 200) -> HttpResponse:
    assignments = request.user.assignments.select_related("area", "facility", "agency").order_by("role", "pk")
    context = {"assignments": assignments, "wishes": form}
    return render(request, "accounts/account.html", context, status=status)


# Django keeps the choice in the cookie that config.language reads, and only follows `next` to this site.
language = login_not_required(require_POST(set_language))
