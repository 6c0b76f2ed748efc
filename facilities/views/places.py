"""Places on any day: a tree to walk, an area with its facilities and what became of it, a search without accents."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from facilities.models import Area, Facility, Placement
from facilities.models.areas import AreaNotFound
from facilities.text import alphabetical, spell_out

PAGE = 60


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Provinces valid on a day; with `q`, areas and facilities of any time by name or code."""
    day, understood = _day(request)
    words = request.GET.get("q", "").strip()
    context = {"day": day, "understood": understood, "words": words}
    if words:
        found = Area.objects.matching(words).order_by("-valid_from", "level", "name")
        found = found.select_related("parent__parent")
        context["page"] = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context["facilities"] = list(search_facilities(words)[:PAGE])
    else:
        context["areas"] = _provinces(day)
    return render(request, "places/tree.html", context)


@require_safe
def area_detail(request: HttpRequest, key: str) -> HttpResponse:
    day, understood = _day(request)
    area = _area_or_404(key)
    shown = _inside_life(area, day)
    placements = _placements(area, shown).select_related("facility", "main_station")
    context = {
        "area": area,
        "day": shown,
        "understood": understood,
        "children": area.children.valid_on(shown).by_name(),
        "predecessors": sorted(
            area.origins.select_related("predecessor"), key=lambda one: alphabetical(one.predecessor.name)
        ),
        "successors": sorted(
            area.successions.select_related("successor"), key=lambda one: alphabetical(one.successor.name)
        ),
        "placements": sorted(
            placements,
            key=lambda placed: (placed.main_station_id is not None, alphabetical(placed.facility.name)),
        ),
    }
    return render(request, "places/area_detail.html", context)


def search_facilities(words: str) -> QuerySet[Facility]:
    return Facility.objects.filter(
        Q(code__iexact=words) | Q(folded_name__contains=spell_out(words))
    ).order_by("name")


def _day(request: HttpRequest) -> tuple[date, bool]:
    """The day asked for, and whether it was understood; today otherwise."""
    text = request.GET.get("day", "")
    try:
        return (date.fromisoformat(text), True) if text else (timezone.localdate(), True)
    except ValueError:
        return timezone.localdate(), False


def _provinces(day: date) -> list[Area]:
    below = Count("children", filter=Q(children__valid_from__lte=day) & _alive("children__", day))
    return Area.objects.valid_on(day).filter(level=Area.Level.PROVINCE).annotate(below=below).by_name()


def _alive(prefix: str, day: date) -> Q:
    return Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})


def _area_or_404(key: str) -> Area:
    try:
        return Area.objects.select_related("parent__parent").named(key)
    except AreaNotFound as error:
        raise Http404 from error


def _inside_life(area: Area, day: date) -> date:
    """The day, or the nearest one on which the area existed."""
    if day < area.valid_from:
        return area.valid_from
    if area.valid_to and day >= area.valid_to:
        return date.fromordinal(area.valid_to.toordinal() - 1)
    return day


def _placements(area: Area, day: date) -> QuerySet[Placement]:
    """Where each facility stands on the day, kept where that is in this commune."""
    latest = Placement.objects.filter(from_month__lte=day).order_by("facility", "-from_month")
    newest: dict[int, int] = {}
    here = Placement.objects.filter(area=area, from_month__lte=day).values("facility")
    for pk, facility in latest.filter(facility__in=here).values_list("pk", "facility"):
        newest.setdefault(facility, pk)
    open_then = Facility.objects.open_on(day)
    return Placement.objects.filter(pk__in=newest.values(), area=area, facility__in=open_then)
