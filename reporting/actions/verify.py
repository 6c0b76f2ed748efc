"""Proof that what is stored still follows from what was typed: results, histories, snapshots, files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, Lag

from indicators.actions import recompute
from indicators.models import DataValue, DataValueChange, FacilityResult, MonthlyResult
from reporting.content.canonical import sha256_of
from reporting.models import ReportFile, Signature, Snapshot

CELL = ("submission", "element", "group")
# Counts are never negative, so this stands for "no value" where NULLs must compare equal.
NOTHING = Value(-1, output_field=IntegerField())


@dataclass(frozen=True)
class Verified:
    """How many things of each kind were checked, and what differed, in words for a person."""

    results: int
    histories: int
    snapshots: int
    files: int
    differing: dict[str, int]
    details: tuple[str, ...]

    @property
    def differences(self) -> int:
        return sum(self.differing.values())

    def as_json(self) -> dict[str, int]:
        return {
            "results": self.results,
            "histories": self.histories,
            "snapshots": self.snapshots,
            "files": self.files,
            "differences": self.differences,
        }


def verify() -> Verified:
    """Check everything; change nothing. Recomputes all computed months in a transaction it undoes."""
    snapshots, files = changed_snapshots(), changed_files()
    differing = {
        "results": recompute.differences(),
        "histories": broken_histories(),
        "snapshots": len(snapshots),
        "files": len(files),
    }
    return Verified(
        results=MonthlyResult.objects.count() + FacilityResult.objects.count(),
        histories=DataValue.objects.count(),
        snapshots=Snapshot.objects.count(),
        files=ReportFile.objects.filter(status=ReportFile.Status.DONE).count() + Signature.objects.count(),
        differing=differing,
        details=(*snapshots, *files),
    )


def broken_histories() -> int:
    """Cells whose changes do not end in the stored value, changes that do not follow each other, or lost cells.

    The last change of a cell gives its value and version; each change begins where the one before ended. A
    value without changes stands as it was first stored, at version 1.
    """
    return _values_unlike_their_last_change().count() + _broken_chains() + _changes_without_value().count()


def _values_unlike_their_last_change() -> QuerySet[DataValue]:
    changes = DataValueChange.objects.filter(**{name: OuterRef(name) for name in CELL})
    said = changes.alias(new=Coalesce("new_value", NOTHING)).filter(
        version=OuterRef("version"), new_no_data=OuterRef("no_data"), new=OuterRef("known")
    )
    values = DataValue.objects.alias(known=Coalesce("value", NOTHING))
    return values.filter(
        Q(Exists(changes), ~Exists(said))
        | Exists(changes.filter(version__gt=OuterRef("version")))
        | Q(~Exists(changes), ~Q(version=1))
    )


def _broken_chains() -> int:
    def before(expression: F | Coalesce) -> Window:
        return Window(Lag(expression), partition_by=[F(name) for name in CELL], order_by="version")

    chained = DataValueChange.objects.annotate(
        old=Coalesce("old_value", NOTHING),
        previous_version=before(F("version")),
        previous=before(Coalesce("new_value", NOTHING)),
        previous_no_data=before(F("new_no_data")),
    )
    return (
        chained.filter(previous_version__isnull=False)
        .exclude(old=F("previous"), old_no_data=F("previous_no_data"))
        .count()
    )


def _changes_without_value() -> QuerySet[DataValueChange]:
    value = DataValue.objects.filter(**{name: OuterRef(name) for name in CELL})
    return DataValueChange.objects.filter(~Exists(value))


def changed_snapshots() -> list[str]:
    """Snapshots whose content no longer has the hash it was frozen with."""
    return [
        f"Bản chốt {snapshot.pk}: nội dung không còn khớp SHA-256."
        for snapshot in Snapshot.objects.iterator(chunk_size=10)
        if sha256_of(snapshot.data) != snapshot.sha256
    ]


def changed_files() -> list[str]:
    """Report files, unsigned and signed, that are gone or whose bytes no longer have their hash."""
    done = ReportFile.objects.filter(status=ReportFile.Status.DONE)
    kept = [(one.file, one.sha256, one.pk) for one in done]
    kept += [(one.signed, one.sha256, one.pk) for one in Signature.objects.all()]
    found = []
    for file, sha256, pk in kept:
        if not file or not file.storage.exists(file.name):
            found.append(f"Tệp {file.name or pk}: không còn trên đĩa.")
            continue
        with file.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                found.append(f"Tệp {file.name}: không còn khớp SHA-256.")
    return found
