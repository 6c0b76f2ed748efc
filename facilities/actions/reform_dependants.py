"""What depends on a reform, so that it can no longer be undone without a trace."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from facilities import reform_hooks
from facilities.models import Area, Reform

# Rows derived from places, made and unmade with them.
DERIVED = {
    "facilities.contribution",
    "facilities.coverage",
    "facilities.stalemark",
    "facilities.reform",
    "indicators.monthlyresult",
}
SHOWN = 5


def dependants_of(reform: Reform) -> list[str]:
    """Why the reform cannot be undone, in sentences; empty where it can."""
    if reform.is_undone:
        return [_("Lần sắp xếp này đã được hoàn tác.")]
    found = [*_later_reforms(reform), *_taken_codes(reform), *_naming(reform)]
    found += [sentence for ask in reform_hooks.dependants for sentence in ask(reform)]
    return found


def _later_reforms(reform: Reform) -> Iterator[str]:
    """Reforms that ended what this one began, or the area above one that would come back."""
    above = Area.objects.filter(children__ended_by=reform).exclude(ended_by=reform)
    ending = Q(ended__begun_by=reform) | Q(ended__in=above)
    later = Reform.objects.filter(ending).exclude(pk=reform.pk).distinct()
    for one in later:
        yield _("Lần sắp xếp sau dựa trên địa bàn mới: %(reform)s. Hoàn tác lần đó trước.") % {"reform": one}


def _taken_codes(reform: Reform) -> Iterator[str]:
    """An area that comes back needs its code, which another may have been given since."""
    codes = reform.ended.values("code")
    alive = Q(valid_to__isnull=True) | Q(valid_to__gt=reform.date)
    taken = Area.objects.filter(alive, code__in=codes, valid_from__gte=reform.date).exclude(begun_by=reform)
    if not reform.begun.filter(ended_by__isnull=False).exists():
        for area in taken:
            yield _("Mã %(code)s nay là của %(area)s.") % {"code": area.code, "area": area.name}


def _naming(reform: Reform) -> Iterator[str]:
    """Whatever row of whatever app names an area that the reform began and is not the reform's own."""
    begun = list(reform.begun.all())
    own = {
        "facilities.area": Q(begun_by=reform),
        "facilities.succession": Q(reform=reform) | Q(reform__ended__begun_by=reform),
        "facilities.placement": Q(reform=reform) | Q(reform__ended__begun_by=reform),
    }
    for relation in Area._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created:
            continue
        model = relation.related_model
        label = model._meta.label_lower
        if label in DERIVED:
            continue
        rows = model._default_manager.filter(**{f"{relation.field.name}__in": begun})
        if label in own:
            rows = rows.exclude(pk__in=model._default_manager.filter(own[label]).values("pk"))
        yield from _sentences(rows, model)


def _sentences(rows: models.QuerySet, model: type[models.Model]) -> Iterator[str]:
    what = model._meta.verbose_name
    for row in rows[:SHOWN]:
        yield _("Có %(what)s gắn với địa bàn mới: %(row)s.") % {"what": what, "row": row}
