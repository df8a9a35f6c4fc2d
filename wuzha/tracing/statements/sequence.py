"""The total order of transfers, and which transfer a reversal takes back.

Theory. Time orders transfers; an account's chain (`balances`) may overrule it, since printed balances are arithmetic
and clocks are not. The order is a walk through the chains' graph that always takes the earliest transfer ready, ties
by id, so it depends on the data alone. Two chains may contradict each other; then time wins and it is told.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from wuzha.kernel.refusals import _
from wuzha.tracing.statements.balances import Chain
from wuzha.tracing.statements.model import Kind, decimal_text
from wuzha.tracing.statements.transfers import Conflict, Transfer

REVERSAL_DAYS_MAX = 60
EARLIER_TRIED_MAX = 500


def ordered_transfers(
    transfers: list[Transfer], of_row: dict[int, int], chains: Sequence[Chain], conflicts: list[Conflict]
) -> list[Transfer]:
    """Transfers by time, after what their accounts' chains put before them; where two chains disagree it is told."""
    after: dict[int, set[int]] = defaultdict(set)
    waiting: Counter[int] = Counter()
    principals = set(of_row.values())
    principal = 0
    for position, transfer in enumerate(transfers):
        if position in principals:
            principal = position
        elif transfer.kind is Kind.FEE:
            after[principal].add(position)
            waiting[position] += 1
    for chain in chains:
        steps = [of_row[id(row)] for row in chain.rows if id(row) in of_row]
        for early, late in pairwise(steps):
            if early != late and late not in after[early]:
                after[early].add(late)
                waiting[late] += 1
    return _walk(transfers, after, waiting, conflicts)


def _walk(
    transfers: list[Transfer], after: dict[int, set[int]], waiting: Counter[int], conflicts: list[Conflict]
) -> list[Transfer]:
    def key(position: int) -> tuple[datetime, str, int]:
        return transfers[position].at, transfers[position].id, position

    ready = [key(p) for p in range(len(transfers)) if not waiting[p]]
    heapq.heapify(ready)
    late = sorted(key(p) for p in range(len(transfers)) if waiting[p])
    done: set[int] = set()
    ordered: list[Transfer] = []
    next_late = 0
    while len(ordered) < len(transfers):
        if not ready:
            while late[next_late][2] in done:
                next_late += 1
            forced = late[next_late]
            waiting[forced[2]] = 0
            conflicts.append(
                Conflict(
                    "order",
                    _(
                        "Two accounts' balances put transfers into contrary orders; the printed time of "
                        "%(at)s was followed."
                    ),
                    (("at", forced[0].strftime("%Y-%m-%d %H:%M:%S")),),
                    transfers[forced[2]].sources,
                )
            )
            heapq.heappush(ready, forced)
        position = heapq.heappop(ready)[2]
        if position in done:
            continue
        done.add(position)
        ordered.append(transfers[position])
        for following in after.get(position, ()):
            waiting[following] -= 1
            if waiting[following] == 0 and following not in done:
                heapq.heappush(ready, key(following))
    return ordered


def with_reversals(ordered: list[Transfer], marked: set[str], conflicts: list[Conflict]) -> list[Transfer]:
    """Point each reversal and refund at the latest earlier transfer it can take back, whole before partial."""
    if not marked:
        return ordered
    open_minor: dict[str, int] = {}
    by_ends: dict[tuple[str, str, str], list[Transfer]] = defaultdict(list)
    by_account: dict[tuple[str, bool, str, int], list[Transfer]] = defaultdict(list)
    result = []
    for transfer in ordered:
        if any(place in marked for place in transfer.sources):
            original = _original(transfer, by_ends, by_account, open_minor)
            if original is None:
                conflicts.append(
                    Conflict(
                        "reversal_unmatched",
                        _("A reversal or refund of %(amount)s %(currency)s has no payment before it in these files."),
                        (
                            ("amount", decimal_text(transfer.amount_minor, transfer.currency)),
                            ("currency", transfer.currency),
                        ),
                        transfer.sources,
                    )
                )
            else:
                open_minor[original.id] -= transfer.amount_minor
                ends = _known_ends(transfer, original)
                transfer = replace(transfer, reverses=original.id, payer=ends[0], payee=ends[1])
        else:
            open_minor[transfer.id] = transfer.amount_minor
            by_ends[transfer.payer, transfer.payee, transfer.currency].append(transfer)
            by_account[transfer.payer, True, transfer.currency, transfer.amount_minor].append(transfer)
            by_account[transfer.payee, False, transfer.currency, transfer.amount_minor].append(transfer)
        result.append(transfer)
    return result


def _original(
    reversal: Transfer,
    by_ends: dict[tuple[str, str, str], list[Transfer]],
    by_account: dict[tuple[str, bool, str, int], list[Transfer]],
    open_minor: dict[str, int],
) -> Transfer | None:
    def fits(earlier: Transfer, whole: bool) -> bool:
        recent = reversal.at - earlier.at <= timedelta(days=REVERSAL_DAYS_MAX)
        left = open_minor[earlier.id]
        return recent and (left == reversal.amount_minor if whole else left >= reversal.amount_minor)

    between = by_ends.get((reversal.payee, reversal.payer, reversal.currency), [])
    for whole in (True, False):
        if whole or reversal.kind is Kind.REFUND:
            found = next((t for t in reversed(between[-EARLIER_TRIED_MAX:]) if fits(t, whole)), None)
            if found:
                return found
    nameless = [
        t
        for own, paid in ((reversal.payee, True), (reversal.payer, False))
        for t in by_account.get((own, paid, reversal.currency, reversal.amount_minor), [])[-EARLIER_TRIED_MAX:]
        if fits(t, True) and (_is_open(reversal.payer) or _is_open(reversal.payee) or _same_serial(t, reversal))
    ]
    return nameless[-1] if nameless and (len(nameless) == 1 or _same_serial(nameless[-1], reversal)) else None


def _is_open(key: str) -> bool:
    return key.startswith(("unknown-", "cash-"))


def _same_serial(one: Transfer, other: Transfer) -> bool:
    mine = {one.payer_serial, one.payee_serial} - {""}
    return any(
        a == b or (len(a) >= 8 and b.startswith(a)) for a in mine for b in (other.payer_serial, other.payee_serial)
    )


def _known_ends(reversal: Transfer, original: Transfer) -> tuple[str, str]:
    payer = original.payee if _is_open(reversal.payer) else reversal.payer
    payee = original.payer if _is_open(reversal.payee) else reversal.payee
    return payer, payee
