"""What a tab of the quality pages is asked for: place, form and period, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from facilities.models import Area, Facility
from facilities.models.areas import AreaNotFound
from facilities.permissions import Permission, areas_for, facilities_for, grants_anywhere
from indicators.deadlines import first_asked
from indicators.models import Form
from indicators.presenters.periods import PeriodOption, period_options
from indicators.presenters.quality.scope import Scope, places_to_choose
from indicators.views.periods import period_or_404

TABS: dict[str, Promise] = {
    "list": _("Đủ và đúng hạn"),
    "rules": _("Quy tắc bị vi phạm"),
    "outliers": _("Số lạ"),
    "consistency": _("Nhất quán"),
}
MOST_FACILITIES = 2000  # a large province has a tenth; a country is looked at province by province
YEAR = len("2026")


@dataclass(frozen=True)
class Asked:
    """The scope with the choices of the controls. `root`: the widest place the person may look at as one."""

    scope: Scope
    root: Area | None
    places: list[Area]
    provinces: list[Area]
    forms: list[tuple[str, str]]
    periods: list[PeriodOption]
    tab: str
    is_too_wide: bool
    problem: str = ""

    @property
    def query(self) -> str:
        """Form and period, for links to other places."""
        found = {"period": self.scope.period_text, "form": self.scope.form}
        return urlencode({name: value for name, value in found.items() if value})

    @property
    def tabs(self) -> list[tuple[str, Promise, bool]]:
        """Address, name, and whether it is the one open: each keeps what was chosen."""
        place = f"&{urlencode({'place': self.scope.place.key})}" if self.is_narrowed else ""
        return [
            (f"{reverse(f'quality:{name}')}?{self.query}{place}", label, name == self.tab)
            for name, label in TABS.items()
        ]

    @property
    def is_narrowed(self) -> bool:
        return self.scope.place is not None and self.scope.place != self.root


def read_asked(request: HttpRequest, tab: str, *, months_only: bool) -> Asked:
    """Read the address. What is outside the person's areas, and what is no period or form at all, is not found."""
    if not grants_anywhere(request.user, [Permission.VIEW_PLAN]):
        raise Http404
    today = timezone.localdate()
    options = period_options(first_asked(today), today)
    period, yearly = _period(request.GET.get("period", ""), options, months_only=months_only)
    areas = areas_for(request.user, Permission.VIEW_SUBMISSION)
    held = list(areas)
    root = held[0] if len(held) == 1 else None
    place = _place(request.GET.get("place", ""), areas) or root
    facilities = facilities_for(request.user, Permission.VIEW_SUBMISSION)
    if place is not None and place != root:
        inside = Facility.objects.within(Area.objects.filter(pk=place.pk))
        facilities = facilities.filter(pk__in=inside.values("pk"))
    forms = _forms(period)
    form, problem = _form(request.GET.get("form", ""), forms)
    wide = place is None or place.level == Area.Level.COUNTRY
    day = period if yearly or period <= today else today
    return Asked(
        scope=Scope(facilities, place, period, yearly, form),
        root=root,
        places=[] if root is None or root.level == Area.Level.COUNTRY else places_to_choose(root, day),
        provinces=_provinces(areas, day) if wide else [],
        forms=forms,
        periods=[one for one in options if not months_only or len(one.value) > YEAR],
        tab=tab,
        is_too_wide=wide and facilities.count() > MOST_FACILITIES,
        problem=problem,
    )


def _period(text: str, options: list[PeriodOption], *, months_only: bool) -> tuple[date, bool]:
    period, yearly = period_or_404(text or options[0].value)
    if yearly and months_only:
        return period_or_404(options[0].value)
    return period, yearly


def _place(key: str, areas: QuerySet[Area]) -> Area | None:
    if not key:
        return None
    try:
        return Area.objects.covered_by(areas).named(key)
    except AreaNotFound as error:
        raise Http404 from error


def _form(code: str, forms: list[tuple[str, str]]) -> tuple[str, str]:
    """The form asked for, or "" and in words why not; one that never was is not found."""
    if not code or code in dict(forms):
        return code, ""
    if not Form.objects.filter(code=code).exists():
        raise Http404
    words = gettext(
        "Biểu %(form)s không có hiệu lực trong kỳ này. Bên dưới là mọi biểu; chọn kỳ khác để xem riêng biểu đó."
    )
    return "", words % {"form": code}


def _provinces(areas: QuerySet[Area], day: date) -> list[Area]:
    inside = Area.objects.covered_by(areas).valid_on(day).filter(level=Area.Level.PROVINCE)
    return inside.by_name()


def _forms(period: date) -> list[tuple[str, str]]:
    """Forms in force in the period by code: one query."""
    return [(form.code, form.label) for form in Form.objects.valid_on(period).order_by("code")]
