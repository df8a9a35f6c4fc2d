"""The same transfer seen from both sides made one, and the same row told by two files counted once.

Theory. Two rows are the two sides of one transfer when one says out and the other in, sums and currencies agree, the
clocks agree within a tolerance, and the rows *name each other*: by number, by mask, by name, or by a shared serial.
Sum and time alone never pair. Between two accounts equal sums are paired in their order, not by the nearest clock,
because banks' clocks run apart by a steady difference. If a row fits two different accounts equally well, neither is
taken and the conflict is shown.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from wuzha.tracing.statements.accounts import is_masked, is_number, may_be_same, names_agree, names_contradict
from wuzha.tracing.statements.candidates import EXPIRY, FIRM_TOLERANCE, TOLERANCE, Bucket
from wuzha.tracing.statements.identities import Identities, own_key
from wuzha.tracing.statements.limits import MATCH_WINDOW_ROWS_MAX
from wuzha.tracing.statements.meanings import Direction
from wuzha.tracing.statements.model import Precision, StatementRow

CLOSE = timedelta(minutes=2)
SERIAL_LENGTH_MIN = 8
WORTH_MIN = 6
FIRM_WORTH = 14
_WORTH_NUMBER, _WORTH_SERIAL, _WORTH_NAME, _WORTH_CLOSE = 8, 8, 4, 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions of the paying and the receiving row, and how well they name each other."""

    out: int
    into: int
    worth: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A paying row that fits several receiving accounts equally well."""

    out: int
    into: tuple[int, ...]


def worth_of(found: Identities, out: StatementRow, into: StatementRow) -> int:
    """How well two rows of equal sum name each other; 0 when they contradict each other or do not name at all."""
    payer, payee = own_key(found, out), own_key(found, into)
    if payer == payee or out.currency != into.currency or out.amount_minor != into.amount_minor:
        return 0
    worth = 0
    for row, other in ((out, payee), (into, payer)):
        named = _names(found, row, other)
        if named < 0:
            return 0
        worth += named
    if len(out.serial) >= SERIAL_LENGTH_MIN and out.serial == into.serial:
        worth += _WORTH_SERIAL
    gap = _lag(out, into)
    if worth == 0 or gap is None or gap > (FIRM_TOLERANCE if worth >= FIRM_WORTH else TOLERANCE):
        return 0
    if gap <= CLOSE and Precision.DAY not in (out.precision, into.precision):
        worth += _WORTH_CLOSE
    return worth if worth >= WORTH_MIN else 0


def _names(found: Identities, row: StatementRow, other: str) -> int:
    """How well a row's counterparty names the account `other`: -1 when it names somebody else."""
    worth = 0
    if row.peer_account:
        quoted = found.aliases.get(row.peer_account, row.peer_account)
        if quoted == other and not is_masked(quoted):
            worth = _WORTH_NUMBER
        elif shared := max(may_be_same(quoted, number) for number in (other, *found.also.get(other, ()))):
            worth = min(shared, _WORTH_NUMBER)
        elif (not is_masked(quoted) and not is_masked(other) and is_number(quoted) and is_number(other)) or (
            is_masked(quoted) and is_number(other)
        ):
            return -1
    name = found.name_of(other)
    if row.peer_name and name:
        if names_agree(row.peer_name, name):
            worth += _WORTH_NAME
        elif names_contradict(row.peer_name, name) and (not row.peer_account or is_masked(row.peer_account)):
            return -1
    return worth


def _lag(out: StatementRow, into: StatementRow) -> timedelta | None:
    """The time between two sides; days compare as days; None when the money would arrive long before it left."""
    if Precision.DAY in (out.precision, into.precision):
        days = (into.at.date() - out.at.date()).days
        return timedelta() if days in (0, 1) else timedelta(days=days) if days > 1 else None
    lag = into.at - out.at
    return abs(lag) if lag >= -TOLERANCE else None


