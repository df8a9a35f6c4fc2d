"""The messages between a centre and its partners: one protocol for every kind of partner and order.

Theory. Sans-I/O: this module only says what a message is. The centre posts `OrdersMessage` to
`<partner>/wuzha/v1/orders` and reads `ReceiptsMessage` from the response; the partner posts `AnswersMessage`
to `<centre>/api/v1/partner/answers`, at once or hours later, as often as it learns more. An answer may also ride
in the receipt. Every message carries an id that its *sender* made: the same id with the same body is answered as
before and has no second effect, the same id with another body is refused ("conflict"). `seq` orders the answers to
one order, since networks do not. A partner whose people carry out orders asks the centre at `WORKLIST_PATH` which of
its own open orders is worth most just then. Sums are integers of minor units. Messages are signed as `signing.py` says.

What a stop order must carry follows 银发〔2016〕86号: who asks, the case number, the victim's side, the account, the
disputed amount, urgency, start and end, reason. The bank matches the named transfer before it stops anything.
Kinds are the vocabulary of the national platforms; see docs/protocol.md.
"""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wuzha.kernel.money import AMOUNT_MINOR_MAX

ORDERS_PER_MESSAGE_MAX = 100
ANSWERS_PER_MESSAGE_MAX = 100
TRANSACTIONS_PER_ANSWER_MAX = 2_000
ARRIVAL_DELAY_S_MAX = 1_800
REVIEW_DELAY_S_MAX = 86_400
PAYMENTS_PER_ANSWER_MAX = 200
BODY_BYTES_MAX = 4 * 1024 * 1024
ORDERS_PATH = "/wuzha/v1/orders"
ANSWERS_PATH = "/api/v1/partner/answers"
REPORTS_PATH = "/api/v1/reports"
WORKLIST_PATH = "/api/v1/partner/worklist"
WORKLIST_MAX = 100

Minor = Annotated[int, Field(ge=0, le=AMOUNT_MINOR_MAX, strict=True)]
SignedMinor = Annotated[int, Field(ge=-AMOUNT_MINOR_MAX, le=AMOUNT_MINOR_MAX, strict=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3,4}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,32}$")]
AccountNumber = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f<>]+$")]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=2_000)]


class Kind(StrEnum):
    """Kinds of order."""

    QUERY_TRANSACTIONS = "query-transactions"  # 账户交易明细查询
    QUERY_HOLDER = "query-holder"  # 账户持卡主体查询
    STOP = "stop"  # 止付
    STOP_AMEND = "stop-amend"  # 止付金额调整
    STOP_EXTEND = "stop-extend"  # 止付延期
    STOP_RELEASE = "stop-release"  # 止付解除
    PAPERS = "papers"  # 补充材料: documents that a partner asked for, about an earlier order
    WATCH = "watch"  # 账户动态查询
    WATCH_RELEASE = "watch-release"  # 动态查询解除
    WATCH_ARRIVALS = "watch-arrivals"  # 涉案资金到账监测
    TRACE_OUTFLOWS = "trace-outflows"  # 清算侧资金去向查询
    REVIEW_OUTFLOWS = "review-outflows"  # 列入灰名单: look at what a known mule's account pays before it goes
    REVIEW_EXTEND = "review-extend"  # 灰名单延期
    REVIEW_PASS = "review-pass"  # 核验放行: let one payment go that waits
    REVIEW_RELEASE = "review-release"  # 移出灰名单
    SUSPEND_NUMBER = "suspend-number"  # 停机
    BLOCK_URL = "block-url"  # 封堵网址


class Outcome(StrEnum):
    """Our few outcomes; each partner dialect's codes come down to these."""

    DONE = "done"  # 已办理
    ALREADY = "already"  # already done before: counts as done
    NO_MATCH = "no_match"  # the named transfer is not there: the bank must not stop (86号)
    NO_ACCOUNT = "no_account"  # no such account here
    REFUSED = "refused"  # not allowed, e.g. a third stop on one account
    UNSUPPORTED = "unsupported"  # this partner cannot do this kind
    TRY_AGAIN = "try_again"  # for the moment not possible
    NEEDS_PAPERS = "needs_papers"  # asks for documents first (foreign banks); the order stays open


class AccountKind(StrEnum):
    """What the holder of an account is; honest merchants are not chased."""

    PERSONAL = "personal"
    CORPORATE = "corporate"
    MERCHANT = "merchant"
    CRYPTO_DEALER = "crypto-dealer"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


class TransactionKind(StrEnum):
    """What moved the money."""

    TRANSFER = "transfer"
    CASH = "cash"
    MERCHANT = "merchant"
    CRYPTO = "crypto"
    ABROAD = "abroad"
    FEE = "fee"
    REVERSAL = "reversal"


