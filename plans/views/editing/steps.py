"""What every editing view does: ask, act, go back, with refusals set beside the field they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plans.actions.changes import HasHistory
from plans.forms.errors import add_errors
from plans.models import Plan


def save_form(
    request: HttpRequest,
    form: forms.BaseForm,
    save: Callable[[], Any],
    *,
    plan: Plan | None,
    title: str,
    back: str,
    delete: str = "",
) -> HttpResponse:
    """Show the form, or save it and go to `back`. A refused form comes back with everything typed (422).

    `delete` is the address that deletes the thing. The action's own PermissionDenied reads as not found.
    """
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ValidationError as error:
            add_errors(form, error)
        except PermissionDenied as error:
            raise Http404 from error
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(back)
    context = {"plan": plan, "form": form, "title": title, "back": back, "delete": delete}
    return render(request, "plans/edit_form.html", context, status=422 if form.is_bound else 200)


def delete_and_return(request: HttpRequest, delete: Callable[[], Any], *, back: str) -> HttpResponse:
    """Delete, or say why not; either way go back."""
    try:
        delete()
    except HasHistory as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã xóa."))
    return redirect(back)
