"""Writing many rows at once: one UPDATE, sent once a row in a pipeline.

Django's bulk_update builds one CASE a field and row, which was the dearest part of an answer's step.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write `fields` of rows that exist; all rows are of one model. Nothing happens for no rows."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = [meta.get_field(name) for name in fields]
    key = meta.pk
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    sql = f"UPDATE {quote(meta.db_table)} SET {assignments} WHERE {quote(key.column)} = %s"
    values = [
        [column.get_db_prep_save(getattr(row, column.attname), connection) for column in (*columns, key)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
