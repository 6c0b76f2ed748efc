"""What a certificate says, as people read it: whose it is, who issued it, for how long, whether it is a trial."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509

from facilities.text import fold

# Stands in the subject of every certificate the portal makes for trials (reporting/signatures/trial.py).
TRIAL_MARK = "CHỨNG THƯ THỬ NGHIỆM – không có giá trị pháp lý"
TRIAL = fold("CHỨNG THƯ THỬ NGHIỆM")
LENGTH = 120
# Control, format (bidirectional, invisible), surrogate and private letters: names are printed and shown.
UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@dataclass(frozen=True)
class Certificate:
    """`serial` is hexadecimal; the times are aware."""

    name: str
    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    is_test: bool

    def as_plain(self) -> dict[str, Any]:
        """For the database: texts, times in ISO 8601."""
        times = {"valid_from": self.valid_from.isoformat(), "valid_to": self.valid_to.isoformat()}
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "serial": self.serial,
            **times,
            "is_test": self.is_test,
        }


def read_certificate(found: x509.Certificate, chain: Iterable[x509.Certificate] = ()) -> Certificate:
    """The certificate; a trial where it or one of its `chain` is marked so."""
    return Certificate(
        name=_name(found.subject),
        subject=_words(found.subject),
        issuer=_words(found.issuer),
        serial=f"{found.serial_number:x}",
        valid_from=found.not_valid_before,
        valid_to=found.not_valid_after,
        is_test=any(_is_trial(one) for one in (found, *chain)),
    )


def shown(text: str, length: int = LENGTH) -> str:
    """A name from outside as it may be printed: one line, no invisible letters, of bounded length."""
    letters = [" " if unicodedata.category(letter) in UNSHOWN else letter for letter in text]
    line = " ".join("".join(letters).split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _is_trial(found: x509.Certificate) -> bool:
    names = (found.subject, found.issuer)
    return any(TRIAL in fold(text) for name in names for text in _values(name))


def _values(name: x509.Name) -> list[str]:
    """Every value of the name, in its order."""
    return [shown(str(part["value"].native)) for group in name.chosen for part in group]


def _part(name: x509.Name, kind: str) -> str:
    values = [part["value"].native for group in name.chosen for part in group if part["type"].native == kind]
    return shown(str(values[0])) if values else ""


def _name(name: x509.Name) -> str:
    return _part(name, "common_name") or _part(name, "organization_name") or _words(name)


def _words(name: x509.Name) -> str:
    """All values, the most telling first: "Trần Văn A, Sở Y tế, VN"."""
    return shown(", ".join(dict.fromkeys(reversed(_values(name)))), 2 * LENGTH)
