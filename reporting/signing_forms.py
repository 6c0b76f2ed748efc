"""The form with which a person signs: the own key, its password, an image of the signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.signatures.keys import PKCS12_LIMIT
from reporting.signatures.pictures import BYTES_LIMIT


class SmallFile(forms.FileField):
    """An uploaded file of bounded size, cleaned into its bytes; b"" where none was chosen."""

    def __init__(self, *, most: int, accept: str, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> bytes:
        file = super().clean(data, initial)
        if not file:
            return b""
        if file.size > self.most:
            raise forms.ValidationError(
                _("Tệp lớn quá %(most)s kB, không phải tệp cần chọn ở ô này."),
                params={"most": self.most // 1024},
            )
        return file.read()


class SigningForm(forms.Form):
    """Files and the password are never sent back to the browser: after an error they are chosen again."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    key = SmallFile(
        label=_("Tệp khoá của người ký (.p12, .pfx)"),
        most=PKCS12_LIMIT,
        accept=".p12,.pfx",
        help_text=_("Chỉ dùng trong lúc ký rồi bỏ; cổng không lưu khoá và mật khẩu."),
    )
    password = forms.CharField(
        label=_("Mật khẩu của tệp khoá"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    picture = SmallFile(
        label=_("Ảnh chữ ký (.png, không bắt buộc)"),
        required=False,
        most=BYTES_LIMIT,
        accept=".png",
        help_text=_("In màu xanh giữa chức vụ và họ tên. Không có ảnh thì in tên và thời điểm ký."),
    )
    other_name = forms.BooleanField(label=_("Vẫn ký bằng chứng thư này"), required=False)

    unfinished = forms.BooleanField(label=_("Vẫn ký, để trống những chỗ này"), required=False)

    @property
    def questions(self) -> Iterator[forms.BoundField]:
        """The fields to show: `other_name` only once it was asked for; `unfinished` stands beside what is open."""
        asked = self.is_bound and bool(self.errors.get("other_name") or self.data.get("other_name"))
        hidden = {"unfinished"} if asked else {"unfinished", "other_name"}
        return (bound for bound in self if bound.name not in hidden)
