"""Handing a form in without the page's scripts: what is asked once before, and the step itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from facilities.text import printable
from indicators.actions import submissions
from indicators.actions.entry import blanks_of
from indicators.checks import find_breaks
from indicators.early import EARLY, early_words
from indicators.presenters.periods import submitted_words
from indicators.views.access import Place

REMARK_CHARS = 500


def what_to_ask(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What the person has not been asked yet, for the page; empty where nothing stands against handing in.

    `blanks_asked` counts cells; `breaks_asked` names the codes shown, `has_breaks` whether rules are among them;
    `early_asked` says that the month is not over.
    """
    submission = place.submission
    blanks = blanks_of(submission)
    findings = find_breaks([submission]).get(submission.pk, [])
    breaks = {finding.code for finding in findings if not finding.explained}
    early = early_words(place.form, place.period, timezone.localdate())
    codes = breaks | ({EARLY} if early else set())
    unseen = codes - set(request.POST.get("breaks_seen", "").split())
    if not unseen and (not blanks or request.POST.get("blanks_seen")):
        return {}
    return {
        "asks": True,
        "blanks_asked": blanks,
        "breaks_asked": " ".join(sorted(codes)),
        "has_breaks": bool(breaks),
        "early_asked": early,
    }


def submitted(request: HttpRequest, place: Place) -> HttpResponse:
    """Hand the form in and go on to the list of what is due."""
    try:
        submissions.submit(submission=place.submission, by=request.user, remark=remark_of(request))
    except submissions.InvalidTransition as error:
        messages.error(request, str(error))
        return redirect("submissions:form", *place.key)
    messages.success(request, submitted_words(place.form, place.period))
    return redirect("submissions:due")


def remark_of(request: HttpRequest) -> str:
    return printable(request.POST.get("remark", "")).strip()[:REMARK_CHARS]