class Message(BaseModel):
    """Base of all messages: unknown fields are refused, values cannot change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountRef(Message):
    """An account somewhere: `bank` is the partner code ("" when unknown)."""

    bank: Annotated[str, Field(max_length=32)] = ""
    number: AccountNumber
    name: Short = ""


class TransferRef(Message):
    """The transfer that brought the disputed money to the account: what the bank matches before it stops."""

    payer: AccountRef
    payee: AccountRef
    amount_minor: Minor
    currency: Currency = "CNY"
    at: AwareDatetime
    serial: Short = ""


class Order(Message):
    """One order to a partner about one target.

    account: the target account, number or URL (in `number`). amount_minor: the disputed amount, the most that may be
    held; None for queries. since: queries ask for transactions from here. due_at: when the answer is due.
    starts_at / ends_at: the term of a stop. ref_order_id: the order that an amendment, extension or release is about.
    watch-arrivals names an account at another bank: what it sends to accounts here is delayed, up to amount_minor and
    ARRIVAL_DELAY_S_MAX, and told; the stop that holds it follows (反电信网络诈骗法 art. 18). trace-outflows names one
    to a clearing house: what leaves it is told, now and as it leaves. spare: kinds of holder whose accounts must not
    be held, where the bank knows them to be of that kind.
    review-outflows goes to the bank that keeps the account and to nobody else: until ends_at each payment out of it
    waits up to delay_s and is told, but for free_minor in any 24 hours; the holder is not told of it by the bank's own
    doing (反电信网络诈骗法 arts. 18, 20). review-pass lets the payment `transfer.serial` go.
    """

    order_id: UUID
    kind: Kind
    case_number: Code
    account: AccountRef
    amount_minor: Minor | None = None
    currency: Currency = "CNY"
    urgency: Literal["normal", "urgent"] = "normal"
    since: AwareDatetime | None = None
    issued_at: AwareDatetime
    due_at: AwareDatetime
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    transfer: TransferRef | None = None
    victim: AccountRef | None = None
    ref_order_id: UUID | None = None
    spare: Annotated[list[AccountKind], Field(max_length=10)] = []
    delay_s: Annotated[int, Field(ge=1, le=REVIEW_DELAY_S_MAX)] | None = None
    free_minor: Minor | None = None
    reason: Short
    legal_basis: Short
    asked_by: Short
    approved_by: Short


class OrdersMessage(Message):
    """Centre to partner: up to ORDERS_PER_MESSAGE_MAX orders."""

    message_id: UUID
    centre: Code
    orders: Annotated[list[Order], Field(min_length=1, max_length=ORDERS_PER_MESSAGE_MAX)]


class Transaction(Message):
    """A line of an account's statement. direction is seen from the account; balance_minor is after the line."""

    serial: Annotated[str, Field(min_length=1, max_length=80)]
    at: AwareDatetime
    direction: Literal["in", "out"]
    amount_minor: Minor
    currency: Currency = "CNY"
    kind: TransactionKind = TransactionKind.TRANSFER
    counterparty: AccountRef | None = None
    balance_minor: SignedMinor | None = None
    channel: Annotated[str, Field(max_length=32)] = ""
    reverses: Annotated[str, Field(max_length=80)] = ""
    remark: Short = ""


class Holder(Message):
    """Whose account it is, as the bank knows it."""

    name: Short = ""
    kind: AccountKind = AccountKind.UNKNOWN
    opened_at: AwareDatetime | None = None
    opened_branch: Short = ""
    phone: Annotated[str, Field(max_length=32)] = ""
    id_number: Annotated[str, Field(max_length=32)] = ""


class PaymentHeld(Message):
    """A payment out of a listed account that waits, or waited, for review; it is no line of the statement yet.

    at: when its holder asked for it; payee: None for cash and abroad; until_at: when it goes if nobody says anything.
    """

    serial: Annotated[str, Field(min_length=1, max_length=80)]
    at: AwareDatetime
    amount_minor: Minor
    currency: Currency = "CNY"
    kind: TransactionKind = TransactionKind.TRANSFER
    payee: AccountRef | None = None
    until_at: AwareDatetime
    state: Literal["waiting", "stopped", "passed", "lapsed", "withdrawn"] = "waiting"