def pair_rows(found: Identities, rows: Sequence[StatementRow]) -> tuple[list[Pair], list[Doubt]]:
    """All pairs, each row in at most one; and the rows that could not be decided."""
    if len({own_key(found, row) for row in rows}) < 2:
        return [], []
    buckets: dict[tuple[str, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for position, row in enumerate(rows):
        if not row.failed and row.direction is not Direction.NEUTRAL:
            buckets[row.currency, row.amount_minor][row.direction is Direction.IN].append(position)
    pairs: list[Pair] = []
    doubts: list[Doubt] = []
    for key in sorted(buckets):
        outs, intos = buckets[key]
        if outs and intos:
            _pair_bucket(
                found,
                rows,
                sorted(outs, key=lambda p: rows[p].at),
                sorted(intos, key=lambda p: rows[p].at),
                pairs,
                doubts,
            )
    return pairs, doubts


def _pair_bucket(
    found: Identities,
    rows: Sequence[StatementRow],
    outs: list[int],
    intos: list[int],
    pairs: list[Pair],
    doubts: list[Doubt],
) -> None:
    bucket = Bucket(found, rows, intos)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    worths: dict[tuple[str, str], int] = {}
    for position in outs:
        best = _best_accounts(found, rows, position, bucket)
        if len(best) == 1:
            account, worth, _into = best[0]
            group = own_key(found, rows[position]), account
            groups[group].append(position)
            worths[group] = max(worth, worths.get(group, 0))
        elif best:
            doubts.append(Doubt(position, tuple(into for _a, _w, into in best)))
    used: set[int] = set()
    order = sorted(groups, key=lambda g: (-worths[g], g))
    for group in order:
        _pair_serials(found, rows, groups[group], bucket.by_account[group[1]], used, pairs)
    for group in order:
        waiting = groups[group]
        for into in bucket.by_account[group[1]]:
            if into in used:
                continue
            while waiting and rows[waiting[0]].at + EXPIRY < rows[into].at:
                waiting.pop(0)
            reach = waiting[:MATCH_WINDOW_ROWS_MAX]
            taken = next((out for out in reach if worth_of(found, rows[out], rows[into])), None)
            if taken is not None:
                waiting.remove(taken)
                used.add(into)
                pairs.append(Pair(taken, into, worth_of(found, rows[taken], rows[into])))


def _pair_serials(
    found: Identities,
    rows: Sequence[StatementRow],
    waiting: list[int],
    intos: Sequence[int],
    used: set[int],
    pairs: list[Pair],
) -> None:
    """Pair equal sums of one instant by the serial that both sides print, before any is paired by its order."""
    by_serial = {rows[out].serial: out for out in reversed(waiting) if len(rows[out].serial) >= SERIAL_LENGTH_MIN}
    for into in intos:
        out = by_serial.get(rows[into].serial)
        if out is None or out not in waiting or into in used:
            continue
        worth = worth_of(found, rows[out], rows[into])
        if worth:
            waiting.remove(out)
            used.add(into)
            pairs.append(Pair(out, into, worth))


def _best_accounts(
    found: Identities, rows: Sequence[StatementRow], position: int, bucket: Bucket
) -> list[tuple[str, int, int]]:
    """(account, worth, receiving row) of the accounts that fit a paying row best; several only on a tie."""
    best: dict[str, tuple[int, int]] = {}
    for into in bucket.near(position):
        worth = worth_of(found, rows[position], rows[into])
        account = own_key(found, rows[into])
        if worth and worth > best.get(account, (0, 0))[0]:
            best[account] = (worth, into)
    top = max((worth for worth, _into in best.values()), default=0)
    return [(account, worth, into) for account, (worth, into) in best.items() if worth == top]


def without_repeats(rows: Sequence[StatementRow]) -> tuple[list[StatementRow], list[tuple[StatementRow, StatementRow]]]:
    """(rows counted once, pairs of kept and repeated row). A repeat has the account, way, sum, day and balance of a
    row in another file (or its instant and serial), or both balance and serial of a row in the same file."""
    kept: list[StatementRow] = []
    repeats: list[tuple[StatementRow, StatementRow]] = []
    places: dict[tuple[object, ...], list[int]] = defaultdict(list)
    taken: Counter[tuple[int, tuple[str, str]]] = Counter()
    for row in rows:
        keys = _repeat_keys(row)
        source = (row.file, row.sheet)
        found = next(
            (p for key in keys for p in places[key] if _repeats(kept[p], row) and _free(kept[p], taken, p, source)),
            None,
        )
        if found is None:
            taken[len(kept), source] += 1
            for key in keys:
                places[key].append(len(kept))
            kept.append(row)
            continue
        taken[found, source] += 1
        repeats.append((kept[found], row))
        kept[found] = _fuller(kept[found], row)
    return kept, repeats


def _free(
    kept: StatementRow, taken: Counter[tuple[int, tuple[str, str]]], position: int, source: tuple[str, str]
) -> bool:
    """A file repeats a kept row once; a row of its own it repeats as often as it likes."""
    return (kept.file, kept.sheet) == source or not taken[position, source]


def _repeat_keys(row: StatementRow) -> list[tuple[object, ...]]:
    if row.failed:
        return []
    key: tuple[object, ...] = (row.account, row.direction, row.amount_minor, row.currency)
    keys: list[tuple[object, ...]] = []
    if row.account and row.balance_minor is not None:
        keys.append((*key, row.at.date(), row.balance_minor))
    if row.account and len(row.serial) >= SERIAL_LENGTH_MIN:
        keys.append((*key, row.serial))
    return keys


def _repeats(one: StatementRow, other: StatementRow) -> bool:
    if one.serial and other.serial and one.serial != other.serial and one.file != other.file:
        return one.at == other.at and one.balance_minor is not None and one.balance_minor == other.balance_minor
    if (one.file, one.sheet) == (other.file, other.sheet):
        same = one.at == other.at and one.serial == other.serial and one.balance_minor == other.balance_minor
        return same and bool(one.serial) and one.balance_minor is not None and one.raw[1:] == other.raw[1:]
    if Precision.DAY not in (one.precision, other.precision) and abs(one.at - other.at) > TOLERANCE:
        return False
    return one.balance_minor is None or other.balance_minor is None or one.balance_minor == other.balance_minor


def _fuller(one: StatementRow, other: StatementRow) -> StatementRow:
    """The more precise of two tellings of one row, completed from the other."""
    rank = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}
    if rank[other.precision] > rank[one.precision]:
        one, other = other, one
    filled = {
        name: getattr(one, name) or getattr(other, name)
        for name in (
            "holder",
            "bank",
            "account_alias",
            "serial",
            "peer_account",
            "peer_name",
            "peer_bank",
            "channel",
            "remark",
        )
    }
    balance = one.balance_minor if one.balance_minor is not None else other.balance_minor
    return replace(one, balance_minor=balance, **filled)
