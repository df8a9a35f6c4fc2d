"""How a bank looks at what a listed account pays before it goes: it lets the payment wait, tells, and lets it go.

Theory. 反电信网络诈骗法 art. 18 lets a bank delay a payment that it suspects. The order lists an account of this bank;
a payment out of it that does not fit into what may go unlooked at in 24 hours waits: nothing is booked, its sum is set
aside (a delay like that on arrival), and the centre is told what waits, to whom, and what had come in before. A stop of
any case takes over what waits; the centre may let it go; else it goes by itself when its time is over, when the account
is taken off the list, or when the listing's term ends. The holder is told of none of it, but sees that a payment waits.
"""

from wuzha.kernel.money import AMOUNT_MINOR_MAX
from wuzha.partners.protocol import PAYMENTS_PER_ANSWER_MAX, AccountRef, Outcome, PaymentHeld, TransactionKind
from wuzha.simulation.chance import instant
from wuzha.simulation.desk import SEQ_MAX, Result, answer, end_ahead, push
from wuzha.simulation.ledger import HOLDS_PER_ACCOUNT_MAX, Account, Hold, bank_of, is_internal, key_of
from wuzha.simulation.state import OrderRecord, Review
from wuzha.simulation.statements import holder_of, transaction_of
from wuzha.simulation.world import World

DAY_S = 86_400.0
WAITING_PER_LISTING_MAX = 500
CAME_TOLD_MAX = 20
TERM_S = 30 * DAY_S


def put_on(world: World, record: OrderRecord, at: float) -> Result:
    """Carry out the order: the account is on the list until its term is over."""
    order, account = record.order, world.ledger.accounts.get(key_of(record.partner, record.order.account.number))
    if account is None:
        return Result(Outcome.NO_ACCOUNT, "本行无此账户")
    if account.shown_kind in order.spare:
        return Result(Outcome.REFUSED, "该账户属指令所列免予列入类型", holder=holder_of(account))
    if not order.delay_s:
        return Result(Outcome.REFUSED, "须写明最长核验时限")
    if listing_of(world, account) is not None:
        return Result(Outcome.ALREADY, "该账户已在灰名单")
    ends_at = order.ends_at.timestamp() if order.ends_at else at + TERM_S
    if ends_at <= at:
        return Result(Outcome.REFUSED, "期限已过")
    account.listed, record.listed_until = str(order.order_id), ends_at
    world.schedule(ends_at, "listing-over", record.partner, str(order.order_id))
    world.count("accounts_listed")
    return Result(
        Outcome.DONE, "已列入，付款前核验", effect=True, effective_at=at, ends_at=ends_at, holder=holder_of(account)
    )


def listing_of(world: World, account: Account | None) -> OrderRecord | None:
    """The live listing of an account; None when it is not on the list."""
    if account is None or not account.listed:
        return None
    record = world.record(account.bank, account.listed)
    if record is None or not record.listed_until:  # forgotten since, or over
        account.listed = ""
        return None
    return record


def _listed(world: World, record: OrderRecord) -> tuple[OrderRecord, Account] | Result:
    """The listing that an order is about, with its account, or why there is none."""
    listing = world.record(record.partner, str(record.order.ref_order_id))
    account = world.ledger.accounts.get(key_of(record.partner, record.order.account.number))
    if listing is None or account is None:
        return Result(Outcome.REFUSED, "未找到所指灰名单记录")
    if listing_of(world, account) is not listing:
        return Result(Outcome.ALREADY, "该账户已不在灰名单")
    return listing, account


def take_off(world: World, record: OrderRecord, at: float) -> Result:
    """End a listing; one that was not carried out yet is withdrawn. What waits goes."""
    listing = world.record(record.partner, str(record.order.ref_order_id))
    if listing is None:
        return end_ahead(world, record.partner, str(record.order.ref_order_id))
    if not listing.done_at:
        listing.withdrawn = True
        return Result(Outcome.DONE, "尚未列入，已撤回", effect=True)
    found = _listed(world, record)
    if isinstance(found, Result):
        return found
    _end(world, *found, at)
    return Result(Outcome.DONE, "已移出", effect=True)


def extend(world: World, record: OrderRecord, _at: float) -> Result:
    """One more term, up to the instant that the order names."""
    found = _listed(world, record)
    if isinstance(found, Result):
        return found
    listing, _account = found
    ends_at = record.order.ends_at
    if ends_at is None or ends_at.timestamp() <= listing.listed_until:
        return Result(Outcome.REFUSED, "须写明更晚的到期时间")
    listing.listed_until = ends_at.timestamp()
    world.schedule(listing.listed_until, "listing-over", listing.partner, str(listing.order.order_id))
    return Result(Outcome.DONE, "已延期", effect=True, ends_at=listing.listed_until)


