"""The ways of stolen money through accounts, piece by piece, as far as a centre came to know them. Pure.

Theory. A *piece* is money of one theft that went one way. It begins with a payment of the victim and moves with the
payments whose stolen part the trace knows: on each account what came first leaves first, so a payment takes the oldest
pieces, whole or in part. Nothing is made or lost: the pieces at the end sum to what the victim paid, to the minor unit.
Two banks' clocks differ, so a payment may seem to leave before it came; it waits for the money.

A piece ends *held* (on an account whose stop has caught it), *resting* (on an account, not held), *returned* (with the
victim), or gone by one of the ways out. Times are seconds since 1970, sums minor units of one currency.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

HELD, RESTING, RETURNED = "held", "resting", "returned"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that carried stolen money. seed: one of the victim's own, with which a theft begins."""

    at: float
    payer: str
    payee: str
    stolen_minor: int
    seed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """A piece came to an account, from the stay before (None: from the victim)."""

    account: str
    came_at: float
    before: "Stay | None" = None

    def way(self) -> "list[Stay]":
        """This stay and those before it, the first one first."""
        stays: list[Stay] = []
        stay: Stay | None = self
        while stay is not None:
            stays.append(stay)
            stay = stay.before
        return stays[::-1]


@dataclass(frozen=True, slots=True)
class Piece:
    """Money with the stay where it is last known, and its end: HELD, RESTING, RETURNED or a way out."""

    amount_minor: int
    last: Stay
    end: str


Line = deque[tuple[int, Stay]]


def pieces_of(payments: Iterable[Payment], *, ends: Mapping[str, str], held: Mapping[str, int]) -> list[Piece]:
    """The pieces at the end. ends: accounts that are no mule's, with RETURNED or the way out that they stand for.

    held: what stops in force have caught, by account; the piece that came first counts as held first.
    """
    lines: dict[str, Line] = defaultdict(deque)
    waiting: dict[str, deque[Payment]] = defaultdict(deque)
    for payment in sorted(payments, key=lambda each: (each.at, not each.seed)):
        _enter(payment, lines, waiting, ends)
    for payer in list(waiting):
        while waiting[payer]:  # what it says is more than ever came
            _move(waiting[payer].popleft(), lines)
    pieces = []
    for account, line in lines.items():
        pieces += _ended(line, ends[account]) if account in ends else _at_rest(line, held.get(account, 0))
    return pieces


def _enter(payment: Payment, lines: dict[str, Line], waiting: dict[str, deque[Payment]], ends: Collection[str]) -> None:
    if payment.stolen_minor <= 0 or payment.payer == payment.payee:
        return
    if payment.seed:
        lines[payment.payee].append((payment.stolen_minor, Stay(payment.payee, payment.at)))
    elif payment.payer in ends:
        return  # what an honest account pays on is its own
    elif waiting[payment.payer] or sum(amount for amount, _stay in lines[payment.payer]) < payment.stolen_minor:
        waiting[payment.payer].append(payment)
        return
    else:
        _move(payment, lines)
    arrived = [payment.payee]
    while arrived:
        account = arrived.pop()
        queue = waiting[account]
        while queue and sum(amount for amount, _stay in lines[account]) >= queue[0].stolen_minor:
            late = queue.popleft()
            _move(late, lines)
            arrived.append(late.payee)


def _move(payment: Payment, lines: dict[str, Line]) -> None:
    line, left_minor = lines[payment.payer], payment.stolen_minor
    while left_minor and line:
        amount, stay = line.popleft()
        taken = min(amount, left_minor)
        if amount > taken:
            line.appendleft((amount - taken, stay))
        lines[payment.payee].append((taken, Stay(payment.payee, max(payment.at, stay.came_at), stay)))
        left_minor -= taken


def _ended(line: Line, end: str) -> list[Piece]:
    return [Piece(amount, stay, end) for amount, stay in line]


def _at_rest(line: Line, held_minor: int) -> list[Piece]:
    pieces = []
    for amount, stay in line:
        caught = min(amount, held_minor)
        held_minor -= caught
        if caught:
            pieces.append(Piece(caught, stay, HELD))
        if amount > caught:
            pieces.append(Piece(amount - caught, stay, RESTING))
    return pieces
