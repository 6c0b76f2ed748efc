"""Signing in and out, the language, and one's own account."""

from django.urls import path

from facilities.views import accounts, notices

app_name = "accounts"
urlpatterns = [
    path("", accounts.account, name="account"),
    path("sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out/", accounts.SignOut.as_view(), name="sign-out"),
    path("language/", accounts.language, name="language"),
    path("wishes/", accounts.wishes, name="wishes"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.mark_read, name="notices-read"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("mails/stop/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("password/", accounts.PasswordChange.as_view(), name="password"),
]
