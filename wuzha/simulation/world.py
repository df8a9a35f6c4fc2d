"""The world: a clock, a heap of what happens next, and the ledger. What happens is told by its handlers.

Theory. An event is (instant, number, name, arguments), plain data. `step(now)` runs all that is due, each at its own
instant, in order; so a world stepped once an hour equals a world stepped each millisecond, and a test can run a day in
a second. Delays are given in the world's seconds and divided by the speed; the hour of the day runs at that speed too,
from DAY_STARTS_HOUR.
"""

import heapq
from collections.abc import Callable, Mapping
from random import Random

from wuzha.partners.protocol import TransactionKind
from wuzha.simulation.chance import draws
from wuzha.simulation.config import CountryConfig, PartnerConfig
from wuzha.simulation.directory import PartnerSpec, partner_list
from wuzha.simulation.ledger import Caught, Ledger, bank_of
from wuzha.simulation.state import Desk, OrderRecord, State

EVENTS_PER_STEP_MAX = 20_000
DAY_STARTS_HOUR = 10.0

Handler = Callable[..., None]


class World:
    """A country's state with the verbs its handlers share. handlers: event name -> f(world, at, *arguments)."""

    def __init__(
        self,
        config: CountryConfig,
        handlers: Mapping[str, Handler],
        *,
        state: State,
        ledger: Ledger | None = None,
    ) -> None:
        self.config = config
        self.handlers = handlers
        self.state = state
        self.ledger = ledger or Ledger()
        self.partners: dict[str, PartnerConfig] = {partner.code: partner for partner in config.partners}
        self.specs: dict[str, PartnerSpec] = {
            spec.code: spec for spec in partner_list(config.seed) if spec.code in self.partners
        }
        for code in self.partners:
            self.state.desks.setdefault(code, Desk())

    def chance(self, *node: object) -> Random:
        """The draws that belong to `node` in this world."""
        return draws(self.config.seed, *node)

    def later(self, at: float, delay_s: float) -> float:
        """The instant `delay_s` of the world's seconds after `at`."""
        return at + delay_s / self.config.speed

    def hour(self, at: float) -> int:
        """Hour of the world's day."""
        passed_h = (at - self.state.started_at) * self.config.speed / 3600
        return int(DAY_STARTS_HOUR + passed_h) % 24

    def schedule(self, at: float, name: str, *arguments: str | int | float) -> None:
        """Let `name` happen at `at`."""
        self.state.events_n += 1
        heapq.heappush(self.state.events, (at, self.state.events_n, name, list(arguments)))

    def is_quiet(self, at: float) -> bool:
        """Whether nothing but answering happens any more."""
        limit_s = self.config.quiet_after_s
        return limit_s is not None and (at - self.state.started_at) * self.config.speed > limit_s

    def next_at(self) -> float | None:
        """When the next event is due."""
        return self.state.events[0][0] if self.state.events else None

    def step(self, now: float) -> int:
        """Run what is due at `now`, EVENTS_PER_STEP_MAX at most; how many ran."""
        for ran in range(EVENTS_PER_STEP_MAX):
            if not self.state.events or self.state.events[0][0] > now:
                return ran
            at, _number, name, arguments = heapq.heappop(self.state.events)
            self.handlers[name](self, at, *arguments)
        return EVENTS_PER_STEP_MAX

    def count(self, name: str, by: int = 1) -> None:
        """Add to one of the world's counters."""
        self.state.counts[name] = self.state.counts.get(name, 0) + by

    def post(
        self,
        payer: str,
        payee: str,
        amount_minor: int,
        at: float,
        via: TransactionKind = TransactionKind.TRANSFER,
        *,
        theft: str = "",
        channel: str = "",
        remark: str = "",
    ) -> None:
        """Move money; banks whose holds or watches it touches will tell the centre."""
        caught = self.ledger.post(payer, payee, amount_minor, at, via, theft=theft, channel=channel, remark=remark)
        self.tell(caught, at)
        for key in (payer, payee):
            if (account := self.ledger.accounts.get(key)) is not None:
                for watch in account.watches:
                    self.schedule(at, "watch-push", *watch.split("/"))
        desk = self.state.desks.get(bank_of(payee))
        if desk is not None and payer in desk.watched:
            self.schedule(at, "arrived", payer, payee, amount_minor)

    def tell(self, caught: list[Caught], at: float) -> None:
        """Have the banks push what their holds caught or lost."""
        for change in caught:
            bank = self.ledger.accounts[change.key].bank
            self.schedule(at, "hold-push", bank, change.order_id)

    def record(self, partner: str, order_id: str) -> OrderRecord | None:
        """An order at a partner."""
        return self.state.desks[partner].orders.get(order_id)
