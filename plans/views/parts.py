"""The money and the text of a plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.presenters.documents import present_document
from plans.presenters.money import present_money
from plans.views.access import get_plan_or_404, get_shared_plan_or_404


@require_safe
def budget(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan_or_404(request.user, slug)
    context = {"plan": plan, "money": present_money(plan.budget_lines.all()), "tab": "budget"}
    return render(request, "plans/budget.html", context)


@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_shared_plan_or_404(request.user, slug)
    parts = present_document(plan, plan.lines.all())
    return render(request, "plans/document.html", {"plan": plan, "parts": parts, "tab": "document"})
