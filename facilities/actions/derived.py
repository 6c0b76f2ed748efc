"""Writing derived tables: only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import models

CHUNK = 5000


def replace_rows(
    rows: models.QuerySet, wanted: Iterable[tuple], fields: Sequence[str]
) -> tuple[list[tuple], list[tuple]]:
    """Make `rows` hold exactly `wanted`, tuples in the order of `fields`; return what came and what went.

    `fields` name columns (`area_id`). Unchanged rows are not touched.
    """
    stored = {tuple(row[1:]): row[0] for row in rows.values_list("pk", *fields)}
    wanted = set(wanted)
    gone = [row for row in stored if row not in wanted]
    new = sorted((row for row in wanted if row not in stored), key=repr)
    keys = [stored[row] for row in gone]
    for start in range(0, len(keys), CHUNK):
        rows.model.objects.filter(pk__in=keys[start : start + CHUNK]).delete()
    model = rows.model
    model.objects.bulk_create((model(**dict(zip(fields, row, strict=True))) for row in new), batch_size=CHUNK)
    return new, gone
