"""Reading and writing rows in the tables' own words: one statement a call, all rows of it travel together.

Theory. An answer's step reads and writes a few rows of a dozen tables while a thief is spending. Putting statements
together out of query objects was the larger part of its time, and waiting for the database once for each statement the
second. What these functions send is fixed by the model, and statements that do not need each other's answers share one
way (`in_one_trip`). They are for what every step sends; elsewhere Django's own queries say more clearly what is meant.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, JSONField, Model
from django.db.models.options import Options

Row = TypeVar("Row", bound=Model)


@contextmanager
def in_one_trip() -> Iterator[None]:
    """Statements inside travel together; who reads an answer waits for it and all before it.

    A fault of a statement is told at the next answer or at the end, so the end must lie inside the savepoint that is to
    catch it. Inside, nobody may look at a count of changed rows (as Django's update(), save() and delete() do).
    """
    connection.close_if_health_check_failed()  # as Django does before a statement: it asks, and waits for the answer
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def read_rows(model: type[Row], clause: str, parameters: Sequence[object]) -> list[Row]:
    """Rows of `model`; `clause` is what follows "FROM <its table> t" (joins, WHERE, ORDER BY), with %s for values."""
    return read_together((model, clause, parameters))[0]


def read_together(*wanted: tuple[type[Model], str, Sequence[object]]) -> list[list[Any]]:
    """As `read_rows` for several models in one trip."""
    with ExitStack() as stack:
        if len(wanted) > 1:
            stack.enter_context(in_one_trip())
        cursors = [stack.enter_context(connection.cursor()) for _one in wanted]
        for cursor, (model, clause, parameters) in zip(cursors, wanted, strict=True):
            select, _names, _converters = _read(model._meta)
            cursor.execute(f"{select} {clause}", parameters)
        return [
            _made(model, cursor.fetchall()) for cursor, (model, _clause, _more) in zip(cursors, wanted, strict=True)
        ]


def _made(model: type[Row], found: Iterable[Sequence[object]]) -> list[Row]:
    _select, names, converters = _read(model._meta)
    rows = []
    for stored in found:
        values = list(stored)
        for place, convert in converters:
            values[place] = convert(values[place], None, connection)
        rows.append(model.from_db(connection.alias, names, values))
    return rows


def insert_rows(rows: Iterable[Model], *, ignore_conflicts: bool = False, keys: bool = False) -> None:
    """Insert new rows, all of one model.

    ignore_conflicts: a row that a unique rule forbids is left out. keys: wait for the keys that the database makes and
    give them to the rows; without, rows with such keys stay without.
    """
    rows = list(rows)
    if not rows:
        return
    insert, returning, fields = _insert(rows[0]._meta)
    sql = f"{insert}{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''}{returning if keys else ''}"
    told = [{column: _json(getattr(row, name), is_json=is_json) for column, name, is_json in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(told, ensure_ascii=False, allow_nan=False)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True) if keys else ():
            row.pk = key
    if not ignore_conflicts:
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write `fields` of rows that exist; all rows are of one model. Nothing happens for no rows."""
    if not rows:
        return
    sql, columns = _update(rows[0]._meta, tuple(fields))
    values = [[one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns] for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)


Converter = Callable[[Any, None, object], Any]


@cache
def _read(meta: Options) -> tuple[str, tuple[str, ...], tuple[tuple[int, Converter], ...]]:
    """SELECT ... FROM, the attributes that it fills, and by place what turns a stored value into the attribute's."""
    fields = meta.concrete_fields
    converters = [
        (place, convert) for place, field in enumerate(fields) for convert in field.get_db_converters(connection)
    ]
    columns = ", ".join(f"t.{_quoted(field.column)}" for field in fields)
    select = f"SELECT {columns} FROM {_quoted(meta.db_table)} t"
    return select, tuple(field.attname for field in fields), tuple(converters)


@cache
def _insert(meta: Options) -> tuple[str, str, tuple[tuple[str, str, bool], ...]]:
    """INSERT ..., RETURNING ..., and of each column its name, its attribute and whether it keeps JSON."""
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    table, columns = _quoted(meta.db_table), ", ".join(_quoted(field.column) for field in fields)
    insert = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    told = tuple((field.column, field.attname, isinstance(field, JSONField)) for field in fields)
    return insert, f" RETURNING {_quoted(meta.pk.column)}", told


@cache
def _update(meta: Options, names: tuple[str, ...]) -> tuple[str, tuple[Field, ...]]:
    """UPDATE ... of these fields by key, and the fields whose values it takes, the key last."""
    fields = tuple(meta.get_field(name) for name in names)
    assignments = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    sql = f"UPDATE {_quoted(meta.db_table)} SET {assignments} WHERE {_quoted(meta.pk.column)} = %s"
    return sql, (*fields, meta.pk)


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
