"""Forms of the report pages. Querysets come from the view; forms clean into domain types."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FreezeForm(forms.Form):
    """Freezing again says why."""

    reason = forms.CharField(
        label=_("Lý do lập lại"),
        required=False,
        max_length=300,
        help_text=_("Chỉ cần khi nội dung đã khác bản chốt trước."),
    )
