"""Lines of a plan and their targets: the text as printed, what it may mean, a person's confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from facilities.permissions import Permission
from plans.actions.lines import delete_line, propose_meanings, save_line, set_target
from plans.forms.errors import add_errors
from plans.forms.lines import ConfirmForm, LineForm, TargetTextForm, proposals
from plans.forms.opened import FIELD, mark_of_targets
from plans.models import PlanIndicator
from plans.presenters.words import meaning_words
from plans.standing.sources import targets_in
from plans.views.access import get_line_or_404, get_plan_or_404
from plans.views.editing.steps import delete_and_return, save_form


@require_http_methods(["GET", "HEAD", "POST"])
def edit_line(request: HttpRequest, slug: str, key: str = "") -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    new = PlanIndicator(plan=plan, order=plan.lines.count() + 1)
    line = get_line_or_404(plan, key) if key else new
    return save_form(
        request,
        LineForm(request.POST or None, instance=line, plan=plan),
        lambda: save_line(line=line, by=request.user),
        plan=plan,
        title=_("Sửa dòng chỉ tiêu") if key else _("Dòng chỉ tiêu mới"),
        back=reverse("plans:edit", args=[slug]),
        delete=reverse("plans:delete-line", args=[slug, key]) if key else "",
    )


@require_POST
def remove_line(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    line = get_line_or_404(plan, key)
    back = reverse("plans:edit", args=[slug])
    targets = sorted({target.year for target in line.targets.all()})
    gone = [_("Chỉ tiêu năm %(year)s") % {"year": year} for year in targets]
    return delete_and_return(
        request,
        lambda: delete_line(line=line, by=request.user),
        back=back,
        plan=plan,
        subject=line.name,
        gone=gone,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_target(request: HttpRequest, slug: str, key: str, year: int) -> HttpResponse:
    """Two steps in one address: POST with `text` proposes; with `choice` beside it, confirms.

    A text made blank is asked about once (`sure`). A target somebody else changed since the page was opened
    is not written over: theirs is shown beside what was typed (409).
    """
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    line = get_line_or_404(plan, key)
    if year not in plan.years:
        raise Http404
    stored = targets_in(line, year)
    form = TargetTextForm(request.POST or None, initial={"text": stored[0].text if stored else ""})
    opened = request.POST.get(FIELD) or mark_of_targets(stored)
    theirs = stored if opened != mark_of_targets(stored) else None
    confirm = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        confirm = _confirm_form(request, line, year, text)
        is_answered = "sure" in request.POST or not stored if not text else confirm.is_valid()
        if theirs is None and is_answered and _set(request, confirm, line, year, text, opened):
            return redirect("plans:edit", slug)
    context = {
        "plan": plan,
        "line": line,
        "year": year,
        "form": form,
        "confirm": confirm if form.is_bound and form.cleaned_data.get("text") else None,
        "removes": form.is_bound and not form.cleaned_data.get("text") and bool(stored),
        "opened": mark_of_targets(stored),
        "stored": stored,
        "theirs": None if theirs is None else [meaning_words(target, unit=line.unit) for target in theirs],
    }
    refused = bool(form.errors) or bool(confirm and confirm.errors)
    status = 409 if theirs is not None else 422 if refused else 200
    return render(request, "plans/target_form.html", context, status=status)


def _confirm_form(request: HttpRequest, line: PlanIndicator, year: int, text: str) -> ConfirmForm:
    meanings = propose_meanings(line=line, year=year, text=text)
    found = proposals(text, meanings, line.unit) if text else []
    data = request.POST if "choice" in request.POST else None
    return ConfirmForm(data, text=text, found=found, initial={"choice": found[0].code if found else ""})


def _set(
    request: HttpRequest, form: ConfirmForm, line: PlanIndicator, year: int, text: str, opened: str
) -> bool:
    """Store what was confirmed, the line locked and its targets still as they were shown."""
    meanings = form.cleaned_data["meanings"] if text else ()
    try:
        with transaction.atomic():
            PlanIndicator.objects.select_for_update().get(pk=line.pk)
            if opened != mark_of_targets(line.targets.filter(year=year)):
                raise ValidationError(_("Người khác vừa lưu mục này. Bấm Lưu lần nữa để xem họ đã đổi gì."))
            set_target(line=line, year=year, text=text, meanings=meanings, by=request.user)
    except ValidationError as error:
        add_errors(form, error)
        return False
    messages.success(request, _("Đã lưu chỉ tiêu năm %(year)s.") % {"year": year})
    return True
