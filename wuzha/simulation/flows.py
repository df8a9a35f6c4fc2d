"""A real theft's flow file as a country: its addresses are accounts of the simulated banks, its rows their statements.

Theory. The file has a row for each transfer (Timestamp, From, To, Value_in_USD; labels and other columns are not
needed), in no order, with rows that occur twice. Each address is an account at the bank that its hash names. Nobody
moves any more: the banks only answer. Time is moved by whole days so that the last transfer lies within the last two
days, because a report of an old payment is refused and terms run from now.

The file does not show all money: an address may pay out more than it got. What lacks was there before (its opening
balance), except at a source: there it is the theft itself, a payment of the victim. Within one second money comes
before it goes. Sources are reported with what they got before anything came back to them.
"""

import csv
import hashlib
import io
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from wuzha.kernel.identifiers import parse_account
from wuzha.kernel.identifiers.accounts import CRYPTO
from wuzha.kernel.money import AMOUNT_MINOR_MAX, format_minor
from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import AccountKind, AccountRef, Report, ReportedTransfer
from wuzha.simulation.chance import instant
from wuzha.simulation.config import CountryConfig
from wuzha.simulation.country import HANDLERS
from wuzha.simulation.ledger import Account, key_of
from wuzha.simulation.state import Person, State, Theft
from wuzha.simulation.world import World

FILE_BYTES_MAX = 200_000_000
ROWS_MAX = 200_000
ADDRESSES_MAX = 100_000
TEXT_SHOWN_MAX = 60
COLUMNS = ("timestamp", "from", "to", "value_in_usd")
CURRENCY = "USD"
DAY_S = 86_400
VICTIM_NUMBER = "victim-of-the-theft"
REPORTED_BEFORE_S = 60.0
TRANSFERS_PER_REPORT = 200
_ADDRESS_LIKE = re.compile(r"(?=.*\d)[A-Za-z0-9._@:+-]{4,64}")


@dataclass(frozen=True, slots=True)
class Flow:
    """One transfer: epoch seconds, canonical addresses, cents."""

    at: float
    payer: str
    payee: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Case:
    """Flows in order, and the listed addresses that matter."""

    flows: tuple[Flow, ...]
    sources: tuple[str, ...]
    terminals: tuple[str, ...]

    @property
    def addresses(self) -> set[str]:
        """Every address of the flows."""
        return {flow.payer for flow in self.flows} | {flow.payee for flow in self.flows}


def read_case(flows: Path, sources: Path, terminals: Path) -> Case:
    """Read the three files; Refusal "flows.*" with file, line and reason when one is broken."""
    rows = read_flows(flows)
    found = Case(rows, read_addresses(sources), read_addresses(terminals))
    addresses = found.addresses
    here = tuple(address for address in found.sources if address in addresses)
    if not here:
        raise _broken(sources, 0, _("%(where)s: no listed source occurs in the flows. Take the list of this case."))
    ends = tuple(address for address in found.terminals if address in addresses)
    if not ends:
        raise _broken(terminals, 0, _("%(where)s: no listed terminal occurs in the flows. Take the list of this case."))
    return Case(rows, here, ends)


def read_flows(path: Path) -> tuple[Flow, ...]:
    """The transfers of a flow file in order; equal rows count once, rows of nothing and to oneself not at all."""
    lines = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    flows: list[Flow] = []
    seen: set[tuple[str, ...]] = set()
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        lacking = [name for name in COLUMNS if header.count(name) != 1]
        if lacking:
            raise _broken(
                path,
                1,
                _("%(where)s: the first line must name the columns %(columns)s, each once."),
                columns=", ".join(COLUMNS),
            )
        places = [header.index(name) for name in COLUMNS]
        for row in lines:
            known = tuple(cell.strip().lower() for cell in row)
            if not any(known) or known in seen:
                continue
            seen.add(known)
            if len(row) != len(header):
                raise _broken(
                    path,
                    lines.line_num,
                    _("%(where)s: the line has %(cells)s cells, the first line %(columns)s."),
                    cells=len(row),
                    columns=len(header),
                )
            if len(seen) > ROWS_MAX:
                raise _broken(
                    path, lines.line_num, _("%(where)s: more than %(max)s rows; split the file."), max=ROWS_MAX
                )
            flow = _flow(path, lines.line_num, *(row[place].strip() for place in places))
            if flow.amount_minor and flow.payer != flow.payee:
                flows.append(flow)
    except csv.Error as error:
        raise _broken(path, lines.line_num, _("%(where)s: this is no CSV (%(text)s)."), text=str(error)) from error
    if not flows:
        raise _broken(path, 0, _("%(where)s: the file has no transfers."))
    return in_order(flows)


