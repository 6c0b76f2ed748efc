"""Forms of the pages where a document is registered and sent. What is known comes from the view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from facilities.text import printable
from reporting.actions.register import differences
from reporting.actions.sending import DAYS, DAYS_AT_MOST, Recipient
from reporting.content.printed import Printed
from reporting.document_rules import check_number
from reporting.models import Delivery
from reporting.models.sending import number_text

LINE = re.compile(r"^(?P<name>.*?)\s*<(?P<address>[^<>]*)>$")
SYMBOL = re.compile(r"^[^\s/<>]+$")
ADDRESS_LENGTH = 254
NAME_LENGTH = 200
EARLIEST = date(2000, 1, 1)


class RegisterForm(forms.Form):
    """Number, symbol and date of the document; signer and office only where the document leaves them open.

    Where the frozen PDF prints something else than is typed the form asks once whether that is meant; with
    `is_printing` it is not asked, since the document then gets what is typed.
    """

    number = forms.IntegerField(label=_("Số"), min_value=1, max_value=999_999)
    symbol = forms.CharField(
        label=_("Ký hiệu"),
        max_length=60,
        validators=[RegexValidator(SYMBOL, _("Ký hiệu viết liền, không có dấu cách và dấu /, như BC-SYT."))],
    )
    on = forms.DateField(label=_("Ngày văn bản"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    signer = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    office = forms.CharField(label=_("Chức vụ người ký"), max_length=200, required=False)
    sure = forms.BooleanField(label=_("Vẫn vào sổ, giữ nguyên bản PDF này"), required=False)

    def __init__(
        self, *args: Any, printed: Printed, foot: dict[str, Any], is_printing: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.printed, self.is_printing = printed, is_printing
        for name in ("signer", "office"):
            if foot.get(name):
                del self.fields[name]

    @property
    def questions(self) -> Iterator[forms.BoundField]:
        """The fields to show: the confirmation only once it was asked for."""
        asked = self.is_bound and bool(self.errors.get("sure") or self.data.get("sure"))
        return (bound for bound in self if bound.name != "sure" or asked)

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on < EARLIEST:
            raise ValidationError(gettext("Ngày này quá xa; xem lại năm."))
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self.is_printing:
            self._check_printed(number_text(cleaned["number"], cleaned["symbol"]))
        if self.errors or self.is_printing or cleaned.get("sure"):
            return cleaned
        found = differences(self.printed, cleaned["number"], cleaned["symbol"], cleaned["on"])
        if found:
            words = gettext(
                "Để bản PDF khớp với sổ, bấm “Ghi số, ngày vào văn bản và chốt lại”. Nếu số và ngày được ghi "
                "trên bản điện tử khi phát hành, đánh dấu ô này rồi bấm Vào sổ."
            )
            self.add_error("sure", " ".join([*found, words]))
        return cleaned

    def _check_printed(self, text: str) -> None:
        """The document takes no number that its own field on the preparing page would refuse ever after."""
        try:
            check_number(text)
        except ValidationError as error:
            self.add_error("symbol", error)


class SendForm(forms.Form):
    """To whom, how, and for how many days a link stays open."""

    known = forms.MultipleChoiceField(
        label=_("Nơi đã gửi trước đây"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "choices"}),
    )
    typed = forms.CharField(
        label=_("Nơi nhận khác"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        help_text=_("Mỗi dòng một nơi, như: UBND tỉnh &lt;vanthu@tinh.gov.vn&gt;, hoặc chỉ địa chỉ thư."),
    )
    way = forms.ChoiceField(
        label=_("Cách gửi"),
        choices=Delivery.Way.choices,
        initial=Delivery.Way.FILES,
        widget=forms.RadioSelect({"class": "choices"}),
    )
    days = forms.IntegerField(
        label=_("Liên kết có hạn, ngày"), min_value=1, max_value=DAYS_AT_MOST, initial=DAYS
    )

    def __init__(self, *args: Any, book: list[Recipient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = {one.address: one for one in book}
        self.fields["known"].choices = [(one.address, f"{one.name} <{one.address}>") for one in book]
        if not book:
            del self.fields["known"]

    def clean_typed(self) -> list[Recipient]:
        """One recipient a line. Every line that is none is named."""
        found, wrong = [], []
        for line in printable(self.cleaned_data["typed"]).splitlines():
            if not line.strip():
                continue
            recipient = read_recipient(line)
            if recipient is None:
                wrong.append(line.strip())
            else:
                found.append(recipient)
        if wrong:
            words = ngettext(
                "Dòng này không có địa chỉ thư hợp lệ: %(lines)s",
                "Các dòng này không có địa chỉ thư hợp lệ: %(lines)s",
                len(wrong),
            )
            raise ValidationError(words % {"lines": "; ".join(line[:80] for line in wrong[:5])})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [self.book[address] for address in cleaned.get("known", [])]
        cleaned["recipients"] = [*chosen, *cleaned.get("typed", [])]
        if not self.errors and not cleaned["recipients"]:
            self.add_error("typed", gettext("Chọn hoặc nhập ít nhất một nơi nhận."))
        return cleaned


def read_recipient(line: str) -> Recipient | None:
    """ "UBND tỉnh <a@b.vn>" or "a@b.vn"; None where the line holds no address."""
    found = LINE.match(line.strip())
    name, address = (found["name"], found["address"]) if found else ("", line)
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    if len(address) > ADDRESS_LENGTH:
        return None
    return Recipient((name.strip(' "') or address)[:NAME_LENGTH], address)
