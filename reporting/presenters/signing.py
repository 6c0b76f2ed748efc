"""The signatures of a snapshot's PDF, checked anew each time, shaped for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from reporting.actions.signing import agency_key, stored_bytes
from reporting.models import Report, ReportFile, Signature, Snapshot
from reporting.signatures import SigningError
from reporting.signatures.validate import BROKEN, CheckedFile, CheckedSignature, check, read_roots

Part = Signature.Part


@dataclass(frozen=True)
class SignatureRow:
    """One signature: what the portal recorded and what the file itself says. `checked` None: not in the file."""

    signature: Signature
    checked: CheckedSignature | None

    @property
    def is_intact(self) -> bool:
        return self.checked is not None and self.checked.is_intact

    @property
    def valid_from(self) -> datetime:
        return datetime.fromisoformat(self.signature.certificate["valid_from"])

    @property
    def valid_to(self) -> datetime:
        return datetime.fromisoformat(self.signature.certificate["valid_to"])

    @property
    def coverage(self) -> str:
        if self.checked is None:
            return _("không khớp với tệp trên máy chủ")
        if self.checked.covers_file:
            return _("toàn bộ tệp, đến byte cuối cùng")
        return _("toàn bộ tệp như lúc ký; sau đó chỉ thêm chữ ký tiếp theo")

    @property
    def trust(self) -> str:
        if self.signature.certificate["is_test"]:
            return _("chứng thư thử nghiệm, không có giá trị pháp lý")
        if self.checked and self.checked.is_trusted:
            return _("được cấp dưới chứng thư gốc mà cổng tin cậy (chưa hỏi danh sách thu hồi)")
        return _("chưa rõ: chứng thư gốc không có trong danh sách tin cậy của cổng")

    @property
    def state(self) -> tuple[str, str]:
        """Class and word of the verdict."""
        if not self.is_intact:
            return "refused", _("không còn nguyên vẹn")
        return "accepted", _("còn nguyên vẹn")


@dataclass(frozen=True)
class Signing:
    """Where the signing of one snapshot stands. `pdf` None: not rendered yet."""

    snapshot: Snapshot
    is_latest: bool
    pdf: ReportFile | None
    signatures: Sequence[Signature]

    @cached_property
    def last(self) -> Signature | None:
        return self.signatures[-1] if self.signatures else None

    @cached_property
    def checked(self) -> CheckedFile | None:
        """The signed file as it lies on the server now; None without a signature."""
        if self.last is None:
            return None
        try:
            content = stored_bytes(self.last)
        except SigningError:
            return BROKEN
        return check(content, trusted_roots(), {one.part: one.at for one in self.signatures})

    @cached_property
    def rows(self) -> list[SignatureRow]:
        found = {one.field: one for one in self.checked.signatures} if self.checked else {}
        return [SignatureRow(one, found.get(one.part)) for one in self.signatures]

    @property
    def is_intact(self) -> bool:
        """The file is whole, and every signature the portal recorded is in it."""
        whole = self.checked is not None and self.checked.is_intact
        return whole and all(row.is_intact for row in self.rows)

    @property
    def has_trial(self) -> bool:
        return any(one.certificate["is_test"] for one in self.signatures)

    @property
    def _parts(self) -> set[str]:
        return {one.part for one in self.signatures}

    @property
    def waits_for_person(self) -> bool:
        return self.is_latest and self.pdf is not None and Part.PERSON not in self._parts

    @property
    def waits_for_agency(self) -> bool:
        return self.is_latest and self._parts == {Part.PERSON}

    @cached_property
    def agency_problem(self) -> str:
        """Why the agency's key can not be used; empty where it is there."""
        try:
            agency_key(self.snapshot)
        except SigningError as error:
            return str(error)
        return ""


def signing_of(report: Report, snapshot: Snapshot) -> Signing:
    """The snapshot (with its data) in the report's order of snapshots, newest first."""
    newest = report.snapshots.all()[0]
    done = [file for file in snapshot.files.all() if file.status == ReportFile.Status.DONE]
    pdf = next((file for file in done if file.format == ReportFile.Format.PDF), None)
    signatures = list(pdf.signatures.select_related("by")) if pdf else []
    return Signing(snapshot, snapshot.number == newest.number, pdf, signatures)


def trusted_roots() -> list[x509.Certificate]:
    """The roots of SIGNING_ROOTS; none where there is no such file or it holds none."""
    try:
        return read_roots(Path(settings.SIGNING_ROOTS).read_bytes()) if settings.SIGNING_ROOTS else []
    except (OSError, ValueError):
        return []
