"""Signing in and out, the language, and one's own account."""

from django.urls import path

from facilities.views import accounts

app_name = "accounts"
urlpatterns = [
    path("", accounts.account, name="account"),
    path("sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out/", accounts.SignOut.as_view(), name="sign-out"),
    path("language/", accounts.language, name="language"),
    path("password/", accounts.PasswordChange.as_view(), name="password"),
]
