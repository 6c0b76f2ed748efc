"""What every editing view does: ask, act, go back, with refusals set beside the field they are about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from facilities.models import AuditEvent
from plans.actions.changes import HasHistory
from plans.forms.errors import add_errors
from plans.forms.opened import FIELD, marks_of, pack, take_differences, unpack
from plans.models import Plan


def save_form(
    request: HttpRequest,
    form: forms.ModelForm,
    save: Callable[[], Any],
    *,
    plan: Plan | None,
    title: str,
    back: str | Callable[[], str],
    delete: str = "",
    subject: str = "",
) -> HttpResponse:
    """Show the form, or save it and go to `back`. A refused form comes back with everything typed (422).

    A row that somebody else saved since the form was opened is not written over: the page shows both (409).
    `delete` is the address that deletes the thing, `subject` what it belongs to, under the title. The action's
    own PermissionDenied reads as not found.
    """
    marks = marks_of(form) if form.instance.pk else {}
    opened = unpack(request.POST.get(FIELD, ""))
    differences = take_differences(form, opened) if form.is_bound and marks else []
    if form.is_bound and not differences and form.is_valid() and _saved(form, save):
        messages.success(request, _("Đã lưu."))
        return redirect(back() if callable(back) else back)
    context = {
        "plan": plan,
        "form": form,
        "title": title,
        "subject": subject,
        "back": reverse("plans:list") if callable(back) else back,
        "delete": delete,
        "opened": pack(opened if form.is_bound and opened and not differences else marks),
        "differences": differences,
        "other": _last_editor(form.instance) if differences else "",
    }
    status = 409 if differences else 422 if form.is_bound else 200
    return render(request, "plans/edit_form.html", context, status=status)


def _saved(form: forms.ModelForm, save: Callable[[], Any]) -> bool:
    """Save in one transaction, the row locked and still as it was when this request read it."""
    try:
        with transaction.atomic():
            _refuse_stale(form)
            save()
    except ValidationError as error:
        add_errors(form, error)
        return False
    except PermissionDenied as error:
        raise Http404 from error
    return True


def _refuse_stale(form: forms.ModelForm) -> None:
    """Another request may have saved between this one's reading and its writing."""
    row = form.instance
    if row.pk is None:
        return
    stored = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    read = {name: form.initial.get(name) for name in form._meta.fields if name in form.fields}
    if stored is None or model_to_dict(stored, fields=list(read)) != read:
        raise ValidationError(_("Người khác vừa lưu mục này. Bấm Lưu lần nữa để xem họ đã đổi gì."))


def _last_editor(row: Model) -> str:
    """Who changed the row last, from the log; "" where the log does not say."""
    events = AuditEvent.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return events.values_list("actor", flat=True).first() or ""


def delete_and_return(
    request: HttpRequest,
    delete: Callable[[], Any],
    *,
    back: str,
    plan: Plan,
    subject: str,
    gone: Sequence[str] = (),
) -> HttpResponse:
    """Ask once, saying what goes; then delete, or say why not, and go back."""
    if "sure" not in request.POST:
        context = {"plan": plan, "subject": subject, "gone": gone, "back": back}
        return render(request, "plans/delete_confirm.html", context)
    try:
        delete()
    except HasHistory as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã xóa."))
    return redirect(back)
