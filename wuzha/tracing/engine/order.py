"""The total order of a ledger, a property of its data and never of the order in which banks answered.

Theory. Transfers are ordered by instant. Inside an instant only transfers that share an account can matter to each
other; each such knot is ordered by the first of these that decides it, and which one did is recorded as a `Tie`:

1. the bank's serial numbers, when every transfer of the knot has one and no two are the same;
2. the order that keeps the printed balances true, searched within CHECKS_MAX comparisons;
3. credits before debits (what an account pays at an instant it may have received at that instant), fees after what
   they were charged for, a reversal after its original; circles are cut at the smallest content.

What is still equal is ordered by content (payer, payee, amount, id).
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine.model import Kind, Tie, TieMethod, Transfer

KNOT_MAX = 2_000  # transfers of one knot whose order is searched by balances
CHECKS_MAX = 100_000  # comparisons spent on one knot before credits-first decides


def distinct(transfers: Iterable[Transfer]) -> list[Transfer]:
    """Each transfer once. Refusal "transfer.conflict" when one id has two contents, "transfer.amount" below 1."""
    by_id: dict[str, Transfer] = {}
    for transfer in transfers:
        if transfer.amount_minor <= 0:
            raise Refusal(
                "transfer.amount",
                _("Transfer %(transfer)s has no positive amount; correct the row."),
                transfer=transfer.id[:80],
            )
        if by_id.setdefault(transfer.id, transfer) != transfer:
            raise Refusal(
                "transfer.conflict",
                _("Transfer %(transfer)s was given twice with different content; keep the right one."),
                transfer=transfer.id[:80],
            )
    return list(by_id.values())


def total_order(transfers: Iterable[Transfer], until: int | None = None) -> tuple[list[Transfer], list[Tie]]:
    """Transfers in their total order, up to and including instant `until`, and the ties that had to be decided."""
    known: dict[str, int] = {}  # running balances, from the first printed one on
    ordered: list[Transfer] = []
    ties: list[Tie] = []
    kept = [transfer for transfer in distinct(transfers) if until is None or transfer.at <= until]
    for at, group in groupby(sorted(kept, key=lambda t: (t.at, _content(t))), key=lambda t: t.at):
        for knot in _knots(list(group)):
            if len(knot) > 1:
                knot, method = _untie(knot, known)
                ties.append(Tie(at, tuple(transfer.id for transfer in knot), method))
            ordered += knot
            for transfer in knot:
                _advance(transfer, known)
    return ordered, ties


def _content(transfer: Transfer) -> tuple[bool, bool, str, str, int, str]:
    late, fee = transfer.kind is Kind.REVERSAL, transfer.kind is Kind.FEE
    return (late, fee, transfer.payer, transfer.payee, transfer.amount_minor, transfer.id)


def _knots(group: list[Transfer]) -> list[list[Transfer]]:
    """Connected parts of one instant: transfers that share accounts, in content order."""
    if len(group) == 1:
        return [group]
    parent: dict[str, str] = {}

    def root(account: str) -> str:
        while parent.setdefault(account, account) != account:
            parent[account] = parent[parent[account]]
            account = parent[account]
        return account

    for transfer in group:
        parent[root(transfer.payer)] = root(transfer.payee)
    knots: dict[str, list[Transfer]] = {}
    for transfer in group:
        knots.setdefault(root(transfer.payer), []).append(transfer)
    return list(knots.values())


def _untie(knot: list[Transfer], known: dict[str, int]) -> tuple[list[Transfer], TieMethod]:
    serials = {transfer.serial for transfer in knot}
    if None not in serials and len(serials) == len(knot):
        return sorted(knot, key=lambda t: t.serial or 0), TieMethod.SERIAL
    guess = _credits_first(knot)
    if len(knot) <= KNOT_MAX and any(
        t.payer_balance_minor is not None or t.payee_balance_minor is not None for t in knot
    ):
        proved = _balance_order(guess, known)
        if proved is not None:
            return proved, TieMethod.BALANCE
    return guess, TieMethod.CREDITS_FIRST


def _credits_first(knot: list[Transfer]) -> list[Transfer]:
    """Topological order in which an account's credits precede its debits; circles are cut at the smallest content."""
    waiting = sorted(range(len(knot)), key=lambda i: _content(knot[i]))
    rank = {i: place for place, i in enumerate(waiting)}
    credits: dict[str, int] = {}
    debits: dict[str, list[int]] = {}
    for i, transfer in enumerate(knot):
        if transfer.payer != transfer.payee:
            credits[transfer.payee] = credits.get(transfer.payee, 0) + 1
            debits.setdefault(transfer.payer, []).append(i)
    ready = [rank[i] for i in waiting if not credits.get(knot[i].payer) or knot[i].payer == knot[i].payee]
    heapq.heapify(ready)
    placed: list[Transfer] = []
    done = [False] * len(knot)
    smallest = 0
    while len(placed) < len(knot):
        if ready:
            i = waiting[heapq.heappop(ready)]
        else:
            while done[waiting[smallest]]:
                smallest += 1
            i = waiting[smallest]
        if done[i]:
            continue
        done[i] = True
        placed.append(knot[i])
        if knot[i].payer != knot[i].payee:
            credits[knot[i].payee] -= 1
            if credits[knot[i].payee] == 0:
                for j in debits.get(knot[i].payee, []):
                    if not done[j]:
                        heapq.heappush(ready, rank[j])
    return placed


def _balance_order(guess: list[Transfer], known: dict[str, int]) -> list[Transfer] | None:
    """The first order (tried in the order of `guess`) in which every printed balance is true; None when none is found.

    Depth-first over what may come next, with the running balances carried along and taken back on a wrong turn.
    """
    touched = {t.payer for t in guess} | {t.payee for t in guess}
    running = {account: known[account] for account in touched if account in known}
    left = dict.fromkeys(range(len(guess)))
    path: list[tuple[int, dict[str, int]]] = []
    tries: list[Iterator[int]] = [iter(list(left))]
    checks = 0
    while tries:
        for i in tries[-1]:
            checks += 1
            if checks > CHECKS_MAX:
                return None
            if _true_after(guess[i], running):
                path.append((i, dict(running)))
                _advance(guess[i], running)
                del left[i]
                if not left:
                    return [guess[i] for i, _before in path]
                tries.append(iter(sorted(left)))
                break
        else:
            tries.pop()
            if path:
                i, running = path.pop()
                left[i] = None
    return None


def _true_after(transfer: Transfer, running: dict[str, int]) -> bool:
    for account, change, printed in _sides(transfer):
        if printed is not None and account in running and running[account] + change != printed:
            return False
    return True


def _advance(transfer: Transfer, running: dict[str, int]) -> None:
    for account, change, printed in _sides(transfer):
        if printed is not None:
            running[account] = printed
        elif account in running:
            running[account] += change


def _sides(transfer: Transfer) -> tuple[tuple[str, int, int | None], ...]:
    if transfer.payer == transfer.payee:
        return ()
    return (
        (transfer.payer, -transfer.amount_minor, transfer.payer_balance_minor),
        (transfer.payee, transfer.amount_minor, transfer.payee_balance_minor),
    )
