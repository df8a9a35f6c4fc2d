"""Reading and writing rows in the tables' own words: one statement a call, all rows of it travel together.

Theory. An answer's step reads and writes a few rows of a dozen tables while a thief is spending. Putting statements
together out of query objects was the larger part of its time, and each statement wakes the database once. What these
functions send is fixed by the model. They are for what every step sends; elsewhere Django's own queries say more
clearly what is meant.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.options import Options

Row = TypeVar("Row", bound=Model)


def read_rows(model: type[Row], clause: str, parameters: Sequence[object]) -> list[Row]:
    """Rows of `model`; `clause` is what follows "FROM <its table> t" (joins, WHERE, ORDER BY), with %s for values."""
    columns, names, converters = _read(model._meta)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {_quoted(model._meta.db_table)} t {clause}", parameters)
        found = [list(values) for values in cursor.fetchall()]
    for values in found:
        for place, convert in converters:
            values[place] = convert(values[place], None, connection)
    return [model.from_db(connection.alias, names, values) for values in found]


def insert_rows(rows: Iterable[Model], *, ignore_conflicts: bool = False) -> int:
    """Insert new rows, all of one model; those whose key the database makes get it. Returns how many were written.

    ignore_conflicts: a row that a unique rule forbids is left out; then nothing gets the key that the database made.
    """
    rows = list(rows)
    if not rows:
        return 0
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    table, columns = _quoted(meta.db_table), ", ".join(_quoted(field.column) for field in fields)
    sql = (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
        f"{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''} RETURNING {_quoted(meta.pk.column)}"
    )
    told = [
        {field.column: _json(getattr(row, field.attname), is_json=isinstance(field, JSONField)) for field in fields}
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(told, ensure_ascii=False, allow_nan=False)])
        keys = [key for (key,) in cursor.fetchall()]
    if not ignore_conflicts:
        for row, key in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias
    return len(keys)


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write `fields` of rows that exist; all rows are of one model. Nothing happens for no rows."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = [meta.get_field(name) for name in fields]
    key = meta.pk
    assignments = ", ".join(f"{_quoted(column.column)} = %s" for column in columns)
    sql = f"UPDATE {_quoted(meta.db_table)} SET {assignments} WHERE {_quoted(key.column)} = %s"
    values = [
        [column.get_db_prep_save(getattr(row, column.attname), connection) for column in (*columns, key)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)


Converter = Callable[[Any, None, object], Any]


@cache
def _read(meta: Options) -> tuple[str, tuple[str, ...], tuple[tuple[int, Converter], ...]]:
    """Columns to select, attributes that they fill, and by place what turns a stored value into the attribute's."""
    fields = meta.concrete_fields
    converters = [
        (place, convert) for place, field in enumerate(fields) for convert in field.get_db_converters(connection)
    ]
    columns = ", ".join(f"t.{_quoted(field.column)}" for field in fields)
    return columns, tuple(field.attname for field in fields), tuple(converters)


def _json(value: object, *, is_json: bool) -> object:
    """A column's value as PostgreSQL reads it out of JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview) and not is_json:
        return f"\\x{value.hex()}"
    return value


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
