"""What the filters of the log offer, and the words of what was chosen."""

from __future__ import annotations

from functools import cache

from django.contrib import admin

from facilities.administration import LoggedAdmin
from facilities.log_words import DEEDS, SUBJECTS, VERBS
from facilities.presenters.log_details import kind_words


@cache
def subject_types() -> tuple[str, ...]:
    """The labels of every kind of thing the log may name: those of acts, then those of the administration."""
    edited = (
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if isinstance(page, LoggedAdmin)
    )
    return tuple(dict.fromkeys([*SUBJECTS, *edited]))


def kind_choices() -> list[tuple[str, str]]:
    return [(label, kind_words(label)) for label in subject_types()]


def kind_name(label: str) -> str:
    return kind_words(label) if label else ""


def deed_choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each kind of deeds with its code and name, and the verbs in it."""
    return [
        (code, str(deeds.name), [(verb, str(words)) for verb, words in deeds.verbs.items()])
        for code, deeds in DEEDS.items()
    ]


def deed_name(code: str) -> str:
    if code in DEEDS:
        return str(DEEDS[code].name)
    return str(VERBS.get(code, ""))