def read_addresses(path: Path) -> tuple[str, ...]:
    """Addresses of a list, one a line, with or without a heading or other cells; each once."""
    found: dict[str, None] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        cell = next((cell for cell in cells if CRYPTO.fullmatch(cell)), next(filter(None, cells), ""))
        if not cell or (number == 1 and not _ADDRESS_LIKE.fullmatch(cell)):
            continue
        found[_address(path, number, cell)] = None
        if len(found) > ADDRESSES_MAX:
            raise _broken(path, number, _("%(where)s: more than %(max)s addresses."), max=ADDRESSES_MAX)
    if not found:
        raise _broken(path, 0, _("%(where)s: the file lists no address."))
    return tuple(found)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise _broken(path, 0, _("%(where)s: the file is larger than %(max)s bytes."), max=FILE_BYTES_MAX)
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _broken(path, 0, _("%(where)s cannot be read (%(text)s)."), text=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _broken(path, line, _("%(where)s: this is not UTF-8 text; save the file as UTF-8.")) from error


def _flow(path: Path, line: int, when: str, payer: str, payee: str, value: str) -> Flow:
    try:
        moment = datetime.fromisoformat(when.replace("Z", "+00:00"))
    except ValueError:
        raise _broken(path, line, _("%(where)s: “%(text)s” is no time like 2023-06-02 21:49:23."), text=when) from None
    at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    try:
        amount = Decimal(value)
        if not amount.is_finite() or amount < 0:
            raise InvalidOperation
        cents = int((amount * 100).to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        raise _broken(path, line, _("%(where)s: “%(text)s” is no value in dollars."), text=value) from None
    if cents > AMOUNT_MINOR_MAX:
        raise _broken(path, line, _("%(where)s: “%(text)s” dollars are too many to be true."), text=value)
    return Flow(at, _address(path, line, payer), _address(path, line, payee), cents)


def _address(path: Path, line: int, text: str) -> str:
    try:
        return parse_account(text.lower())
    except Refusal:
        raise _broken(path, line, _("%(where)s: “%(text)s” is no address."), text=text) from None


def _broken(path: Path, line: int, template: str, **values: object) -> Refusal:
    where = f"{path.name}:{line}" if line else path.name
    short: dict[str, Any] = {
        name: value[:TEXT_SHOWN_MAX] if isinstance(value, str) else value for name, value in values.items()
    }
    return Refusal("flows.broken", template, where=where, **short)


def in_order(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """Flows by time; within one instant money comes before it goes, circles as they stand in the file."""
    instants: dict[float, list[Flow]] = defaultdict(list)
    for flow in flows:
        instants[flow.at].append(flow)
    return tuple(flow for at in sorted(instants) for flow in _credits_first(instants[at]))


def _credits_first(flows: list[Flow]) -> list[Flow]:
    waiting: dict[str, int] = defaultdict(int)
    leaving: dict[str, deque[Flow]] = defaultdict(deque)
    for flow in flows:
        waiting[flow.payee] += 1
        leaving[flow.payer].append(flow)
    ready = deque(payer for payer in leaving if not waiting[payer])
    ordered: list[Flow] = []
    while leaving:
        payer = ready.popleft() if ready else next(iter(leaving))
        for flow in leaving.pop(payer, ()):
            ordered.append(flow)
            waiting[flow.payee] -= 1
            if not waiting[flow.payee] and flow.payee in leaving:
                ready.append(flow.payee)
    return ordered


def openings(flows: Iterable[Flow]) -> dict[str, int]:
    """By address, the least that must have been there before for it never to pay what it has not."""
    balances: dict[str, int] = defaultdict(int)
    lacking: dict[str, int] = {}
    for flow in flows:
        balances[flow.payer] -= flow.amount_minor
        balances[flow.payee] += flow.amount_minor
        lacking[flow.payer] = max(lacking.get(flow.payer, 0), -balances[flow.payer])
    return lacking


def bank_of_address(address: str, banks: Sequence[str]) -> str:
    """The bank that keeps an address: the same for the same address and banks."""
    return banks[int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big") % len(banks)]


def world_of(config: CountryConfig, case: Case, now: float) -> World:
    """A world that knows the flows and files the report for the sources."""
    banks = [partner.code for partner in config.partners if partner.kind == "bank"]
    shift_s = (int((now - case.flows[-1].at) // DAY_S)) * DAY_S
    world = World(config, HANDLERS, state=State(config.seed, now))
    keys = {address: key_of(bank_of_address(address, banks), address) for address in case.addresses}
    begins_at = case.flows[0].at + shift_s - REPORTED_BEFORE_S
    lacking, sources = openings(case.flows), set(case.sources)
    for address, key in keys.items():
        opening_minor = 0 if address in sources else lacking.get(address, 0)
        _open(world, key.partition(":")[0], address, opening_minor, begins_at, len(case.flows))
    stolen = {address: lacking[address] for address in case.sources if lacking.get(address)}
    victim = _open(world, banks[0], VICTIM_NUMBER, sum(stolen.values()), begins_at, len(case.flows)).key
    reported = []
    for address, amount_minor in stolen.items():
        first = next(flow.at for flow in case.flows if flow.payer == address) + shift_s
        reported.append(Flow(first - REPORTED_BEFORE_S, victim, keys[address], amount_minor))
    reached = set(sources)
    moving = []
    for flow in case.flows:
        moved = Flow(flow.at + shift_s, keys[flow.payer], keys[flow.payee], flow.amount_minor)
        moving.append(moved)
        if flow.payee in sources and flow.payer not in reached:
            reported.append(moved)
        if flow.payer in reached:
            reached.add(flow.payee)
    thefts = [flow for flow in reported if flow.payer == victim]
    for flow in sorted([*thefts, *moving], key=lambda flow: flow.at):
        world.ledger.post(flow.payer, flow.payee, flow.amount_minor, flow.at)
    _file_reports(world, reported, now)
    return world


def _open(world: World, bank: str, number: str, opening_minor: int, at: float, lines_max: int) -> Account:
    account = Account(
        bank=bank,
        number=number,
        name=number[:12],
        kind=AccountKind.PERSONAL,
        shown_kind=AccountKind.PERSONAL,
        opened_at=at,
        currency=CURRENCY,
        lines=deque(maxlen=2 * lines_max + 2),
    )
    return world.ledger.open(account, opening_minor)


def _file_reports(world: World, reported: list[Flow], now: float) -> None:
    """One report, or several where one message cannot carry all payments."""
    person = Person("报案人", "", "", "")
    for part, start in enumerate(range(0, len(reported), TRANSFERS_PER_REPORT)):
        flows = reported[start : start + TRANSFERS_PER_REPORT]
        transfers = [
            ReportedTransfer(
                payer=_ref(flow.payer),
                payee=_ref(flow.payee),
                amount=format_minor(flow.amount_minor, CURRENCY, grouped=False),
                currency=CURRENCY,
                at=instant(flow.at),
            )
            for flow in flows
        ]
        report = Report(
            external_id=f"replay-{part}",
            victim_name=person.name,
            narrative="资金流向文件回放：涉案资金最初转入下列账户。",
            transfers=transfers,
        )
        theft = Theft(
            f"replay-{part}", 0, "fast", "", person, "", "", "", 0, 0, [], now, report, external_id=report.external_id
        )
        world.state.thefts[theft.theft_id] = theft


def _ref(key: str) -> AccountRef:
    bank, _colon, number = key.partition(":")
    return AccountRef(bank=bank, number=number)


def write_case(case: Case, path: Path) -> None:
    """Write a case for a country of its own to read (`CountryConfig.flows_path`)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("what", "at", "payer", "payee", "amount_minor"))
        rows.writerows(("source", "", address, "", "") for address in case.sources)
        rows.writerows(("flow", flow.at, flow.payer, flow.payee, flow.amount_minor) for flow in case.flows)


def world_of_flows(config: CountryConfig, path: Path, now: float) -> World:
    """The world of a file that `write_case` wrote; terminals are not told to it."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    flows = tuple(
        Flow(float(row["at"]), row["payer"], row["payee"], int(row["amount_minor"]))
        for row in rows
        if row["what"] == "flow"
    )
    sources = tuple(row["payer"] for row in rows if row["what"] == "source")
    return world_of(config, Case(flows, sources, ()), now)
