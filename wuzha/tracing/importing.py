"""Statements of many banks into the ledger of a case.

Theory. A file given to a case is first a *draft*: read, shown as it was understood, corrected by a person where it
must be. Importing takes all drafts of a case at once or none: they are read together (the same row in two files
counts once, both sides of a transfer are one), told to the case's ledger, which recognises what the banks' answers
or an earlier file told already, and then the chase takes its next step, so that trace, picture and orders follow.
The same file twice adds nothing. A file that cannot be read leaves nothing in the ledger; its bytes stay only while a
person can still name its columns, and no draft stays longer than a day.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wuzha.intake.models import Case
from wuzha.journal.append import Log, on_case
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.bank_names import bank_names
from wuzha.tracing.actions import advance, extend_ledger
from wuzha.tracing.ledger import TRANSFERS_PER_CASE_MAX, Ledger
from wuzha.tracing.models import StatementFile, TracedAccount
from wuzha.tracing.statement_movements import Known, ToldEnd, banks_in, own_accounts, told_ends
from wuzha.tracing.statement_reports import concluded, mapping_json, note_json, tidy
from wuzha.tracing.statements import Statement, Template, build_ledger, read_bytes
from wuzha.tracing.statements.ledger import Ledger as StatementLedger
from wuzha.tracing.statements.model import OnProgress

FILES_MAX = 50
IMPORT_BYTES_MAX = 128 * 2**20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was given. bank, account: whose statement it is, where a person said so. template: of this file."""

    name: str
    data: bytes
    bank: str = ""
    account: str = ""
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. added, completed, known: ends of transfers that were new, completed one, or known before."""

    files: tuple[StatementFile, ...]
    added: int
    completed: int
    known: int
    gaps: int
    conflicts: int


@dataclass
class _Counts:
    """Results of telling, by file."""

    by_file: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, file: str, result: str) -> None:
        self.by_file.setdefault(file, Counter())[result] += 1

    def of(self, result: str) -> int:
        return sum(counts[result] for counts in self.by_file.values())


def read_files(
    files: Sequence[Upload], *, template: Template | None = None, on_progress: OnProgress | None = None
) -> list[tuple[Upload, tuple[Statement, ...]]]:
    """The statements of each file; Refusal with line and reason when any of them cannot be read."""
    if len(files) > FILES_MAX or sum(len(file.data) for file in files) > IMPORT_BYTES_MAX:
        raise Refusal(
            "import.too_large",
            _("Give at most %(files)s files of %(megabytes)s MB in all at once."),
            files=FILES_MAX,
            megabytes=IMPORT_BYTES_MAX // 2**20,
        )
    shared = {name for name, times in Counter(file.name for file in files).items() if times > 1}
    read = []
    for n, file in enumerate(files, 1):
        name = f"{n}/{file.name}" if file.name in shared else file.name
        chosen = file.template or template
        found = read_bytes(name, file.data, template=chosen, account=file.account, on_progress=on_progress)
        read.append((file, found))
    return read


def import_statements(
    *,
    case_id: UUID,
    files: Sequence[Upload],
    template: Template | None = None,
    by: str,
    now: datetime,
    on_progress: OnProgress | None = None,
) -> Imported:
    """Lay files into a case's ledger, all or none; the chase takes its next step. Refusal names file and line."""
    read = read_files(files, template=template, on_progress=on_progress)
    statements = [statement for _file, found in read for statement in found]
    together = build_ledger(statements, on_progress=on_progress)
    with on_case(case_id, by=by, now=now) as log:
        case = Case.objects.get(pk=case_id)
        return _merge(log, case, read, statements, together)


