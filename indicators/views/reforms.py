"""Reforms of places: the list, a new one in steps, and the undo."""

from __future__ import annotations

from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from facilities.actions.reform_dependants import dependants_of
from facilities.actions.reforms import ReformInUse, enter_reform, undo_reform
from facilities.models import Area, Reform, User
from facilities.permissions import Permission, areas_for, grants_anywhere
from indicators.models import Indicator
from indicators.presenters.reform_preview import Preview, annotated, preview_reform
from indicators.reform_forms import ReformForm, StartForm

PAGE = 30
UNSEEN = {"csrfmiddlewaretoken", "action", "seen", "indicator", "rows"}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every reform entered, newest day first; whoever plans for its area may undo it."""
    reforms = Reform.objects.select_related("entered_by", "undone_by", "area").order_by("-date", "-pk")
    page = Paginator(reforms, PAGE).get_page(request.GET.get("page"))
    can_enter = bool(grants_anywhere(request.user, [Permission.REFORM_PLACES]))
    own = set(_own(request.user).values_list("pk", flat=True)) if can_enter else set()
    context = {"page": page, "can_enter": can_enter, "own": own}
    return render(request, "places/reform_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First the kind, place and day (GET); then the form, whose preview must be seen before it is entered."""
    places = _places(request.user)
    if not places:
        raise Http404
    start = StartForm(request.GET if "kind" in request.GET else None, places=places)
    if not start.is_valid():
        return render(
            request, "places/reform_start.html", {"form": start}, status=422 if start.errors else 200
        )
    asked = start.cleaned_data
    place = start.places[asked["place"]]
    form = ReformForm(request.POST or None, kind=asked["kind"], place=place, day=asked["date"])
    action = request.POST.get("action", "")
    preview, seen, changed = None, _seen(request), False
    if form.is_bound and action != "more" and form.is_valid():
        is_seen = request.POST.get("seen") == seen
        if action == "enter" and is_seen:
            if reform := _entered(form, request.user):
                messages.success(request, _("Đã nhập: %(reform)s.") % {"reform": reform})
                return redirect("reforms:list")
        else:
            preview, changed = _preview(form, request.user), action == "enter"
    context = {
        "form": form,
        "kind": dict(start.fields["kind"].choices)[asked["kind"]],
        "place": place,
        "preview": preview,
        "seen": seen,
        "changed": changed,
        "is_division": asked["kind"] == Reform.Kind.DIVIDE,
    }
    refused = form.is_bound and action != "more" and bool(form.errors)
    return render(request, "places/reform_form.html", context, status=422 if refused else 200)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, saying what goes and what stands against it; then undo."""
    reform = get_object_or_404(Reform.objects.filter(area__in=_own(request.user)), pk=pk)
    if "sure" not in request.POST:
        context = {"reform": reform, "problems": dependants_of(reform)}
        return render(request, "places/reform_undo.html", context)
    try:
        undo_reform(reform=reform, by=request.user)
    except ReformInUse as error:
        for message in error.messages:
            messages.error(request, message)
    except PermissionDenied as error:
        raise Http404 from error
    else:
        messages.success(request, _("Đã hoàn tác: %(reform)s.") % {"reform": reform})
    return redirect("reforms:list")


def _own(user: User) -> QuerySet[Area]:
    return Area.objects.covered_by(areas_for(user, Permission.REFORM_PLACES))


def _places(user: User) -> list[Area]:
    """Areas whose parts the person may reform: provinces for their communes, the country for its provinces.

    Those of today, and those that a reform entered ahead of its day will begin.
    """
    lives_on = Q(valid_to__isnull=True) | Q(valid_to__gt=timezone.localdate())
    levels = (Area.Level.PROVINCE, Area.Level.COUNTRY)
    found = _own(user).filter(lives_on, level__in=levels).order_by("valid_from").by_name()
    return sorted(found, key=lambda area: area.level, reverse=True)


def _seen(request: HttpRequest) -> str:
    """A mark of what was typed, so that what is entered is what was previewed."""
    lines = [
        f"{name}={value}"
        for name in sorted(request.POST)
        if name not in UNSEEN
        for value in request.POST.getlist(name)
    ]
    return sha256("\n".join([request.GET.urlencode(), *lines]).encode()).hexdigest()


def _preview(form: ReformForm, user: User) -> Preview | None:
    chosen: Indicator | None = form.cleaned_data["indicator"]
    try:
        return preview_reform(
            order=form.order(), by=user, indicator=annotated().get(pk=chosen.pk) if chosen else None
        )
    except ValidationError as error:
        form.take_errors(error)
    except PermissionDenied:
        form.add_error(None, _("Bạn không có quyền sắp xếp địa bàn của một trong các đơn vị đã chọn."))
    return None


def _entered(form: ReformForm, user: User) -> Reform | None:
    try:
        return enter_reform(order=form.order(), by=user)
    except ValidationError as error:
        form.take_errors(error)
    except PermissionDenied:
        form.add_error(None, _("Bạn không có quyền sắp xếp địa bàn của một trong các đơn vị đã chọn."))
    return None
