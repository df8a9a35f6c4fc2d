"""The auditor: believes neither the country's sums nor the centre's, and compares both with books of its own.

Theory. Input is the country's truth (facts, see `truth.py`) and the centre's claims (what its database says). Laws:

- money: every bank's accounts sum to zero and equal the books; every unit stolen is held, at rest, gone or returned,
  for each theft and in all; nothing held ever went out.
- orders: what the centre calls delivered is at the partner, and the other way round, with the same content; none is
  still queued; every answer the partner made is in; no order had its effect twice, no account is stopped by two live
  stops of one case.
- authority: nothing had an effect that was not authorised.
- sums: what the centre says is held is what the bank holds; no hold has more than its order's amount, no case more
  than its disputed sum. What is delayed on arrival is no stop: it is within its order's amount and ends in time.

An empty list of findings is a clean verdict. During a run the last two hold only once answers are in: audit when the
world is settled.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wuzha.simulation.books import Books

FINDINGS_MAX = 500
DELAY_LATE_S_MAX = 5.0
STATE_KINDS = frozenset({"stop", "stop-amend", "stop-extend", "stop-release", "watch", "watch-release",
                         "watch-arrivals", "trace-outflows", "review-outflows", "review-extend", "review-pass",
                         "review-release", "suspend-number", "block-url"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken law: its code, what it is about, and what is wrong in words."""

    law: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderClaim:
    """What the centre says of an order. answers_n: different answers recorded. held_minor: for stops in force."""

    order_id: str
    partner: str
    kind: str
    case_number: str
    account: str
    amount_minor: int | None
    queued: bool
    delivered: bool
    authorised: bool
    answers_n: int
    held_minor: int = 0


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """What the centre says of a case: the sum in dispute, the sender's number of its report, when it was saved.

    standing: its first orders needed no approver.
    """

    case_number: str
    disputed_minor: int
    external_id: str = ""
    opened_at: float = 0.0
    standing: bool = True


@dataclass(frozen=True, slots=True)
class Claims:
    """All that the centre says."""

    orders: tuple[OrderClaim, ...]
    cases: tuple[CaseClaim, ...]


@dataclass(slots=True)
class Audit:
    """Findings and the sums they were drawn from: fates by theft, innocent money held, counts."""

    findings: list[Finding] = field(default_factory=list)
    fates: dict[str, dict[str, int]] = field(default_factory=dict)
    books: Books | None = None
    findings_n: int = 0

    @property
    def clean(self) -> bool:
        """Whether no law is broken."""
        return not self.findings_n

    def find(self, law: str, subject: str, text: str) -> None:
        """Note a broken law; FINDINGS_MAX are kept, all are counted."""
        self.findings_n += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Finding(law, subject, text))


Truth = Mapping[str, Any]


def audit(truth: Truth, claims: Claims | None) -> Audit:
    """Check every law; without claims those about the country alone."""
    found = Audit()
    books = found.books = keep_books(truth)
    found.fates = books.all_fates()
    for law, subject, text in books.faults:
        found.find(law, subject, text)
    _check_ledgers(truth, books, found)
    _check_thefts(truth, found)
    _check_effects(truth, found)
    _check_delays(truth, found)
    if claims is not None:
        _check_orders(truth, claims, found)
        _check_sums(truth, claims, found)
    return found


def keep_books(truth: Truth) -> Books:
    """Books of everything in the journal."""
    victims: dict[str, set[str]] = defaultdict(set)
    for theft in truth["thefts"]:
        victims[theft["victim_account"]].add(theft["theft_id"])
    known = {theft["theft_id"] for theft in truth["thefts"] if not theft["forgotten"]}
    theft_of_case = {theft["case_number"]: theft["theft_id"] for theft in truth["thefts"] if theft["case_number"]}
    case_of_order = {
        hold["order_id"]: hold["case_number"] for account in truth["accounts"] for hold in account["holds"]
    }
    books = Books({account["key"]: account["kind"] for account in truth["accounts"]}, victims)
    for key, opening_minor in truth["opening_internals"].items():
        books.open(key, opening_minor)
    for account in truth["accounts"]:
        books.open(account["key"], account["opening_minor"])
        for order_id, caught_minor in account["opening_caught"].items():
            books.catch(account["key"], order_id, caught_minor, "")
    for _seq, at, what, payer, payee, amount_minor, _via, theft, order_id in truth["journal"]:
        if what == "post":
            books.post(at, payer, payee, amount_minor, theft if theft in known else "")
        elif what == "catch":
            books.catch(payee, order_id, amount_minor, theft_of_case.get(case_of_order.get(order_id, ""), ""))
        else:
            books.free(payee, order_id, amount_minor)
    return books


