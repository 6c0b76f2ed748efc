"""What a browser keeps to work with the network off: the entry page's files and the forms that are due."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import QuerySet
from django.urls import reverse

from facilities.models import Facility
from facilities.periods import Month
from indicators.deadlines import deadline_of, owed_since
from indicators.models import Submission

FOLDER = "entry"
ALONE = ("portal.css", "favicon.svg", "person.js")
SCRIPT = "entry/worker.js"
MONTHS = 3
MOST_FORMS = 60


def asset_names() -> list[str]:
    """The files of the entry page, as static names."""
    folder = Path(str(finders.find(FOLDER)))
    return [
        *ALONE,
        *sorted(f"{FOLDER}/{path.name}" for path in folder.iterdir() if path.suffix in {".js", ".css"}),
    ]


@lru_cache(maxsize=1)
def _version() -> str:
    digest = hashlib.sha256()
    for name in asset_names():
        digest.update(Path(str(finders.find(name))).read_bytes())
    return digest.hexdigest()[:12]


def version() -> str:
    """A name of what these files contain: another content, another name."""
    if settings.PRODUCTION:
        return _version()
    return _version.__wrapped__()


def worker_context() -> dict[str, Any]:
    """What the worker's template is made of: `given_json` for the script, and the script."""
    assets = [staticfiles_storage.url(name) for name in asset_names() if name != SCRIPT]
    scope, files = reverse("submissions:due"), settings.STATIC_URL
    given = {"version": version(), "assets": assets, "scope": scope, "files": files}
    return {
        "given_json": json.dumps(given),
        "script": Path(str(finders.find(SCRIPT))).read_text(encoding="utf-8"),
    }


def forms_to_keep(facilities: QuerySet[Facility], today: date) -> list[dict[str, Any]]:
    """The owed forms of the last three months that are still to be typed, the newest first. Three queries."""
    first = Month.of(today) - MONTHS
    owed = owed_since(facilities, first, today)
    recent = [one for one in owed if one.form.is_yearly or one.period >= first.first_day]
    begun = {
        (s.facility_id, s.form.code, s.period): s
        for s in Submission.objects.filter(
            facility__in=facilities, period__gte=date(first.year, 1, 1)
        ).select_related("form")
    }
    found = []
    for one in sorted(recent, key=lambda owed: (owed.period, owed.form.code), reverse=True):
        submission = begun.get(one.key)
        if submission is not None and not submission.is_open:
            continue
        deadline = deadline_of(one.form, one.period)
        found.append(
            {
                "key": "/".join(one.address),
                "url": reverse("submissions:form", args=one.address),
                "deadline": deadline.isoformat() if deadline else None,
                "status": submission.status if submission else "missing",
                "version": submission.version if submission else 0,
            }
        )
    return found[:MOST_FORMS]
