"""Statements written by hand, for the few places where building one costs more than running it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql import Query


def with_tables(sql: str, **tables: type[models.Model]) -> str:
    """The statement with each `{name}` replaced by the quoted table of its model."""
    return sql.format(**{name: f'"{model._meta.db_table}"' for name, model in tables.items()})


def columns_of(**tables: type[models.Model]) -> str:
    """Every column of each model, from the table of that alias, in the order that first_of reads."""
    return ", ".join(
        f'{alias}."{field.column}"'
        for alias, model in tables.items()
        for field in model._meta.concrete_fields
    )


def first_of(
    sql: str, params: Mapping[str, object], *kinds: type[models.Model]
) -> tuple[models.Model, ...] | None:
    """An instance of each model from the first row of a statement that selects columns_of them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        if (row := cursor.fetchone()) is None:
            return None
    found, start = [], 0
    for model in kinds:
        names, converters = _reading(model, connection.vendor)
        values = list(row[start : start + len(names)])
        for place, converter in converters:
            values[place] = converter(values[place])
        found.append(model.from_db(DEFAULT_DB_ALIAS, names, values))
        start += len(names)
    return tuple(found)


@cache
def _reading(
    model: type[models.Model], _vendor: str
) -> tuple[list[str], list[tuple[int, Callable[[object], Any]]]]:
    """The fields' names, and how their columns become Python's values on this kind of database."""
    compiler = Query(model).get_compiler(connection=connection)
    fields = model._meta.concrete_fields
    converters = []
    for place, (functions, column) in compiler.get_converters(
        [field.get_col(model._meta.db_table) for field in fields]
    ).items():
        converters += [(place, _converter(function, column)) for function in functions]
    return [field.attname for field in fields], converters


def _converter(function: Callable[..., Any], column: models.Expression) -> Callable[[object], Any]:
    return lambda value: function(value, column, connection)


def insert(model: type[models.Model], /, **columns: object) -> None:
    """Insert one row. Every field without a database default is named; the id is the database's where left out."""
    statement, fields = _insertion(model, tuple(columns))
    values = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, columns.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@cache
def _insertion(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, list[models.Field]]:
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})', fields
