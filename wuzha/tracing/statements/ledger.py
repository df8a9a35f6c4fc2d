"""The ledger of all statements: each transfer once, in one order, with its gaps, doubts and reversals in view.

Theory. Rows are counted once (`pairing.without_repeats`), put in each account's own order (`balances`), paired with
the other side's rows (`pairing.pair_rows`), and become transfers between keys (`identities`). The total order is the
time, bent where an account's printed balances say otherwise; it depends on what the rows say, never on the order in
which files arrive. A reversal points at the transfer it takes back, since a trace must return exactly those pieces.
Whatever could not be decided is a conflict with the places of the rows; nothing is decided by silence.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wuzha.kernel.refusals import _
from wuzha.tracing.statements.accounts import names_contradict
from wuzha.tracing.statements.balances import Chain, Gap, chain_of
from wuzha.tracing.statements.identities import Identities, identities_of, own_key, peer_key
from wuzha.tracing.statements.limits import CONFLICTS_MAX
from wuzha.tracing.statements.meanings import Direction
from wuzha.tracing.statements.model import (
    Kind,
    OnProgress,
    Precision,
    Progress,
    Statement,
    StatementRow,
    decimal_text,
)
from wuzha.tracing.statements.pairing import Doubt, Pair, pair_rows, without_repeats
from wuzha.tracing.statements.sequence import ordered_transfers, with_reversals
from wuzha.tracing.statements.transfers import Conflict, Transfer

PLACES_KEPT_MAX = 8


@dataclass(frozen=True, slots=True)
class Ledger:
    """transfers in their total order. chains: each account's rows and what decided their order. completed: masked
    numbers -> accounts. repeats: rows told by more than one file. merged: transfers seen from both sides."""

    transfers: tuple[Transfer, ...]
    chains: tuple[Chain, ...]
    gaps: tuple[Gap, ...]
    conflicts: tuple[Conflict, ...]
    completed: tuple[tuple[str, str], ...]
    rows: int
    repeats: int
    merged: int
    left_out: int  # failed rows, and rows that are neither in nor out


def build_ledger(statements: Sequence[Statement], *, on_progress: OnProgress | None = None) -> Ledger:
    """One ledger of many statements; the same whatever order they are given in."""

    def report(stage: str, done: int, total: int) -> None:
        if on_progress:
            on_progress(Progress(stage, "", done, total))

    everything = sorted(
        (row for statement in statements for row in statement.rows), key=lambda row: (row.file, row.sheet, row.line)
    )
    report("merge", 0, len(everything))
    rows, repeats = without_repeats(everything)
    found = identities_of(rows)
    live = [row for row in rows if not row.failed and row.direction is not Direction.NEUTRAL]
    report("order", len(live), len(everything))
    chains = _chains(found, live, statements)
    report("pair", len(live), len(everything))
    pairs, doubts = pair_rows(found, live)
    conflicts = [_ambiguous(live, doubt) for doubt in doubts]
    for pair in pairs:
        _learn(found, live, pair, conflicts)
    transfers, of_row = _transfers(found, live, pairs, chains)
    ordered = ordered_transfers(transfers, of_row, chains, conflicts)
    ordered = with_reversals(ordered, {row.place for row in live if row.reverses}, conflicts)
    conflicts += _mask_conflicts(found) + _failed_conflicts(rows)
    report("done", len(everything), len(everything))
    gaps = tuple(gap for chain in chains for gap in chain.gaps)
    completed = tuple(sorted((mask, key) for mask, key in found.resolved.items() if mask not in found.ambiguous))
    return Ledger(
        tuple(ordered),
        tuple(chains),
        gaps,
        tuple(conflicts[:CONFLICTS_MAX]),
        completed,
        len(everything),
        len(repeats),
        len(pairs),
        len(rows) - len(live),
    )


def _ambiguous(rows: Sequence[StatementRow], doubt: Doubt) -> Conflict:
    row = rows[doubt.out]
    return Conflict(
        "ambiguous_pair",
        _("A payment of %(amount)s %(currency)s fits %(count)s receiving accounts equally well; it was left unpaired."),
        (
            ("amount", decimal_text(row.amount_minor, row.currency)),
            ("currency", row.currency),
            ("count", str(len(doubt.into))),
        ),
        (row.place, *(rows[p].place for p in doubt.into))[:PLACES_KEPT_MAX],
    )


def _chains(found: Identities, rows: Sequence[StatementRow], statements: Sequence[Statement]) -> list[Chain]:
    by_account: dict[tuple[str, str], list[StatementRow]] = defaultdict(list)
    for row in rows:
        by_account[own_key(found, row), row.currency].append(row)
    openings = _openings(found, statements)
    return [
        chain_of(account, currency, members, openings.get((account, currency)))
        for (account, currency), members in sorted(by_account.items())
    ]


def _openings(found: Identities, statements: Sequence[Statement]) -> dict[tuple[str, str], int]:
    """Printed opening balances of accounts that only one section speaks for."""
    sections: Counter[tuple[str, str]] = Counter()
    openings: dict[tuple[str, str], int] = {}
    for statement in statements:
        keys = {(own_key(found, row), row.currency) for row in statement.rows}
        sections.update(keys)
        if statement.opening_minor is not None and len(keys) == 1:
            openings[keys.pop()] = statement.opening_minor
    return {key: opening for key, opening in openings.items() if sections[key] == 1}


def _learn(found: Identities, rows: Sequence[StatementRow], pair: Pair, conflicts: list[Conflict]) -> None:
    """What a pair shows: whose the quoted masked numbers are; and names that contradict although numbers agree."""
    for row, other in ((rows[pair.out], rows[pair.into]), (rows[pair.into], rows[pair.out])):
        if row.peer_account:
            found.settle(row.peer_account, row.peer_name, own_key(found, other))
    out, into = rows[pair.out], rows[pair.into]
    for row, holder in ((out, into.holder), (into, out.holder)):
        if names_contradict(row.peer_name, holder):
            conflicts.append(
                Conflict(
                    "names_differ",
                    _("Both sides of one transfer name its end differently: “%(one)s” and “%(other)s”."),
                    (("one", row.peer_name), ("other", holder)),
                    (out.place, into.place),
                )
            )


def _transfers(
    found: Identities, rows: Sequence[StatementRow], pairs: Sequence[Pair], chains: Sequence[Chain]
) -> tuple[list[Transfer], dict[int, int]]:
    """(transfers, id() of a row -> position of its transfer)."""
    partner = {pair.out: pair.into for pair in pairs}
    received = {pair.into for pair in pairs}
    fee_on_top = {(chain.account, chain.currency) for chain in chains if chain.fee_on_top}
    transfers: list[Transfer] = []
    of_row: dict[int, int] = {}
    ids = _Ids()
    for position, row in enumerate(rows):
        if position in received:
            continue
        other = rows[partner[position]] if position in partner else None
        of_row[id(row)] = len(transfers)
        if other is not None:
            of_row[id(other)] = len(transfers)
        transfers.append(_transfer(found, row, other, ids))
        if row.fee_minor and (own_key(found, row), row.currency) in fee_on_top:
            transfers.append(_fee_transfer(transfers[-1], row, own_key(found, row), ids))
        if other is not None and other.fee_minor and (own_key(found, other), other.currency) in fee_on_top:
            transfers.append(_fee_transfer(transfers[of_row[id(row)]], other, own_key(found, other), ids))
    return transfers, of_row


def _transfer(found: Identities, row: StatementRow, other: StatementRow | None, ids: "_Ids") -> Transfer:
    own, peer = own_key(found, row), own_key(found, other) if other else peer_key(found, row)
    outward = row.direction is Direction.OUT
    ends = (own, peer) if outward else (peer, own)
    own_name, own_bank = row.holder or found.name_of(own), row.bank or found.bank_of(own)
    peer_name = (other.holder if other else "") or _fuller_name(row.peer_name, found.name_of(peer))
    peer_bank = (other.bank if other else "") or row.peer_bank or found.bank_of(peer)
    out, into = (row, other) if outward else (other, row)
    precise = other if other and other.precision is not Precision.DAY and row.precision is Precision.DAY else row
    names, banks = (
        ((own_name, peer_name), (own_bank, peer_bank)) if outward else ((peer_name, own_name), (peer_bank, own_bank))
    )
    kind = row.kind if row.kind is not Kind.OTHER or other is None else other.kind
    serials = (out.serial if out else "", into.serial if into else "")
    balances = (out.balance_minor if out else None, into.balance_minor if into else None)
    return Transfer(
        ids.of(*ends, row.amount_minor, row.currency, precise.at.isoformat(), kind.value, *serials, *balances),
        precise.at,
        precise.precision,
        *ends,
        row.amount_minor,
        row.currency,
        *names,
        *banks,
        *balances,
        kind,
        row.channel or (other.channel if other else ""),
        row.summary or (other.summary if other else ""),
        *serials,
        tuple(r.place for r in (row, other) if r),
        other is not None,
    )


def _fuller_name(quoted: str, known: str) -> str:
    return known if known and (not quoted or "*" in quoted) else quoted


def _fee_transfer(principal: Transfer, row: StatementRow, own: str, ids: "_Ids") -> Transfer:
    """The fee of a movement as its own transfer to the bank, right after the principal."""
    payee = f"fee:{row.bank or own}"
    told = (row.fee_minor, principal.currency, principal.at.isoformat(), Kind.FEE.value, principal.payer_serial, "")
    return replace(
        principal,
        id=ids.of(own, payee, *told, row.balance_minor, None),
        payer=own,
        payee=payee,
        amount_minor=row.fee_minor,
        payee_name=row.bank,
        payer_name=row.holder,
        payer_bank=row.bank,
        payee_bank=row.bank,
        payer_balance_minor=row.balance_minor,
        payee_balance_minor=None,
        kind=Kind.FEE,
        payee_serial="",
        both_sides=False,
        sources=(row.place,),
    )


class _Ids:
    """An id for each transfer out of what its rows tell; equal ones are told apart by their number."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[object, ...]] = Counter()

    def of(self, *told: object) -> str:
        self._seen[told] += 1
        text = "\x1f".join(map(str, told))
        return hashlib.sha256(f"{text}\x1f{self._seen[told]}".encode()).hexdigest()[:16]


def _mask_conflicts(found: Identities) -> list[Conflict]:
    return [
        Conflict(
            "ambiguous_mask",
            _("“%(mask)s” may be any of %(accounts)s; it was left as it is."),
            (("mask", mask), ("accounts", ", ".join(accounts[:4]))),
            (),
        )
        for mask, accounts in sorted(found.ambiguous.items())
    ]


def _failed_conflicts(rows: Sequence[StatementRow]) -> list[Conflict]:
    """Rows that one side calls failed while the other side, by the same serial, booked them."""
    failed = {(row.serial, row.amount_minor): row for row in rows if row.failed and len(row.serial) >= 8}
    return [
        Conflict(
            "failed_here_done_there",
            _("One side says that transfer %(serial)s failed, another booked it."),
            (("serial", row.serial[:40]),),
            (failed[row.serial, row.amount_minor].place, row.place),
        )
        for row in rows
        if not row.failed
        and (row.serial, row.amount_minor) in failed
        and failed[row.serial, row.amount_minor].account != row.account
    ]
