"""The auditor's books: where each unit of stolen money is, worked out afresh from the journal.

Theory. An account is a line of lots (owner, amount), oldest in front; owner "" is nobody's in particular, else the
theft it was taken in. Money leaves from the front (first in, first out). What a hold catches is set aside in a pocket,
stolen money first, since that is what it is held for; what is freed goes back to the front. Stolen money is at rest
on a mule's account, in a pocket, gone (cash, abroad, fees, a merchant or a crypto seller who took it honestly), or
back with its victim. The books know nothing of the country's own sums; the auditor compares them afterwards.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Lot = tuple[str, int]
CLEAN = ""
ENDS = {"merchant": "merchant", "crypto-dealer": "crypto"}
INTERNAL_ENDS = {"~cash": "cash", "~abroad": "abroad", "~fees": "fees", "~closed": "resting", "~opening": "resting"}
FATES = ("held", "resting", "cash", "crypto", "abroad", "merchant", "fees", "returned")


@dataclass(slots=True)
class Books:
    """Lots by account key. `kinds`: account kind by key; `owners`: theft by its victim's account."""

    kinds: Mapping[str, str]
    victims: Mapping[str, set[str]]
    lines: dict[str, deque[Lot]] = field(default_factory=lambda: defaultdict(deque))
    pockets: dict[tuple[str, str], deque[Lot]] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fates: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    touched: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    out_at: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def open(self, key: str, opening_minor: int) -> None:
        """An account's money before the journal begins; nobody's in particular."""
        self.balances[key] += opening_minor
        if opening_minor:
            self.lines[key].append((CLEAN, opening_minor))

    def post(self, at: float, payer: str, payee: str, amount_minor: int, theft: str) -> None:
        """A movement; `theft` when it is a victim's payment."""
        if _bank(payer) != _bank(payee):
            self.balances[f"{_bank(payer)}:~clearing"] += amount_minor
            self.balances[f"{_bank(payee)}:~clearing"] -= amount_minor
        self.balances[payer] -= amount_minor
        self.balances[payee] += amount_minor
        lots: list[Lot] = [(CLEAN, amount_minor)] if "~" in payer else self._take(payer, amount_minor)
        for owner, amount in lots:
            if theft and owner == CLEAN:
                owner = theft
            self._arrive(at, payee, owner, amount)

    def catch(self, key: str, order_id: str, amount_minor: int, theft: str) -> None:
        """A hold takes money: of the theft it is for first, then other stolen money, then whatever is there."""
        line = list(self.lines[key])
        order = sorted(range(len(line)), key=lambda place: (line[place][0] != theft, line[place][0] == CLEAN, place))
        left, pocket = amount_minor, self.pockets.setdefault((key, order_id), deque())
        for place in order:
            owner, amount = line[place]
            taken = min(amount, left)
            if taken:
                pocket.append((owner, taken))
                line[place] = (owner, amount - taken)
                left -= taken
        self.lines[key] = deque(lot for lot in line if lot[1])
        if left:
            self.faults.append(("hold.nothing", key, f"a hold took {left} more than was free"))

    def free(self, key: str, order_id: str, amount_minor: int) -> None:
        """A hold gives money back: what it would hold last goes first."""
        pocket = self.pockets.get((key, order_id), deque())
        left = amount_minor
        while left and pocket:
            owner, amount = pocket.pop()
            taken = min(amount, left)
            if amount > taken:
                pocket.append((owner, amount - taken))
            self.lines[key].appendleft((owner, taken))
            left -= taken
        if left:
            self.faults.append(("hold.nothing", key, f"a hold gave back {left} more than it had"))

    def pocket_minor(self, key: str, order_id: str) -> int:
        """What a hold has."""
        return sum(amount for _owner, amount in self.pockets.get((key, order_id), ()))

    def fate_of(self, theft: str) -> dict[str, int]:
        """Where the money of one theft is: FATES -> amount."""
        fate = dict.fromkeys(FATES, 0) | self.fates[theft]
        for owner, amount in self._lots(self.lines.values()):
            fate["resting"] += amount * (owner == theft)
        for owner, amount in self._lots(self.pockets.values()):
            fate["held"] += amount * (owner == theft)
        return fate

    def all_fates(self) -> dict[str, dict[str, int]]:
        """`fate_of` for every theft, in one pass."""
        fates: dict[str, dict[str, int]] = {owner: dict.fromkeys(FATES, 0) | fate for owner, fate in self.fates.items()}
        for name, places in (("resting", self.lines.values()), ("held", self.pockets.values())):
            for owner, amount in self._lots(places):
                if owner != CLEAN:
                    fates.setdefault(owner, dict.fromkeys(FATES, 0))[name] += amount
        return fates

    def innocent_held_minor(self) -> int:
        """Money in pockets that was never stolen."""
        return sum(amount for owner, amount in self._lots(self.pockets.values()) if owner == CLEAN)

    @staticmethod
    def _lots(places: object) -> Iterator[Lot]:
        for line in places:  # type: ignore[attr-defined]
            yield from line

    def _take(self, key: str, amount_minor: int) -> list[Lot]:
        line, left, taken_lots = self.lines[key], amount_minor, []
        while left and line:
            owner, amount = line.popleft()
            taken = min(amount, left)
            if amount > taken:
                line.appendleft((owner, amount - taken))
            taken_lots.append((owner, taken))
            left -= taken
        if left:
            self.faults.append(("hold.leaked", key, f"{left} went out that was held or not there"))
            taken_lots.append((CLEAN, left))
        return taken_lots

    def _arrive(self, at: float, key: str, owner: str, amount_minor: int) -> None:
        if owner == CLEAN:
            if "~" not in key:
                self._append(key, owner, amount_minor)
            return
        self.touched[owner].add(key)
        end = INTERNAL_ENDS.get(key.partition(":")[2]) or ENDS.get(self.kinds.get(key, ""))
        if owner in self.victims.get(key, ()):
            end = "returned"
        if end:
            self.fates[owner][end] += amount_minor
            self.out_at[owner].append((at, amount_minor))
            if "~" not in key:
                self._append(key, CLEAN, amount_minor)
        else:
            self._append(key, owner, amount_minor)

    def _append(self, key: str, owner: str, amount_minor: int) -> None:
        line = self.lines[key]
        if line and line[-1][0] == owner:
            line[-1] = (owner, line[-1][1] + amount_minor)
        else:
            line.append((owner, amount_minor))


def _bank(key: str) -> str:
    return key.partition(":")[0]
