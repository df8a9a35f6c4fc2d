"""From transfers to a *complete* ledger: openings known, no account ever below zero, silence made visible.

Theory. A trace needs each balance. What is not known is settled here, before and independent of any rule:

- opening: as given; else derived from the first printed balance; else the least one with which the account never
  falls below zero. An opening is clean and the oldest money of the account.
- a debit above a *known* balance, or a printed balance above the computed one, proves a credit that nobody reported:
  a transfer of kind UNSEEN from "unseen:<account>" is put in at that moment. A printed balance below the computed one
  proves an unreported debit: an UNSEEN transfer the other way.
- terminals (hubs, cash machines, bank sinks) hold no line: what they receive rests there, what they pay is clean.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from wuzha.tracing.engine.model import (
    CASH_PREFIX,
    UNSEEN_PREFIX,
    BalanceAt,
    Kind,
    Opening,
    OpeningMethod,
    Tie,
    Transfer,
)
from wuzha.tracing.engine.order import total_order

if TYPE_CHECKING:
    from wuzha.tracing.engine.columns import Columns, Side

EXACT_MAX = 2**52  # cents in a ledger: above it the integer ruler of the compiled code would not be exact
ENDS = (CASH_PREFIX, UNSEEN_PREFIX)
ABSORBING_KINDS = frozenset({Kind.CASH, Kind.FEE})


@dataclass(frozen=True, slots=True)
class Silence:
    """An UNSEEN transfer that was put in, and the id of the transfer at which the gap shows."""

    transfer: Transfer
    shown_by: str


@dataclass(frozen=True)
class Ledger:
    """Transfers in total order with UNSEEN ones put in; `openings` of every account that keeps a line."""

    transfers: tuple[Transfer, ...]
    openings: Mapping[str, Opening]
    terminals: frozenset[str]
    ties: tuple[Tie, ...]
    gaps: tuple[Silence, ...]

    @cached_property
    def columns(self) -> "tuple[Columns, list[Side]]":
        """The same as numbers, for the compiled engines (loads numpy)."""
        from wuzha.tracing.engine.columns import columns_of

        return columns_of(self)

    @cached_property
    def is_plain(self) -> bool:
        """Whether no transfer refers to another one: no reversals, no earmarks."""
        return not any(t.earmark is not None or t.kind is Kind.REVERSAL for t in self.transfers)

    @cached_property
    def is_exact(self) -> bool:
        """Whether the compiled engines compute its sums exactly."""
        moved = sum(t.amount_minor for t in self.transfers) + sum(o.amount_minor for o in self.openings.values())
        return moved < EXACT_MAX

    def payers_of(self, ids: Collection[str]) -> dict[str, str]:
        """Transfer id -> payer, of these transfers."""
        return {t.id: t.payer for t in self.transfers if t.id in ids} if ids else {}

    def places(self, ids: Collection[str], payers: Collection[str]) -> list[int]:
        """Positions of the transfers with these ids or from these payers, ascending."""
        return [i for i, t in enumerate(self.transfers) if t.id in ids or t.payer in payers]

    def ample_openings(self) -> dict[str, int]:
        """Account -> an opening from which all that it ever paid could have come, where the opening is unknown."""
        ample: dict[str, int] = {}
        for transfer in self.transfers:
            opening = self.openings.get(transfer.payer)
            if opening is not None and opening.method is OpeningMethod.LEAST and transfer.payer != transfer.payee:
                ample[transfer.payer] = ample.get(transfer.payer, 0) + transfer.amount_minor
        return ample

    def absorbs(self, transfer: Transfer) -> bool:
        """Whether the money ends at the payee."""
        return transfer.kind in ABSORBING_KINDS or self.is_terminal(transfer.payee)

    def is_terminal(self, account: str) -> bool:
        """Whether the account keeps no line."""
        return is_terminal(account, self.terminals)


def is_terminal(account: str, terminals: Collection[str]) -> bool:
    """Whether an account keeps no line: what it receives rests there, what it pays is clean."""
    return account in terminals or account.startswith(ENDS)


@dataclass(slots=True)
class _Event:
    """One change of one account: index of the transfer (-1 for a stated balance), signed cents, balance after."""

    index: int
    at: int
    change_minor: int
    printed_minor: int | None


def complete(
    transfers: Iterable[Transfer],
    *,
    openings: Mapping[str, int] | None = None,
    stated: Iterable[BalanceAt] = (),
    terminals: Collection[str] = (),
    until: int | None = None,
) -> Ledger:
    """The complete ledger of some transfers.

    openings: known balances before the first transfer, minor units. stated: balances told by banks (the last one
    counts where several share an instant). until: later transfers are ignored, as if they were not known.
    """
    ordered, ties = total_order(transfers, until)
    shell = Ledger((), {}, frozenset(terminals), tuple(ties), ())
    events = _events(ordered, shell, [state for state in stated if until is None or state.at <= until])
    found: dict[str, Opening] = {}
    inserts: dict[int, list[Silence]] = {}
    for account in sorted(events):
        given = (openings or {}).get(account)
        found[account] = _opening(events[account], given)
        exact = found[account].method is not OpeningMethod.LEAST
        _walk(account, events[account], found[account].amount_minor, exact, ordered, inserts)
    for account, amount in (openings or {}).items():
        if not shell.is_terminal(account):
            found.setdefault(account, Opening(amount, OpeningMethod.GIVEN))
    whole: list[Transfer] = []
    gaps: list[Silence] = []
    for index in range(len(ordered) + 1):
        for gap in inserts.get(index, []):
            whole.append(gap.transfer)
            gaps.append(gap)
        whole += ordered[index : index + 1]
    return Ledger(tuple(whole), found, shell.terminals, shell.ties, tuple(gaps))


def _events(ordered: list[Transfer], shell: Ledger, stated: list[BalanceAt]) -> dict[str, list[_Event]]:
    events: dict[str, list[_Event]] = {}
    for index, transfer in enumerate(ordered):
        if transfer.payer == transfer.payee:
            continue
        if not shell.is_terminal(transfer.payer):
            event = _Event(index, transfer.at, -transfer.amount_minor, transfer.payer_balance_minor)
            events.setdefault(transfer.payer, []).append(event)
        if not shell.absorbs(transfer):
            event = _Event(index, transfer.at, transfer.amount_minor, transfer.payee_balance_minor)
            events.setdefault(transfer.payee, []).append(event)
    for state in sorted(stated, key=lambda s: (s.at, s.account, s.amount_minor)):
        if not shell.is_terminal(state.account):
            events.setdefault(state.account, []).append(_Event(-1, state.at, 0, state.amount_minor))
    if stated:
        for listed in events.values():
            listed.sort(key=lambda event: (event.at, event.index < 0))
    return events


def _opening(events: list[_Event], given: int | None) -> Opening:
    if given is not None:
        return Opening(given, OpeningMethod.GIVEN)
    total = lowest = 0
    for event in events:
        total += event.change_minor
        lowest = min(lowest, total)
        if event.printed_minor is not None and event.printed_minor >= 0:
            return Opening(max(0, event.printed_minor - total), OpeningMethod.PRINTED)
    return Opening(-lowest, OpeningMethod.LEAST)


def _walk(
    account: str,
    events: list[_Event],
    balance: int,
    exact: bool,
    ordered: list[Transfer],
    inserts: dict[int, list[Silence]],
) -> None:
    """Carry the balance along; where the books do not close, put an UNSEEN transfer in (none when not `exact`)."""
    if not exact:
        return
    count = 0
    instants = [transfer.at for transfer in ordered] if any(e.index < 0 for e in events) else []

    def put(event: _Event, place: int, amount: int) -> None:
        nonlocal count
        source = UNSEEN_PREFIX + account
        payer, payee = (source, account) if amount > 0 else (account, source)
        shown_by = ordered[event.index].id if event.index >= 0 else ""
        made = Transfer(f"{source}#{count}", event.at, payer, payee, abs(amount), Kind.UNSEEN)
        inserts.setdefault(place, []).append(Silence(made, shown_by))
        count += 1

    for event in events:
        if event.index < 0:
            gap = max(event.printed_minor or 0, 0) - balance
            if gap:
                put(event, bisect_right(instants, event.at), gap)
                balance += gap
            continue
        gap = 0
        if event.printed_minor is not None and event.printed_minor >= 0:
            gap = event.printed_minor - (balance + event.change_minor)
        elif balance + event.change_minor < 0:
            gap = -(balance + event.change_minor)
        if gap:
            # a missing debit larger than what was there before can only have followed this credit
            put(event, event.index if balance + gap >= 0 else event.index + 1, gap)
            balance += gap
        balance += event.change_minor
