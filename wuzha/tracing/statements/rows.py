"""Drafts made into statement rows: whose account, whose money, how much, and what sort of movement."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache

from wuzha.kernel.identifiers import bank_of_card
from wuzha.kernel.money import AMOUNT_MINOR_MAX
from wuzha.kernel.refusals import _
from wuzha.tracing.statements.accounts import canonical_account, may_be_same
from wuzha.tracing.statements.currencies import currency_of
from wuzha.tracing.statements.drafts import Draft, Reader
from wuzha.tracing.statements.kinds import has_failed, is_cash_flag, kind_of, status_is_clear, was_closed
from wuzha.tracing.statements.limits import REMEMBERED_CELLS_MAX
from wuzha.tracing.statements.marks import direction_inside_wallet
from wuzha.tracing.statements.meanings import Direction, Meaning
from wuzha.tracing.statements.model import CHINA, TOKEN_DIGITS, Kind, Note, Preamble, StatementRow, digits_of_currency
from wuzha.tracing.statements.sums import Sum, read_sum
from wuzha.tracing.statements.tables import Line

SERIAL_STEM_MIN = 6
_ACCOUNT_AND_NAME = re.compile(r"([\w*@.+-]*[\d@*][\w*@.+-]*)\s*[(（]([^()（）]{1,60})[)）]")
_NUMBER_AND_NAME = re.compile(r"(?:(.+?)[\s/|,;:(（-]+([\d*]{10,})[)）]?|([\d*]{8,})(?:[\s/|,;:(（-]+(.+?)[)）]?)?)")
_PEER_NUMBER = re.compile(r"[0-9][0-9*xX-]{4,}[0-9*]|\*+\d{4,}|\d{5,}")


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a movement as a table names them: (account, name, bank) each."""

    own: tuple[str, str, str]
    peer: tuple[str, str, str]
    alias: str = ""


def words_of(reader: Reader, draft: Draft) -> str:
    """The words of a line that tell what sort of movement it is."""
    return reader.words(draft.line, Meaning.KIND, Meaning.SUMMARY, Meaning.REMARK)


def own_account_of_ends(reader: Reader, drafts: Sequence[Draft]) -> str:
    """The one account that stands at either end of every line of a payer/payee table, "" when there is none."""
    seen: Counter[str] = Counter()
    for draft in drafts:
        seen.update({_end_account(reader, draft, "payer"), _end_account(reader, draft, "payee")} - {""})
    if not seen:
        return ""
    account, times = seen.most_common(1)[0]
    tied = sum(1 for count in seen.values() if count == times) > 1
    return account if times == len(drafts) and not tied else ""


def _end_account(reader: Reader, draft: Draft, end: str) -> str:
    text = reader.cell(draft.line, Meaning(f"{end}_account"), Meaning(f"{end}_card"))
    return canonical_account(text) or reader.cell(draft.line, Meaning(f"{end}_name"))


def settle_ends(reader: Reader, drafts: Sequence[Draft], own: str) -> None:
    """Directions of a table that names payer and payee: the own account's end decides where no mark does."""
    signed = any(draft.value < 0 for draft in drafts)
    for draft in drafts:
        if draft.mark is not None:
            continue
        payer, payee = _end_account(reader, draft, "payer"), _end_account(reader, draft, "payee")
        line_own = canonical_account(reader.cell(draft.line, Meaning.CARD, Meaning.ACCOUNT)) or own
        pays = bool(line_own) and (payer == line_own or may_be_same(payer, line_own) > 0)
        gets = bool(line_own) and (payee == line_own or may_be_same(payee, line_own) > 0)
        if pays and gets:
            draft.direction = Direction.NEUTRAL
        elif gets:
            draft.direction = Direction.IN
        elif pays or (not own and not signed):
            draft.direction = Direction.OUT


