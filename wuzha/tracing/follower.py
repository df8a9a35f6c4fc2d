"""Following the money of one case while it grows: the same as `follow`, at the cost of what changed. Pure.

Theory. A payment can change only what its payer and the accounts behind it paid later. So when movements are added, the
accounts that can be reached from their payers are traced anew and nothing else; what those accounts got from outside is
known and enters as a seed of its own. Where that would not be exact - a payment of which only a part is stolen, a
reversal, money that came back to the victim - everything is followed again. Either way the result equals `follow`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from wuzha.tracing.chase import Stop
from wuzha.tracing.engine import Seed
from wuzha.tracing.follow import claims, follow
from wuzha.tracing.ledger import EXIT_PREFIXES, Movement


@dataclass(slots=True)
class Place:
    """Stolen money on one account: what came, what is still there, the payments that brought it in time order."""

    stolen_in: int = 0
    stolen_now: int = 0
    layer: int = 0
    inflows: list[Movement] = field(default_factory=list)


class Follower:
    """Where one victim's money is. `places` by account, `stolen_of` by movement id."""

    def __init__(self, victim: str) -> None:
        self.victim = victim
        self.places: dict[str, Place] = {}
        self.stolen_of: dict[str, int] = {}
        self._movements: dict[str, Movement] = {}
        self._out: dict[str, dict[str, Movement]] = {}
        self._in: dict[str, dict[str, Movement]] = {}
        self._whole_only = False

    def add(
        self,
        movements: Iterable[Movement],
        *,
        honest: Collection[str],
        stops: Mapping[str, Stop],
        touched: Iterable[str] = (),
    ) -> set[str]:
        """Take new or completed movements; returns the accounts whose place changed.

        touched: accounts whose stop or kind changed since.
        """
        begin = set(touched)
        for movement in movements:
            known = self._movements.get(movement.id)
            if known is not None:
                if (known.payer, known.at, known.kind) == (movement.payer, movement.at, movement.kind):
                    continue
                begin |= {known.payer, movement.payer}
                del self._out[known.payer][known.id]
                self.stolen_of.pop(known.id, None)
            begin.add(movement.payer)
            self._movements[movement.id] = movement
            self._out.setdefault(movement.payer, {})[movement.id] = movement
            self._in.setdefault(movement.payee, {})[movement.id] = movement
            self._whole_only |= movement.kind == "reversal"
        if not begin:
            return set()
        changed: set[str] = set()
        waiting = sorted(begin, key=self._first_in, reverse=True)  # who got the money first is looked at first
        while waiting:
            simple = self._simple(waiting[-1], honest, stops, waiting)
            if simple is None:
                break
            waiting.pop()
            changed |= simple
        if not waiting:
            return changed
        reach = self._behind(set(waiting))
        seeds = None if self._whole_only else self._seeds(reach)
        if seeds is None:
            return self._whole(honest, stops)
        return changed | self._part(reach, seeds, honest, stops)

    def _first_in(self, key: str) -> tuple[float, str]:
        ins = self._in.get(key)
        return (min(m.at.timestamp() for m in ins.values()) if ins else 0.0), key

    def _simple(
        self, payer: str, honest: Collection[str], stops: Mapping[str, Stop], later: Collection[str]
    ) -> set[str] | None:
        """The most frequent changes, without an engine. None when it is anything else.

        An account that held nothing but stolen money, all of which came before any of it left, newly paid accounts that
        paid nobody yet (or whose payments are looked at `later`); or one whose holder turns out to sell honestly.
        """
        ins, outs, stop = self._in.get(payer, {}).values(), self._out.get(payer, {}).values(), stops.get(payer)
        place = self.places.get(payer)
        if place is None or not place.stolen_in or self._whole_only:
            return None
        if payer in honest and not outs:
            was, place.stolen_now = place.stolen_now, 0
            return {payer} if was else set()
        if payer in honest or not outs:
            return None
        covers_from = stop.covers_from if stop else None
        if covers_from is not None and any(m.at > covers_from for m in outs):
            return None
        last_in = max(m.at for m in ins)
        if any(self.stolen_of.get(m.id) != m.amount_minor or m.payee_balance_minor is not None for m in ins):
            return None
        if any(
            m.at <= last_in or m.payer_balance_minor is not None or m.kind not in ("transfer", "cash", "abroad")
            for m in outs
        ):
            return None
        new = [m for m in outs if self.stolen_of.get(m.id) != m.amount_minor]
        if any(
            (self._out.get(m.payee) and m.payee not in later)
            or len(self._in[m.payee]) > 1
            or m.payee_balance_minor is not None
            for m in new
        ):
            return None
        rest = place.stolen_in - sum(m.amount_minor for m in outs)
        if rest < 0:
            return None
        changed = {payer} if rest != place.stolen_now else set()
        place.stolen_now = rest
        for movement in new:
            ends = movement.payee in honest or movement.kind != "transfer" or movement.payee.startswith(EXIT_PREFIXES)
            self.stolen_of[movement.id] = movement.amount_minor
            amount = movement.amount_minor
            if self._put(movement.payee, Place(amount, 0 if ends else amount, place.layer + 1, [movement])):
                changed.add(movement.payee)
            self.places[movement.payee].layer = place.layer + 1
        return changed

    def _behind(self, begin: set[str]) -> set[str]:
        """Accounts that money can have reached from some accounts, and these."""
        reach, waiting = set(begin), list(begin)
        while waiting:
            for movement in self._out.get(waiting.pop(), {}).values():
                if movement.payee not in reach:
                    reach.add(movement.payee)
                    waiting.append(movement.payee)
        return reach

    def _seeds(self, reach: set[str]) -> list[Seed] | None:
        """What stolen money enters the reach; None when only the whole can tell."""
        seeds = []
        for key in reach:
            for movement in self._in.get(key, {}).values():
                if movement.reported:
                    if key == movement.payer or movement.payer in self._in:
                        return None
                    seeds.append(Seed(self.victim, transfer_id=movement.id))
                elif movement.payer not in reach:
                    stolen = self.stolen_of.get(movement.id, 0)
                    if stolen and stolen < movement.amount_minor:
                        return None
                    if stolen:
                        seeds.append(Seed(self.victim, transfer_id=movement.id))
        return seeds

    def _part(self, reach: set[str], seeds: list[Seed], honest: Collection[str], stops: Mapping[str, Stop]) -> set[str]:
        ledger: dict[str, Movement] = {}
        for key in reach:
            ledger |= self._in.get(key, {})
            ledger |= self._out.get(key, {})
        followed = follow(
            list(ledger.values()), self.victim, honest=honest,
            stops={key: stop for key, stop in stops.items() if key in reach}, seeds=seeds,
        )  # fmt: skip
        for movement_id in ledger:
            self.stolen_of.pop(movement_id, None)
        self.stolen_of |= followed.stolen_of
        changed = set()
        for key in sorted(reach, key=lambda k: followed.inflows[k][0].at.timestamp() if k in followed.inflows else 0.0):
            inflows = followed.inflows.get(key)
            place = Place()
            if inflows:
                place = Place(followed.stolen_in[key], claims(followed.trace, key), 0, inflows)
            if self._put(key, place):
                changed.add(key)
        self._relayer(reach)
        return changed

    def _whole(self, honest: Collection[str], stops: Mapping[str, Stop]) -> set[str]:
        followed = follow(list(self._movements.values()), self.victim, honest=honest, stops=stops)
        self.stolen_of = dict(followed.stolen_of)
        changed = set()
        for key in set(self.places) | set(followed.stolen_in):
            inflows = followed.inflows.get(key, [])
            if self._put(key, Place(followed.stolen_in.get(key, 0), claims(followed.trace, key), 0, inflows)):
                changed.add(key)
        self._relayer(set(self.places))
        return changed

    def _put(self, key: str, place: Place) -> bool:
        before = self.places.get(key)
        if place.stolen_in == 0 and before is None:
            return False
        if before is not None:
            place.layer = before.layer
        self.places[key] = place
        return (
            before is None
            or (before.stolen_in, before.stolen_now) != (place.stolen_in, place.stolen_now)
            or [m.at for m in before.inflows] != [m.at for m in place.inflows]
        )

    def _relayer(self, reach: set[str]) -> None:
        """An account is one layer below the nearest account that brought it stolen money."""
        known = [key for key in reach if key in self.places]
        for key in known:
            self.places[key].layer = 0
        # Stolen money only moves forward in time, so one pass in time order settles every layer.
        for movement in sorted((m for key in known for m in self.places[key].inflows), key=lambda m: (m.at, m.id)):
            place, payer = self.places[movement.payee], self.places.get(movement.payer)
            step = (payer.layer if payer else 0) + 1
            place.layer = min(place.layer or step, step)
