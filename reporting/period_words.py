"""A report's period in the reader's language; the document itself names it in Vietnamese (`content.periods`)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.content.periods import HALF, NINE_MONTHS, YEAR, ReportPeriod

TITLES: dict[str, Promise] = {
    YEAR: gettext_lazy("năm %(year)s"),
    HALF: gettext_lazy("6 tháng đầu năm %(year)s"),
    NINE_MONTHS: gettext_lazy("9 tháng đầu năm %(year)s"),
}


def title_of(period: ReportPeriod) -> str:
    """ "6 tháng đầu năm 2026", "đến hết tháng 10/2026"."""
    if period.code in TITLES:
        return str(TITLES[period.code]) % {"year": period.year}
    return _("đến hết tháng %(month)s/%(year)s") % {"month": period.last.number, "year": period.last.year}