def row_of(reader: Reader, draft: Draft, preamble: Preamble, currency: str, unclear: set[str]) -> StatementRow:
    """The row of a settled draft. unclear collects status codes that nobody here understands."""
    line = draft.line
    ends = _ends(reader, draft, preamble)
    status = reader.cell(line, Meaning.STATUS)
    if status and not status_is_clear(status):
        unclear.add(status[:20])
    told = reader.words(line, Meaning.KIND, Meaning.SUMMARY)
    merchant = reader.cell(line, Meaning.MERCHANT)
    kind = kind_of(told, cash=is_cash_flag(reader.cell(line, Meaning.CASH_FLAG)), merchant=bool(merchant))
    if kind is Kind.OTHER and (remark := reader.cell(line, Meaning.REMARK)):
        kind = kind_of(remark)
    direction = draft.direction or Direction.NEUTRAL
    if direction is Direction.NEUTRAL and draft.mark is Direction.NEUTRAL:
        direction = direction_inside_wallet(told)
    code = currency_of(reader.cell(line, Meaning.CURRENCY)) or draft.currency or currency
    peer_account, peer_name, peer_bank = ends.peer
    funding = _card_behind(reader, line, Meaning.PAYER_ACCOUNT, Meaning.PAYER_CARD)
    own_account, holder, bank = ends.own
    return StatementRow(
        file=reader.file,
        sheet=reader.sheet,
        line=line.number,
        account=own_account,
        account_alias=ends.alias,
        holder=holder,
        bank=bank,
        at=datetime.combine(draft.day, draft.clock or time(), CHINA),
        precision=draft.precision,
        serial=reader.cell(line, Meaning.SERIAL),
        direction=direction,
        amount_minor=_minor(reader, draft, abs(draft.value), code),
        currency=code,
        balance_minor=None if draft.balance is None else _minor(reader, draft, draft.balance, code),
        peer_account=peer_account,
        peer_name=peer_name or merchant,
        peer_bank=peer_bank,
        kind=Kind.REVERSAL if draft.reverses and kind not in (Kind.REFUND, Kind.REVERSAL) else kind,
        channel=" ".join(filter(None, (reader.cell(line, Meaning.CHANNEL), reader.cell(line, Meaning.PLACE), funding))),
        summary=told,
        remark=reader.cell(line, Meaning.REMARK),
        fee_minor=_fee(reader, draft, code),
        failed=bool(status) and has_failed(status),
        reverses=draft.reverses or kind in (Kind.REVERSAL, Kind.REFUND),
        raw=line.cells,
    )


def _ends(reader: Reader, draft: Draft, preamble: Preamble) -> Ends:
    line, cell = draft.line, reader.cell
    card, number = canonical_account(cell(line, Meaning.CARD)), canonical_account(cell(line, Meaning.ACCOUNT))
    if preamble.merchant:
        card, peer_card = "", card
    else:
        peer_card = ""
    if card.isdigit() and len(card) <= 6:
        card = preamble.account if preamble.account.endswith(card) else f"*{card}"
    number, told_holder = _with_name(cell(line, Meaning.ACCOUNT), number) if number else (number, "")
    own = card or number or draft.account or canonical_account(preamble.account)
    alias = number if card and number != card else ""
    holder, bank = (
        cell(line, Meaning.HOLDER) or told_holder or preamble.holder,
        cell(line, Meaning.BANK) or preamble.bank,
    )
    if reader.names_ends:
        near, far = ("payee", "payer") if draft.direction is Direction.IN else ("payer", "payee")
        mine, theirs = _end(reader, draft, near), _end(reader, draft, far)
        own = own or mine[0] or mine[1]
        holder, bank = mine[1] or holder, mine[2] or bank
        if any(theirs) or not reader.names_peers:
            return Ends((own, holder, bank), theirs, alias)
    quoted = cell(line, *reader.peer_numbers)
    peer_account, told_name = _with_name(quoted, canonical_account(quoted) or peer_card)
    peer_name = cell(line, Meaning.PEER_NAME) or told_name
    if not peer_name and (text := cell(line, Meaning.PEER_TEXT)):
        number, peer_name = split_peer(text)
        peer_account = peer_account or number
    if not peer_account and (match := _NUMBER_AND_NAME.fullmatch(peer_name)):
        peer_account, peer_name = canonical_account(match[2] or match[3]), match[1] or match[4] or ""
    if peer_account and not re.search(r"[\d*@]", peer_account):
        peer_account, peer_name = "", peer_name or peer_account
    bank = bank or _issuer(own)
    return Ends((own, holder, bank), (peer_account, peer_name, cell(line, Meaning.PEER_BANK)), alias)