def _check_ledgers(truth: Truth, books: Books, found: Audit) -> None:
    sums: dict[str, int] = defaultdict(int)
    clearing_minor = 0
    for key, balance_minor in _balances(truth):
        sums[key.partition(":")[0]] += balance_minor
        if key.endswith(":~clearing"):
            clearing_minor += balance_minor
        if books.balances[key] != balance_minor:
            found.find("ledger.balance", key, f"says {balance_minor}, its movements give {books.balances[key]}")
    for bank, total_minor in sums.items():
        if total_minor:
            found.find("ledger.sum", bank, f"its accounts sum to {total_minor} instead of 0")
    if clearing_minor:
        found.find("ledger.clearing", "all banks", f"clearing accounts sum to {clearing_minor} instead of 0")
    for account in truth["accounts"]:
        held_minor = sum(hold["caught_minor"] for hold in account["holds"] if not hold["over"])
        if held_minor > account["balance_minor"]:
            found.find("hold.leaked", account["key"], f"{held_minor} are held of {account['balance_minor']}")
        for hold in account["holds"]:
            _check_hold(account["key"], hold, books, found)


def _balances(truth: Truth) -> Iterator[tuple[str, int]]:
    for account in truth["accounts"]:
        yield account["key"], account["balance_minor"]
    yield from truth["internals"].items()


def _check_hold(key: str, hold: Mapping[str, Any], books: Books, found: Audit) -> None:
    in_books = books.pocket_minor(key, hold["order_id"])
    if in_books != hold["caught_minor"]:
        found.find("hold.sum", hold["order_id"], f"{key} says {hold['caught_minor']} held, its movements {in_books}")
    if hold["caught_minor"] > hold["limit_minor"]:
        found.find("hold.over_limit", hold["order_id"], f"{key} holds {hold['caught_minor']} of {hold['limit_minor']}")
    if hold["over"] and hold["caught_minor"]:
        found.find("hold.not_ended", hold["order_id"], f"{key} still holds {hold['caught_minor']} after the end")


def _check_thefts(truth: Truth, found: Audit) -> None:
    stolen_all = accounted_all = 0
    for theft in truth["thefts"]:
        if theft["forgotten"]:
            continue
        accounted_minor = sum(found.fates.get(theft["theft_id"], {}).values())
        stolen_all += theft["stolen_minor"]
        accounted_all += accounted_minor
        if accounted_minor != theft["stolen_minor"]:
            found.find(
                "money.unaccounted",
                theft["theft_id"],
                f"{theft['stolen_minor']} stolen, {accounted_minor} accounted for",
            )
    if stolen_all != accounted_all:
        found.find("money.unaccounted", "all thefts", f"{stolen_all} stolen, {accounted_all} accounted for")


def _check_effects(truth: Truth, found: Audit) -> None:
    for order in truth["orders"]:
        if order["effects"] > 1:
            found.find("order.doubled", order["order_id"], f"had its effect {order['effects']} times")
        if order["conflicts_n"]:
            found.find("order.conflict", order["order_id"], f"came {order['conflicts_n']} times with another body")
    for account in truth["accounts"]:
        live: dict[str, list[str]] = defaultdict(list)
        for hold in account["holds"]:
            if not hold["over"] and not hold["delay"]:
                live[hold["case_number"]].append(hold["order_id"])
        for case_number, order_ids in live.items():
            if len(order_ids) > 1:
                found.find("order.doubled", account["key"], f"{len(order_ids)} live stops for case {case_number}")


