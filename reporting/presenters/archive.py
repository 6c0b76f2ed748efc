"""The register as people look through it: found documents a page, and as a table to take away."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Agency
from facilities.table_files import Sheet
from reporting.actions.official_files import issued_pdf
from reporting.models import IssuedDocument


@dataclass(frozen=True)
class ArchiveQuery:
    """What was asked for; "" and None: everything."""

    words: str = ""
    year: int | None = None
    agency: int | None = None

    def of(self, documents: QuerySet[IssuedDocument]) -> QuerySet[IssuedDocument]:
        found = documents.matching(self.words)
        found = found.filter(on__year=self.year) if self.year else found
        found = found.filter(agency=self.agency) if self.agency else found
        return found.select_related(
            "agency", "by", "snapshot__report__plan", "snapshot__report__agency"
        ).defer("snapshot__data")


def is_intact(issued: IssuedDocument) -> bool:
    """Whether the stored file still is the one that was registered; reads the file."""
    part = issued_pdf(issued.snapshot, issued)
    return part is not None and part.is_intact()


def choices(documents: QuerySet[IssuedDocument]) -> tuple[list[int], list[Agency]]:
    """The years and agencies that have documents, for the filters. Two queries."""
    years = documents.order_by("-on__year").values_list("on__year", flat=True).distinct()
    return list(years), list(Agency.objects.filter(pk__in=documents.order_by().values("agency")))


def archive_sheet(documents: QuerySet[IssuedDocument], query: ArchiveQuery, agencies: list[Agency]) -> Sheet:
    """The found documents with every column of the register."""
    names = {agency.pk: agency.name for agency in agencies}
    heads = [
        _("Số, ký hiệu"),
        _("Ngày"),
        _("Cơ quan"),
        _("Trích yếu"),
        _("Người ký"),
        _("Chức vụ"),
        "SHA-256",
    ]
    rows = [
        (
            one.number_text,
            f"{one.on:%d/%m/%Y}",
            one.agency.name,
            one.subject,
            one.signer,
            one.office,
            one.sha256,
            one.by.display_name,
            f"{timezone.localtime(one.at):%H:%M %d/%m/%Y}",
        )
        for one in documents
    ]
    facts = [
        (_("Bảng"), _("Sổ văn bản đi")),
        (_("Lập lúc"), f"{timezone.localtime():%H:%M %d/%m/%Y}"),
        (_("Năm"), str(query.year) if query.year else _("tất cả")),
        (_("Cơ quan"), names.get(query.agency or 0, _("tất cả"))),
    ]
    facts += [(_("Tìm"), query.words)] if query.words else []
    return Sheet("so-van-ban-di", facts, [*heads, _("Người vào sổ"), _("Vào sổ lúc")], rows)