class Answer(Message):
    """What a partner did or knows about one order.

    code: the partner's own code, read through its dialect. at: when the partner did it. held_minor: what the hold
    has caught by then (of the order's amount_minor). transactions: since the order's `since`, oldest first, complete up
    to `as_of`; truncated when more than TRANSACTIONS_PER_ANSWER_MAX exist (ask again from the last one).
    account: what the answer is about when that is not the order's own account (an account where a watch delayed money).
    payments: of a listed account, those of which there is something new; transactions are then what came in before
    them. objection: what the holder of a listed account says against it (反电信网络诈骗法 art. 32).
    """

    answer_id: UUID
    order_id: UUID
    seq: Annotated[int, Field(ge=1, le=100_000)]
    at: AwareDatetime
    code: Code
    message: Long = ""
    held_minor: Minor | None = None
    balance_minor: SignedMinor | None = None
    currency: Currency = "CNY"
    effective_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    as_of: AwareDatetime | None = None
    holder: Holder | None = None
    account: AccountRef | None = None
    transactions: Annotated[list[Transaction], Field(max_length=TRANSACTIONS_PER_ANSWER_MAX)] = []
    truncated: bool = False
    payments: Annotated[list[PaymentHeld], Field(max_length=PAYMENTS_PER_ANSWER_MAX)] = []
    objection: Long = ""


class OrderReceipt(Message):
    """What became of one order of a message: taken, known before, refused because the id came with another body."""

    order_id: UUID
    status: Literal["accepted", "duplicate", "conflict", "rejected"]
    code: Annotated[str, Field(max_length=32)] = ""
    message: Long = ""
    answer: Answer | None = None


class ReceiptsMessage(Message):
    """Partner to centre, in the response to an `OrdersMessage`."""

    message_id: UUID
    receipts: Annotated[list[OrderReceipt], Field(max_length=ORDERS_PER_MESSAGE_MAX)]


class AnswersMessage(Message):
    """Partner to centre: up to ANSWERS_PER_MESSAGE_MAX answers."""

    message_id: UUID
    answers: Annotated[list[Answer], Field(min_length=1, max_length=ANSWERS_PER_MESSAGE_MAX)]


class AnswerReceipt(Message):
    """What became of one answer: recorded, known before, in conflict with an earlier body of its id, or refused."""

    answer_id: UUID
    status: Literal["recorded", "duplicate", "conflict", "rejected"]
    code: Annotated[str, Field(max_length=64)] = ""
    message: Long = ""


class AnswerReceiptsMessage(Message):
    """Centre to partner, in the response to an `AnswersMessage`."""

    message_id: UUID
    receipts: list[AnswerReceipt]


class Worklist(Message):
    """Centre to partner, when it asks: ids of its own open orders, the most worth doing first.

    What an order saves changes with every answer of other partners, so the list is good for the moment `as_of`. open_n:
    how many are open in all; those beyond WORKLIST_MAX are worth less than any named here.
    """

    as_of: AwareDatetime
    order_ids: Annotated[list[UUID], Field(max_length=WORKLIST_MAX)]
    open_n: int


class ReportedTransfer(Message):
    """One payment that the victim made. amount is decimal text, as spoken and typed ("85,000.50")."""

    payer: AccountRef | None = None
    payee: AccountRef
    amount: Annotated[str, Field(min_length=1, max_length=32)]
    currency: Currency = "CNY"
    at: AwareDatetime
    channel: Annotated[str, Field(max_length=32)] = ""


class Handle(Message):
    """A name or number under which the fraudster was met, or an order number, as typed ("QQ 1234 5678", "@name")."""

    kind: Literal["qq", "wechat", "telegram", "alipay", "dingtalk", "order"]
    value: Annotated[str, Field(min_length=1, max_length=128)]


class Report(Message):
    """A victim's report, from a page or from the 110 room's system.

    external_id: the sender's own number for it; the same number with another body is refused.
    """

    external_id: Annotated[str, Field(max_length=64)] = ""
    victim_kind: Literal["person", "company"] = "person"
    victim_name: Annotated[str, Field(min_length=1, max_length=100)]
    victim_phone: Annotated[str, Field(max_length=32)] = ""
    victim_id_number: Annotated[str, Field(max_length=32)] = ""
    jurisdiction: Annotated[str, Field(max_length=60)] = ""
    narrative: Annotated[str, Field(max_length=1_000_000)] = ""
    transfers: Annotated[list[ReportedTransfer], Field(max_length=200)] = []
    phones: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=100)] = []
    urls: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=100)] = []
    handles: Annotated[list[Handle], Field(max_length=100)] = []


class ReportMessage(Message):
    """110 room to centre: one report."""

    message_id: UUID
    report: Report


class ReportReceipt(Message):
    """Centre to 110 room: the case that the report became."""

    message_id: UUID
    status: Literal["recorded", "duplicate"]
    case_number: str