def _merge(
    log: Log,
    case: Case,
    read: Sequence[tuple[Upload, tuple[Statement, ...]]],
    statements: Sequence[Statement],
    together: StatementLedger,
) -> Imported:
    ends: list[ToldEnd] = []
    counts = _Counts()

    def tell(ledger: Ledger) -> None:
        keys = [key for movement in ledger.movements.values() for key in (movement.payer, movement.payee)]
        ends.extend(told_ends(together, statements, _known(read, keys)))
        room = TRANSFERS_PER_CASE_MAX - len(ledger.movements)
        ledger.unmask(_names(ends))
        for end in ends:
            result = ledger.tell(end.movement, end.side)
            counts.add(end.file, result)
            if result == "added" and counts.of("added") > room:
                raise Refusal(
                    "import.no_room",
                    _("The case would hold more than %(max)s transfers. Import the accounts of the case alone."),
                    max=TRANSFERS_PER_CASE_MAX,
                )

    extend_ledger(log, case, tell)
    rows = _file_rows(log, case, read, together, counts)
    StatementFile.objects.bulk_create(rows)
    log.write(
        "statements.imported",
        f"case:{case.id}",
        files=[
            {"name": row.name, "sha256": row.sha256, "rows": row.rows, "added": row.transfers_added} for row in rows
        ],
        rows=together.rows,
        added=counts.of("added"),
        completed=counts.of("completed"),
        known=counts.of("known"),
        gaps=len(together.gaps),
        conflicts=len(together.conflicts) + counts.of("conflict"),
    )
    _note_balances(case, ends)
    advance(log, case)
    if _note_balances(case, ends):  # of accounts that the money reached only now
        advance(log, case)
    return Imported(
        tuple(rows),
        counts.of("added"),
        counts.of("completed"),
        counts.of("known"),
        len(together.gaps),
        len(together.conflicts) + counts.of("conflict"),
    )


def _known(read: Sequence[tuple[Upload, tuple[Statement, ...]]], keys: Sequence[str]) -> Known:
    said = {statement.file: file.bank for file, found in read if file.bank for statement in found}
    return Known(bank_names(), banks_in(keys), said)


def _file_rows(
    log: Log,
    case: Case,
    read: Sequence[tuple[Upload, tuple[Statement, ...]]],
    together: StatementLedger,
    counts: _Counts,
) -> list[StatementFile]:
    told = concluded(together)
    rows = []
    for file, found in read:
        names = {statement.file for statement in found}
        tally = sum((counts.by_file.get(name, Counter()) for name in names), Counter())
        rows.append(
            StatementFile(
                case=case,
                name=tidy(file.name[:200]),
                sha256=hashlib.sha256(file.data).hexdigest(),
                rows=sum(len(statement.rows) for statement in found),
                transfers_added=tally["added"],
                transfers_completed=tally["completed"],
                mapping=tidy(
                    [
                        {
                            "sheet": s.sheet,
                            "header": list(s.mapping.header),
                            "columns": mapping_json(s),
                            "template": s.mapping.template,
                        }
                        for s in found
                    ]
                ),
                notes=tidy(
                    {
                        "known": tally["known"],
                        "conflicting": tally["conflict"],
                        "repeats": told["repeats"],
                        "notes": [note_json(note) for s in found for note in s.notes][:60],
                        "gaps": [gap for gap in told["gaps"] if _in(gap["before"], names)],
                        "conflicts": [one for one in told["conflicts"] if any(_in(p, names) for p in one["places"])],
                    }
                ),
                by=log.by,
                at=log.now,
            )
        )
    return rows


def _in(place: str, names: set[str]) -> bool:
    return any(place.startswith((f"{name}:", f"{name}#")) for name in names)


def _names(ends: Sequence[ToldEnd]) -> dict[str, str]:
    """Key -> name of every account that the files name."""
    names: dict[str, str] = {}
    for end in ends:
        for key, name in (
            (end.movement.payer, end.movement.payer_name),
            (end.movement.payee, end.movement.payee_name),
        ):
            names[key] = names.get(key) or name
    return names


def _note_balances(case: Case, ends: Sequence[ToldEnd]) -> bool:
    """Note until when the statements tell of accounts that stolen money reached; whether any was not told of before."""
    last = own_accounts(ends)
    first_told = False
    for account in TracedAccount.objects.filter(case=case, key__in=list(last)):
        movement = last[account.key]
        if account.as_of is not None and account.as_of >= movement.at:
            continue
        first_told = first_told or account.as_of is None
        account.as_of = movement.at
        out = movement.payer == account.key
        balance = movement.payer_balance_minor if out else movement.payee_balance_minor
        if balance is not None:
            account.balance_minor = balance
        account.save(update_fields=["as_of", "balance_minor"])
    return first_told
