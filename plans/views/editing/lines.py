"""Lines of a plan and their targets: the text as printed, what it may mean, a person's confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from facilities.permissions import Permission
from plans.actions.lines import delete_line, propose_meanings, save_line, set_target
from plans.forms.errors import add_errors
from plans.forms.lines import ConfirmForm, LineForm, TargetTextForm, proposals
from plans.models import PlanIndicator
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
    return delete_and_return(request, lambda: delete_line(line=line, by=request.user), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_target(request: HttpRequest, slug: str, key: str, year: int) -> HttpResponse:
    """Two steps in one address: POST with `text` proposes; with `choice` beside it, confirms."""
    plan = get_plan_or_404(request.user, slug, Permission.EDIT_PLAN)
    line = get_line_or_404(plan, key)
    if year not in plan.years:
        raise Http404
    stored = next((target.text for target in line.targets.all() if target.year == year), "")
    form = TargetTextForm(request.POST or None, initial={"text": stored})
    confirm = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        meanings = propose_meanings(line=line, year=year, text=text)
        found = proposals(text, meanings, line.unit) if text else []
        data = request.POST if "choice" in request.POST else None
        confirm = ConfirmForm(
            data, text=text, found=found, initial={"choice": found[0].code if found else ""}
        )
        if not text or (data and confirm.is_valid()):
            chosen = confirm.cleaned_data["meanings"] if text else ()
            if _set(request, confirm, line, year, text, chosen):
                return redirect("plans:edit", slug)
    context = {"plan": plan, "line": line, "year": year, "form": form, "confirm": confirm}
    refused = bool(form.errors) or bool(confirm and confirm.errors)
    return render(request, "plans/target_form.html", context, status=422 if refused else 200)


def _set(
    request: HttpRequest, form: ConfirmForm, line: PlanIndicator, year: int, text: str, meanings: tuple
) -> bool:
    try:
        set_target(line=line, year=year, text=text, meanings=meanings, by=request.user)
    except ValidationError as error:
        add_errors(form, error)
        return False
    messages.success(request, _("Đã lưu chỉ tiêu năm %(year)s.") % {"year": year})
    return True
