"""Statements written by hand, for the few places where building one costs more than running it."""

from __future__ import annotations

from django.db import models


def with_tables(sql: str, **tables: type[models.Model]) -> str:
    """The statement with each `{name}` replaced by the quoted table of its model."""
    return sql.format(**{name: f'"{model._meta.db_table}"' for name, model in tables.items()})