def let_go(world: World, record: OrderRecord, at: float) -> Result:
    """The centre lets one payment go."""
    found = _listed(world, record)
    if isinstance(found, Result):
        return found
    listing, account = found
    serial = record.order.transfer.serial if record.order.transfer else ""
    review = next((each for each in listing.reviews if each.serial == serial), None)
    if review is None:
        return Result(Outcome.NO_MATCH, "未找到所指付款")
    if review.state != "waiting":
        return Result(Outcome.ALREADY, "该付款已不在等待")
    _go(world, listing, account, review, "passed", at)
    return Result(Outcome.DONE, "已放行", effect=True)


def listing_over(world: World, at: float, partner: str, order_id: str) -> None:
    """The term of a listing is over."""
    listing = world.record(partner, order_id)
    if listing is None or not listing.listed_until or listing.listed_until > at:
        return
    account = world.ledger.accounts.get(key_of(partner, listing.order.account.number))
    if account is not None:
        _end(world, listing, account, at)


def _end(world: World, listing: OrderRecord, account: Account, at: float) -> None:
    listing.listed_until = 0.0
    account.listed = ""
    for review in [each for each in listing.reviews if each.state == "waiting"]:
        _go(world, listing, account, review, "lapsed", at)


def pay(
    world: World,
    payer: str,
    payee: str,
    amount_minor: int,
    at: float,
    via: TransactionKind = TransactionKind.TRANSFER,
    *,
    channel: str = "",
    remark: str = "",
    then: tuple[str | int, ...] = (),
    stopped: tuple[str | int, ...] = (),
) -> bool:
    """Pay as the holder asked, or let it wait where the payer's bank looks at it first; whether it went at once.

    then: the event that follows when a payment that waited has gone; stopped: when it never will.
    """
    account = world.ledger.accounts.get(payer)
    listing = listing_of(world, account)
    free = account is None or listing is None or _is_free(world, listing, account, amount_minor, at)
    if free or account is None or listing is None or _is_full(listing, account):
        world.post(payer, payee, amount_minor, at, via, channel=channel, remark=remark)
        return True
    delay_s = min(float(listing.order.delay_s or 0), world.config.review_delay_s)
    until_at = min(world.later(at, delay_s), listing.listed_until)
    serial = f"q{len(listing.reviews) + 1:06d}"
    listing.reviews.append(
        Review(serial, at, amount_minor, payee, via, until_at, channel, remark, list(then), list(stopped))
    )
    _set_aside(world, listing, account, at)
    world.schedule(until_at, "review-over", listing.partner, str(listing.order.order_id), serial)
    world.count("payments_reviewed")
    _tell(world, listing, serial, at)
    return False


def goes_unseen(world: World, payer: str, amount_minor: int, at: float) -> bool:
    """Whether a payment goes without being looked at."""
    account = world.ledger.accounts.get(payer)
    listing = listing_of(world, account)
    return account is None or listing is None or _is_free(world, listing, account, amount_minor, at)


def _is_free(world: World, listing: OrderRecord, account: Account, amount_minor: int, at: float) -> bool:
    since = at - DAY_S / world.config.speed
    gone_minor = -sum(line.amount_minor for line in account.lines if line.amount_minor < 0 and line.at > since)
    return gone_minor + amount_minor <= (listing.order.free_minor or 0)


def _is_full(listing: OrderRecord, account: Account) -> bool:
    waiting = sum(each.state == "waiting" for each in listing.reviews)
    return waiting >= WAITING_PER_LISTING_MAX or len(account.holds) >= HOLDS_PER_ACCOUNT_MAX


def _set_aside(world: World, listing: OrderRecord, account: Account, at: float) -> None:
    """What waits is not free for anything else; a stop takes it over."""
    order_id = str(listing.order.order_id)
    waiting = [each for each in listing.reviews if each.state == "waiting"]
    limit_minor = min(sum(each.amount_minor for each in waiting), AMOUNT_MINOR_MAX)
    hold = next((each for each in account.holds if each.delay and each.order_id == order_id), None)
    if not waiting:
        if hold is not None and not hold.over:
            caught = world.ledger.end_hold(account.key, hold, "lapsed", at)
            world.tell([change for change in caught if change.order_id != order_id], at)
        return
    ends_at = max(each.until_at for each in waiting)
    if hold is None:
        hold = Hold(order_id, listing.order.case_number, limit_minor, at, ends_at, delay=True)
        world.ledger.place_hold(account.key, hold, at)
        return
    hold.ends_at, hold.over = ends_at, ""
    caught = world.ledger.amend_hold(account.key, hold, limit_minor, at)
    world.tell([change for change in caught if change.order_id != order_id], at)


