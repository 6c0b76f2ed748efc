"""Many rows into one table, the fastest plain way of each database.

`bulk_create` builds an object a row, which costs more than the insert itself from some ten thousand rows
on. Nothing of a model runs here: give every column its value.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import connection, models

AT_ONCE = 20_000
VALUE_FIELDS = ("submission", "element", "group", "value", "no_data", "version")
CHANGE_FIELDS = (
    "submission",
    "element",
    "group",
    "version",
    "old_value",
    "old_no_data",
    "new_value",
    "new_no_data",
    "at",
    "by",
    "source",
    "reason",
)


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert rows of plain values in the order of `fields` (model field names); return how many.

    Inside the caller's transaction. A row that breaks a constraint raises IntegrityError.
    """
    columns = [model._meta.get_field(name).column for name in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    rows, written = iter(rows), 0
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, AT_ONCE)):
            if connection.vendor == "postgresql":
                text = io.StringIO("".join(map(_copy_line, chunk)))
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", text)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", chunk)
            written += len(chunk)
    return written


def _copy_line(row: Sequence[object]) -> str:
    return "\t".join(map(_copy_text, row)) + "\n"


def _copy_text(value: object) -> str:
    """PostgreSQL's text format: \\N for NULL, backslash escapes for what separates."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