def _check_delays(truth: Truth, found: Audit) -> None:
    amounts = {order["order_id"]: order["amount_minor"] for order in truth["orders"]}
    listings = {order["order_id"] for order in truth["orders"] if order["kind"] == "review-outflows"}
    delayed: dict[str, int] = defaultdict(int)
    for account in truth["accounts"]:
        for hold in account["holds"]:
            if hold["delay"] and not hold["over"]:
                delayed[hold["order_id"]] += hold["caught_minor"]
                if hold["ends_at"] + DELAY_LATE_S_MAX < truth["now"]:
                    found.find("delay.overdue", hold["order_id"], f"{account['key']} still delays after its time")
    for order_id, delayed_minor in delayed.items():
        # A listing names no sum: what waits is what its holder asked to pay.
        if order_id not in listings and delayed_minor > (amounts.get(order_id) or 0):
            found.find("delay.over_limit", order_id, f"{delayed_minor} are delayed of {amounts.get(order_id)}")


def _check_orders(truth: Truth, claims: Claims, found: Audit) -> None:
    at_partner = {order["order_id"]: order for order in truth["orders"]}
    claimed = {claim.order_id: claim for claim in claims.orders}
    for claim in claims.orders:
        order = at_partner.get(claim.order_id)
        if claim.queued:
            found.find("order.queued", claim.order_id, f"{claim.kind} to {claim.partner} was never sent")
        if order is None:
            if claim.delivered:
                found.find("order.lost", claim.order_id, f"{claim.kind} is not at {claim.partner}")
            continue
        if not claim.delivered and not claim.queued:
            found.find("order.unknown", claim.order_id, f"{claim.partner} has it, the centre takes it for not sent")
        sent = (claim.partner, claim.kind, claim.case_number, claim.account, claim.amount_minor)
        got = tuple(order[name] for name in ("partner", "kind", "case_number", "account", "amount_minor"))
        if sent != got:
            found.find("order.altered", claim.order_id, f"sent {sent}, arrived {got}")
        if order["done_at"] and not claim.answers_n:
            found.find("answer.lost", claim.order_id, f"{claim.partner} carried it out, the centre knows no answer")
        elif claim.answers_n < order["answers_made"] - order["answers_rejected"]:
            found.find("answer.lost", claim.order_id, f"{order['answers_made']} answers made, {claim.answers_n} known")
    for order_id, order in at_partner.items():
        if order_id not in claimed:
            found.find("order.unknown", order_id, f"{order['partner']} has a {order['kind']} the centre does not know")
    for order in truth["orders"]:
        allowed = claimed[order["order_id"]].authorised if order["order_id"] in claimed else False
        if order["effects"] and order["kind"] in STATE_KINDS and not allowed:
            found.find("order.unauthorised", order["order_id"], f"{order['kind']} took effect without authority")


def _check_sums(truth: Truth, claims: Claims, found: Audit) -> None:
    stops = [(account, hold) for account in truth["accounts"] for hold in account["holds"] if not hold["delay"]]
    holds = {hold["order_id"]: (account["key"], hold) for account, hold in stops}
    for claim in claims.orders:
        if claim.kind != "stop":
            continue
        key, hold = holds.get(claim.order_id, ("", None))
        held_minor = hold["caught_minor"] if hold else 0
        if held_minor != claim.held_minor:
            found.find("held.differs", claim.order_id, f"the centre says {claim.held_minor}, {key} holds {held_minor}")
    disputed = {case.case_number: case.disputed_minor for case in claims.cases}
    held: dict[str, int] = defaultdict(int)
    for _account, hold in stops:
        held[hold["case_number"]] += hold["caught_minor"]
    for case_number, held_minor in held.items():
        if held_minor > disputed.get(case_number, 0):
            found.find("held.too_much", case_number, f"{held_minor} held, {disputed.get(case_number, 0)} in dispute")
    reported = {case.external_id for case in claims.cases if case.external_id}
    for theft in truth["thefts"]:
        if theft["case_number"] and theft["external_id"] not in reported:
            found.find("report.lost", theft["theft_id"], f"report {theft['external_id']} was taken and is not known")