def _go(world: World, listing: OrderRecord, account: Account, review: Review, state: str, at: float) -> None:
    """A payment that waited is carried out; where a stop caught its money meanwhile it never goes."""
    review.state = state
    _set_aside(world, listing, account, at)
    known = is_internal(review.payee) or review.payee in world.ledger.accounts
    if account.available_minor >= review.amount_minor and known:
        world.post(
            account.key, review.payee, review.amount_minor, at, review.via, channel=review.channel, remark=review.remark
        )
        _follow_up(world, review.then, at)
    else:
        review.state = "stopped"
        _follow_up(world, review.stopped, at)
    _tell(world, listing, review.serial, at)


def _follow_up(world: World, event: list[str | int], at: float) -> None:
    if event:
        world.schedule(at, str(event[0]), *event[1:])


def review_over(world: World, at: float, partner: str, order_id: str, serial: str) -> None:
    """Nobody said anything in time: the payment goes."""
    listing = world.record(partner, order_id)
    review = next((each for each in listing.reviews if each.serial == serial), None) if listing else None
    account = world.ledger.accounts.get(key_of(partner, listing.order.account.number)) if listing else None
    if listing is not None and account is not None and review is not None and review.state == "waiting":
        _go(world, listing, account, review, "lapsed", at)


def waiting_for(account: Account) -> list[Hold]:
    """What waits on a listed account: a stop of whatever case takes that over."""
    return [hold for hold in account.live_holds if hold.delay and hold.order_id == account.listed]


def taken_over(world: World, account: Account, at: float) -> None:
    """A stop took what waited: payments for which there is not enough left never go, the others wait on."""
    listing = listing_of(world, account)
    if listing is None:
        return
    left_minor = account.available_minor
    for review in [each for each in listing.reviews if each.state == "waiting"]:
        if review.amount_minor <= left_minor:
            left_minor -= review.amount_minor
            continue
        review.state = "stopped"
        world.count("payments_stopped")
        _follow_up(world, review.stopped, at)
        _tell(world, listing, review.serial, at)
    _set_aside(world, listing, account, at)


def _tell(world: World, listing: OrderRecord, serial: str, at: float) -> None:
    if serial not in listing.news:
        listing.news.append(serial)
    push(world, listing, "review-answer", at)


def review_answer(world: World, at: float, partner: str, order_id: str) -> None:
    """Tell of the payments of which there is something new, and what had come in before them."""
    listing = world.record(partner, order_id)
    if listing is None:
        return
    listing.push_pending = False
    account = world.ledger.accounts.get(key_of(partner, listing.order.account.number))
    news, listing.news = listing.news[:PAYMENTS_PER_ANSWER_MAX], listing.news[PAYMENTS_PER_ANSWER_MAX:]
    told = [each for each in listing.reviews if each.serial in news]
    if account is None or not told or listing.seq >= SEQ_MAX:
        return
    since = min(each.at for each in told) - DAY_S / world.config.speed
    came = [line for line in account.lines if line.amount_minor > 0 and line.at >= since][-CAME_TOLD_MAX:]
    waiting_minor = sum(each.amount_minor for each in listing.reviews if each.state == "waiting")
    result = Result(
        Outcome.DONE,
        "付款核验",
        held_minor=waiting_minor,
        balance_minor=account.balance_minor,
        currency=account.currency,
        ends_at=listing.listed_until or None,
        transactions=tuple(transaction_of(line, account.currency) for line in came),
        payments=tuple(_payment(world, each, account.currency) for each in told),
    )
    answer(world, listing, result, at)
    if listing.news:
        push(world, listing, "review-answer", at)


def _payment(world: World, review: Review, currency: str) -> PaymentHeld:
    other = world.ledger.accounts.get(review.payee)
    payee = None
    if not is_internal(review.payee):
        payee = AccountRef(
            bank=bank_of(review.payee), number=review.payee.partition(":")[2], name=other.name if other else ""
        )
    return PaymentHeld(
        serial=review.serial,
        at=instant(review.at),
        amount_minor=review.amount_minor,
        currency=currency,
        kind=review.via,
        payee=payee,
        until_at=instant(review.until_at),
        state=review.state,  # type: ignore[arg-type]
    )
