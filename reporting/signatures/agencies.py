"""The keys of agencies: a YAML file outside the project says which agency signs with which key and stamp.

- agency: Sở Y tế tỉnh Bắc Ninh     # the name of the agency as reports carry it
  pkcs12: so-y-te.p12               # paths from the folder of the file
  password_file: so-y-te.password
  stamp: so-y-te.png                # the stamp's image; without it words are drawn
  stamp_mm: 34                      # the true height of the stamp
- agency: UBND tỉnh Bắc Ninh
  pkcs11: {module: /usr/lib/…/driver.so, token: UBND, certificate: UBND, pin_file: ubnd.pin}
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from reporting.signatures import SigningError
from reporting.signatures.keys import SigningKey, Token, open_file, open_token

STAMP_MM, STAMP_LEAST, STAMP_MOST = 34.0, 20, 60


class AgencyFileProblem(SigningError):
    """The file of agencies' keys can not be used; said to a person, without secrets."""

    def __init__(self, problem: str) -> None:
        text = _("Cấu hình khoá của cơ quan chưa dùng được: %(problem)s. Báo quản trị.")
        super().__init__(text % {"problem": problem})


@dataclass(frozen=True)
class AgencyKey:
    """One of `pkcs12` and `token` is set. `stamp_mm` is the stamp's true height in millimetres."""

    agency: str
    pkcs12: Path | None = None
    password_file: Path | None = None
    token: Token | None = None
    stamp: Path | None = None
    stamp_mm: float = STAMP_MM

    @contextmanager
    def open(self, now: datetime) -> Iterator[SigningKey]:
        """The key for as long as the block runs. Raises KeyProblem, AgencyFileProblem."""
        if self.token:
            with open_token(self.token, now) as key:
                yield key
            return
        try:
            data = self.pkcs12.read_bytes() if self.pkcs12 else b""
        except OSError as error:
            raise AgencyFileProblem(self.agency) from error
        yield open_file(data, _secret(self.password_file), now)


def read_agencies(path: Path) -> dict[str, AgencyKey]:
    """The keys by agency; empty where there is no such file. Raises AgencyFileProblem."""
    if not path.is_file():
        return {}
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        keys = [_entry(entry, path.parent) for entry in entries]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError) as error:
        raise AgencyFileProblem(f"{path.name}: {type(error).__name__}") from error
    return {key.agency: key for key in keys}


def _entry(entry: dict[str, Any], folder: Path) -> AgencyKey:
    """Raises ValueError, KeyError or TypeError where the entry is not one."""
    token = entry.get("pkcs11")
    if bool(token) == bool(entry.get("pkcs12")):
        raise ValueError("either pkcs12 or pkcs11")
    height = float(entry.get("stamp_mm", STAMP_MM))
    if not STAMP_LEAST <= height <= STAMP_MOST:
        raise ValueError("stamp_mm")
    return AgencyKey(
        agency=str(entry["agency"]).strip(),
        pkcs12=None if token else folder / entry["pkcs12"],
        password_file=None if token else folder / entry["password_file"],
        token=_token(token, folder) if token else None,
        stamp=folder / entry["stamp"] if entry.get("stamp") else None,
        stamp_mm=height,
    )


def _token(entry: dict[str, Any], folder: Path) -> Token:
    return Token(
        module=str(entry["module"]),
        label=str(entry["token"]),
        pin=_secret(folder / entry["pin_file"]),
        certificate=str(entry["certificate"]),
    )


def _secret(path: Path | None) -> str:
    """The first line of a file that holds nothing but a secret. Raises AgencyFileProblem."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise AgencyFileProblem(path.name) from error
