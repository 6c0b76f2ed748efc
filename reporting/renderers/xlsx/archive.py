"""A workbook as bytes that depend on nothing but its content, the results of formulas stored beside them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

# A formula as openpyxl writes it, its result left open. Texts of cells are escaped, so none reads like this.
FORMULA = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)')
# By the name of a sheet: a cell's coordinate and its result as the file writes it.
Results = Mapping[str, Mapping[str, str]]


def workbook_bytes(book: Workbook, moment: datetime, results: Results) -> bytes:
    """The finished workbook; `moment` stands wherever a file tells a time.

    A reader without a calculation engine shows the results; one that has an engine reckons anew on opening.
    """
    book.properties.created = book.properties.modified = moment.astimezone(UTC).replace(tzinfo=None)
    parts = {
        f"xl/worksheets/sheet{number}.xml": results[sheet.title]
        for number, sheet in enumerate(book.worksheets, start=1)
        if results.get(sheet.title)
    }
    stream = io.BytesIO()
    ExcelWriter(book, _Archive(stream, moment, parts)).save()
    return stream.getvalue()


class _Archive(ZipFile):
    """A ZIP whose entries all carry the same moment."""

    def __init__(
        self, stream: io.BytesIO, moment: datetime, results: Mapping[str, Mapping[str, str]]
    ) -> None:
        super().__init__(stream, "w", ZIP_DEFLATED)
        self.moment, self.results = moment, results

    def writestr(self, name: str, data: str | bytes, *args: Any, **kwargs: Any) -> None:
        entry = ZipInfo(name, date_time=self.moment.timetuple()[:6])
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        super().writestr(entry, data)

    def write(self, filename: str, arcname: str) -> None:
        """A sheet openpyxl left beside: with the results of its formulas."""
        data = Path(filename).read_bytes()
        if known := self.results.get(arcname):
            text = FORMULA.sub(lambda found: f"{found[1]}<v>{known[found[2]]}</v>", data.decode())
            data = text.encode()
        self.writestr(arcname, data)
