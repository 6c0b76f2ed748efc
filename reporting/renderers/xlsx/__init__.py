"""The snapshot's tables as a workbook: real numbers, Vietnamese formats, ready to print.

First a summary, then one sheet a table whatever the kind of report, last where the numbers come from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reporting.renderers.xlsx.book import Book
from reporting.renderers.xlsx.names import sheet_names
from reporting.renderers.xlsx.source import source_sheet
from reporting.renderers.xlsx.summary import summary_sheet
from reporting.renderers.xlsx.table import table_sheet, with_number_columns


def render(snapshot: dict[str, Any]) -> bytes:
    """The workbook as bytes, the same for the same snapshot on any day. Texts like a formula stay texts."""
    content = snapshot["content"]
    tables = {name: with_number_columns(content["tables"][key]) for key, name in sheet_names(content).items()}
    book = Book(title=content["header"]["subject"], creator=content["agency"]["name"])
    summary_sheet(book, content, tables)
    for name, table in tables.items():
        table_sheet(book, name, table, content)
    source_sheet(book, snapshot)
    return book.as_bytes(datetime.fromisoformat(snapshot["frozen_at"]))
