"""System checks: a file that the signing settings name and that can not be used. Only signing suffers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

HINT = "See reporting/signatures/agencies.py and docs/decisions/0019-signatures.md."


@register()
def check_signing(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a named file that is missing (but for the demonstration's own) or holds something else."""
    from reporting.signatures import SigningError
    from reporting.signatures.agencies import read_agencies
    from reporting.signatures.validate import read_roots

    found: list[CheckMessage] = []
    agencies, roots = settings.SIGNING_AGENCIES, settings.SIGNING_ROOTS
    for name, path in (("SIGNING_AGENCIES", agencies), ("SIGNING_ROOTS", roots)):
        if path and settings.PRODUCTION and not Path(path).is_file():
            found.append(Warning(f"{name}: {path} is not there.", hint=HINT, id="reporting.W003"))
    try:
        read_agencies(Path(agencies)) if agencies else None
    except SigningError:
        found.append(Warning(f"SIGNING_AGENCIES: {agencies} is not valid.", hint=HINT, id="reporting.W004"))
    try:
        read_roots(Path(roots).read_bytes()) if roots and Path(roots).is_file() else None
    except (OSError, ValueError):
        found.append(Warning(f"SIGNING_ROOTS: {roots} is not PEM.", hint=HINT, id="reporting.W005"))
    return found
