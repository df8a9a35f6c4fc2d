"""A centre full of open orders within seconds: one case is filed, and its rows are multiplied in every table.

Theory. Filing ten thousand reports through the actions takes minutes in which nothing is measured. So one report is
filed, and each copy gets the same rows in every table under names of its own: case, number, account, and the ids that
the chase gives to such orders. The journal of each copy is chained anew. A copy is therefore a case like any other:
`wuzha journal verify` finds no fault in it, and an answer to its query goes the usual way. What so many rows at once
leave to the database - statistics, tidying, pages to write - is done before anything is measured.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid4, uuid5

COPIES_AT_ONCE = 500
# Table and the column by which it belongs to a case; each after those that it refers to.
TABLES = {
    "intake_case": "id", "intake_reportedpayment": "case_id", "intake_lead": "case_id", "intake_fraudkind": "case_id",
    "control_authorisation": "case_id", "control_order": "case_id", "partners_outbox": "case_id",
    "clocks_clock": "case_id", "tracing_ledgertransfer": "case_id", "tracing_tracedaccount": "case_id",
    "journal_chain": "key", "journal_event": "case_id",
}  # fmt: skip
GRANTS = "control_authorisation"
Rows = dict[str, list[dict[str, object]]]


def multiply(case_id: UUID, account: str, numbers: range) -> None:
    """Copy a freshly filed case with one account once for each of `numbers`; a copy's account ends in its number."""
    from django.db import connection

    with connection.cursor() as cursor:
        template = _rows(cursor, case_id)
        number = str(template["intake_case"][0]["number"])
        text = json.dumps(template, ensure_ascii=False)
        for some in (numbers[n : n + COPIES_AT_ONCE] for n in range(0, len(numbers), COPIES_AT_ONCE)):
            copies = [_copy(text, template, case_id, account, number, n) for n in some]
            _give_authorisations(cursor, copies)
            for table in TABLES:
                rows = [row for copy in copies for row in copy[table]]
                _store(cursor, table, rows, new_ids=isinstance(rows[0].get("id"), int) and table != GRANTS)
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _give_authorisations(cursor, copies: list[Rows]) -> None:  # type: ignore[no-untyped-def]
    """The one id that other rows refer to comes from the database before they are written."""
    cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"{GRANTS}_id_seq", len(copies)])
    for copy, (key,) in zip(copies, cursor.fetchall(), strict=True):
        copy[GRANTS][0]["id"] = key
        for order in copy["control_order"]:
            order["authorisation_id"] = key


def _rows(cursor, case_id: UUID) -> Rows:  # type: ignore[no-untyped-def]
    found: Rows = {}
    for table, column in TABLES.items():
        key = f"case:{case_id}" if column == "key" else case_id
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {column} = %s ORDER BY 1", [key])
        found[table] = [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
    found["journal_event"].sort(key=lambda row: row["seq"])  # type: ignore[arg-type, return-value]
    return found


def _copy(text: str, template: Rows, case_id: UUID, account: str, number: str, n: int) -> Rows:
    """The rows of one copy: every name in the template's text replaced, its journal chained."""
    new_id, new_account = uuid4(), f"{account[:-12]}{n:012d}"
    text = text.replace(str(case_id), str(new_id)).replace(account, new_account).replace(number, f"{number}-{n}")
    for order in template["control_order"]:
        name = f"{order['kind']}|{order['partner_id']}|{new_account}|{order['currency']}|1|"
        text = text.replace(str(order["id"]), str(uuid5(new_id, name)))
    copy: Rows = json.loads(text)
    copy["journal_chain"][0]["hash"] = f"\\x{list(_chained(copy['journal_event']))[-1].hex()}"
    return copy


def _chained(events: list[dict[str, object]]) -> Iterator[bytes]:
    """Give each event of one chain its hash; yields the hashes."""
    from wuzha.journal.hashing import GENESIS, canonical, link

    last = GENESIS
    for event in events:
        told = {name: event[name] for name in ("chain", "seq", "kind", "by", "case_id", "subject", "body")}
        row = canonical(at=datetime.fromisoformat(str(event["at"])), **told)  # type: ignore[arg-type]
        last = link(last, row)
        event["hash"] = f"\\x{last.hex()}"
        yield last


def _store(cursor, table: str, rows: list[dict[str, object]], *, new_ids: bool) -> None:  # type: ignore[no-untyped-def]
    """Insert rows; new_ids: their ids come from the database."""
    names = ", ".join(f'"{name}"' for name in rows[0] if not (new_ids and name == "id"))
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
        [json.dumps(rows, ensure_ascii=False)],
    )