@lru_cache(maxsize=REMEMBERED_CELLS_MAX)
def _issuer(account: str) -> str:
    """The bank that a card's number tells, "" when it tells none."""
    issuer = bank_of_card(account) if account.isdigit() else None
    return issuer.name_zh if issuer else ""


def _with_name(text: str, account: str) -> tuple[str, str]:
    """(account, name) of an account cell that carries its owner behind it: "2088002345671234(张三)"."""
    match = _ACCOUNT_AND_NAME.fullmatch(text) if text[-1:] in (")", "）") else None
    return (canonical_account(match[1]), match[2]) if match else (account, "")


def _card_behind(reader: Reader, line: Line, account: Meaning, card: Meaning) -> str:
    """The card behind a payment account, "" unless both are printed."""
    return reader.cell(line, card) if reader.cell(line, account) else ""


def _end(reader: Reader, draft: Draft, end: str) -> tuple[str, str, str]:
    """(account, name, bank) of the payer's or payee's end. A payment account goes before the card that funds it: they
    are two accounts, and the bank printed beside them is the card's."""
    account = canonical_account(reader.cell(draft.line, Meaning(f"{end}_account")))
    card = canonical_account(reader.cell(draft.line, Meaning(f"{end}_card")))
    name, bank = reader.cell(draft.line, Meaning(f"{end}_name")), reader.cell(draft.line, Meaning(f"{end}_bank"))
    return account or card, name, "" if account and card and account != card else bank


def split_peer(text: str) -> tuple[str, str]:
    """(account, name) of a cell that holds both: "张三 6222020000001234", "6222****1234/张三"."""
    numbers = sorted(_PEER_NUMBER.findall(text), key=len)
    if not numbers:
        return "", text.strip()
    number = numbers[-1]
    name = text.replace(number, " ", 1).strip(" /|,;:()（）-")
    return canonical_account(number), name


def _minor(reader: Reader, draft: Draft, value: Decimal, currency: str) -> int:
    scaled = value.scaleb(digits_of_currency(currency))
    if scaled != scaled.to_integral_value() and digits_of_currency(currency) != TOKEN_DIGITS:
        raise reader.refusal(
            draft.line,
            "statement.decimals",
            _("%(place)s: “%(text)s” has more decimals than %(currency)s; the column may be a rate or a unit price."),
            text=str(value)[:30],
            currency=currency,
        )
    if abs(scaled) > AMOUNT_MINOR_MAX:
        raise reader.refusal(
            draft.line,
            "statement.amount_too_large",
            _("%(place)s: “%(text)s” is too large to be a sum."),
            text=str(value)[:30],
        )
    return int(scaled)


def _fee(reader: Reader, draft: Draft, currency: str) -> int:
    try:
        read = read_sum(reader.cell(draft.line, Meaning.FEE), reader.mapping.comma)
    except ValueError:
        return 0
    return _minor(reader, draft, abs(read.value), currency) if isinstance(read, Sum) else 0


def reopen_refunded(rows: list[StatementRow], statuses: Sequence[str]) -> list[StatementRow]:
    """A payment "closed" by its full refund did move: rows whose serial begins a refund's serial count again."""
    stems = {
        row.serial[:cut] for row in rows if row.kind is Kind.REFUND and not row.failed for cut in _cuts(row.serial)
    }
    return [
        replace(row, failed=False)
        if row.failed and was_closed(status) and len(row.serial) >= SERIAL_STEM_MIN and row.serial in stems
        else row
        for row, status in zip(rows, statuses, strict=True)
    ]


def _cuts(serial: str) -> list[int]:
    return [position for position, mark in enumerate(serial) if mark in "_*-" and position >= SERIAL_STEM_MIN]


def status_note(unclear: set[str]) -> list[Note]:
    """A note on status codes taken as success because nobody here knows them."""
    if not unclear:
        return []
    codes = ", ".join(sorted(unclear)[:5])
    return [
        Note(
            "status_unclear",
            _("Status %(codes)s is not understood; such rows were taken as done. Check them."),
            (("codes", codes),),
        )
    ]
