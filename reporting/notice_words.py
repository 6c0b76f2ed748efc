"""What the portal tells people about reports, in the language that is active."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.actions.notices import Words
from indicators.deadlines import Owed
from indicators.presenters.periods import period_words


def owed_words(owed: Sequence[Owed], asked_by: str, subject: str) -> Words:
    """What one station owes for a report that is being prepared, and who asks for it."""
    n, facility = len(owed), owed[0].facility
    title = ngettext(
        "Nhắc nộp: %(place)s còn %(n)s báo cáo chưa nộp",
        "Nhắc nộp: %(place)s còn %(n)s báo cáo chưa nộp",
        n,
    )
    lines = [f"– {form}: {', '.join(periods)}" for form, periods in by_form(owed).items()]
    asked = _("%(name)s nhắc để kịp lập báo cáo: %(report)s.") % {"name": asked_by, "report": subject}
    path = reverse("submissions:form", args=owed[0].address) if n == 1 else reverse("submissions:due")
    return Words(title % {"place": facility.name, "n": n}, "\n".join([*lines, "", asked]), path)


def by_form(owed: Sequence[Owed]) -> dict[str, list[str]]:
    """Periods by form: {"Biểu 4": ["tháng 9/2026", "tháng 10/2026"]}."""
    found: dict[str, list[str]] = {}
    for one in sorted(owed, key=lambda o: (o.form.code, o.period)):
        found.setdefault(one.form.label, []).append(period_words(one.period, yearly=one.form.is_yearly))
    return found
