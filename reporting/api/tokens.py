"""Signing in from a program: a token for a name and a password."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from reporting.api.errors import LockedOut
from reporting.api.operations import Operation
from reporting.api.refusals import Refusal


class SignInRequest(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class TokenShape(serializers.Serializer):
    token = serializers.CharField()


class SignInThrottle(AnonRateThrottle):
    """Guessing is slowed by address, beside the lockout by name and address."""

    scope = "sign-in"
    rate = "20/min"


class GiveToken(Operation):
    """Wrong passwords count towards the same lockout as on the sign-in page."""

    summary = gettext_lazy("Đăng nhập, lấy mã truy cập")
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [SignInThrottle]

    @extend_schema(request=SignInRequest, responses=TokenShape)
    def post(self, request: Request) -> Response:
        asked = SignInRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        page_request = request._request
        user = authenticate(request=page_request, **asked.validated_data)
        if getattr(page_request, "axes_locked_out", False):
            # The flag would have the middleware answer with the sign-in page's own text.
            page_request.axes_locked_out = False
            raise LockedOut
        if user is None:
            raise Refusal("invalid_credentials", _("Tên đăng nhập hoặc mật khẩu không đúng."))
        token, _new = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


class RevokeToken(Operation):
    """After a loss: the token the person holds stops working; the next sign-in gives a new one."""

    summary = gettext_lazy("Hủy mã truy cập của mình")

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        Token.objects.filter(user=request.user).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
