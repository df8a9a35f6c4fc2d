"""Which receiving rows a paying row of the same sum may be the other side of, without trying them all.

Theory. A pair needs somebody to be named, so the candidates are found by what rows name: the account that the paying
row quotes (whole, or by the end of its mask), the rows that quote the payer, a shared serial, a name. Round sums are
paid thousands of times a day; to try them all costs the square of it, and to cut the trial off misses the right one.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from wuzha.tracing.statements.accounts import VISIBLE_MIN, is_masked, is_number, may_be_same, names_agree, plain_name
from wuzha.tracing.statements.identities import Identities, own_key
from wuzha.tracing.statements.limits import MATCH_WINDOW_ROWS_MAX, PEER_CANDIDATES_MAX
from wuzha.tracing.statements.model import Precision, StatementRow

TOLERANCE = timedelta(minutes=30)
FIRM_TOLERANCE = timedelta(days=2)  # both sides name each other in full: interbank batches arrive the next working day
EXPIRY = FIRM_TOLERANCE + timedelta(days=1)
_DAY = timedelta(days=1)


class Bucket:
    """The receiving rows of one sum and currency, in time order, found by what they name. Rows are positions."""

    def __init__(self, found: Identities, rows: Sequence[StatementRow], intos: Sequence[int]) -> None:
        self._found, self._rows = found, rows
        self.by_account: dict[str, list[int]] = defaultdict(list)
        self._quoting: dict[str, list[int]] = defaultdict(list)
        self._serial: dict[str, list[int]] = defaultdict(list)
        self._naming: dict[str, list[int]] = defaultdict(list)
        self._tails: dict[str, set[str]] = defaultdict(set)
        self._loose: list[str] = []  # accounts that no whole number can find
        self._named: dict[str, list[str]] = {}
        self._times: dict[int, list[datetime]] = {}
        for position in intos:
            self._add(position, rows[position])

    def _add(self, position: int, row: StatementRow) -> None:
        account = own_key(self._found, row)
        if account not in self.by_account:
            for number in (account, *self._found.also.get(account, ())):
                self._tails[number[-VISIBLE_MIN:]].add(account)
            if is_masked(account) or not is_number(account):
                self._loose.append(account)
        self.by_account[account].append(position)
        if row.peer_account:
            quoted = self._found.aliases.get(row.peer_account, row.peer_account)
            self._quoting[quoted[-VISIBLE_MIN:] if is_masked(quoted) else quoted].append(position)
        elif row.peer_name:
            self._naming[plain_name(row.peer_name)].append(position)
        if row.serial:
            self._serial[row.serial].append(position)

    def near(self, position: int) -> list[int]:
        """Receiving rows within the tolerance of a paying row that it names, or that name its account."""
        row = self._rows[position]
        payer = own_key(self._found, row)
        lists: list[list[int]] = [self.by_account[account] for account in self._accounts(row)]
        if not row.peer_account or not is_number(row.peer_account):  # else only whom it quotes can be meant
            for number in (payer, *self._found.also.get(payer, ())):
                lists += [self._quoting.get(number, []), self._quoting.get(number[-VISIBLE_MIN:], [])]
            lists.append(self._naming.get(plain_name(self._found.name_of(payer)), []))
        if row.serial:
            lists.append(self._serial.get(row.serial, []))
        near: dict[int, None] = {}
        for members in lists:
            near.update(dict.fromkeys(self._window(members, row)))
        return list(near)

    def _accounts(self, row: StatementRow) -> Iterable[str]:
        quoted = self._found.aliases.get(row.peer_account, row.peer_account)
        if not quoted:
            return self._of_name(row.peer_name) if row.peer_name else ()
        if quoted in self.by_account:
            return (quoted,)
        if not is_masked(quoted):
            return self._loose if is_number(quoted) else (*self._of_name(row.peer_name), *self._loose)
        tail = quoted[quoted.rindex("*") + 1 :]
        pool = self._tails.get(tail[-VISIBLE_MIN:], ()) if len(tail) >= VISIBLE_MIN else self.by_account
        return [*(account for account in pool if self._may_be(quoted, account)), *self._loose][:PEER_CANDIDATES_MAX]

    def _may_be(self, quoted: str, account: str) -> bool:
        return any(may_be_same(quoted, number) for number in (account, *self._found.also.get(account, ())))

    def _of_name(self, name: str) -> list[str]:
        if name not in self._named:
            fits = (account for account in self.by_account if names_agree(name, self._found.name_of(account)))
            self._named[name] = list(fits)[:PEER_CANDIDATES_MAX]
        return self._named[name]

    def _window(self, members: list[int], row: StatementRow) -> list[int]:
        if len(members) <= 4:
            return members
        times = self._times.setdefault(id(members), [self._rows[p].at for p in members])
        start = bisect_left(times, row.at - _DAY)
        end = bisect_right(times, row.at + EXPIRY)
        if end - start > MATCH_WINDOW_ROWS_MAX and row.precision is not Precision.DAY:
            start = max(start, bisect_left(times, row.at - TOLERANCE) - MATCH_WINDOW_ROWS_MAX // 4)
        return members[start : min(end, start + MATCH_WINDOW_ROWS_MAX)]
