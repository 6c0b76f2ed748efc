"""Handing in a month before it is over: possible, for a station may close early, and asked about once."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from facilities.periods import Month
from indicators.models import Form
from indicators.presenters.periods import period_words

EARLY = "early"  # stands among the codes of broken rules that a person has seen


def early_words(form: Form, period: date, today: date) -> str:
    """What is asked while the month still runs; "" afterwards, and of a yearly form: it falls due in its year."""
    if form.is_yearly or Month.of(period) < Month.of(today):
        return ""
    words = _(
        "%(period)s chưa hết: số liệu nộp bây giờ có thể chưa đủ. Đã nộp vẫn lấy lại được cho đến khi duyệt."
    )
    text = words % {"period": period_words(period, yearly=False)}
    return text[0].upper() + text[1:]
