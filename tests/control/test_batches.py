"""Batches: a list read line by line, two thousand accounts asked about, answers in one table."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.centre import FIRST, NOW, SECOND, answer, filed, partner, tell
from wuzha.clocks.models import Clock
from wuzha.control import batch_selectors as selectors
from wuzha.control.actions import authorise
from wuzha.control.batch_lines import ACCOUNTS_MAX, read_accounts
from wuzha.control.batches import make_batch
from wuzha.control.models import Authorisation, Batch, BatchItem, Order
from wuzha.journal.models import Event
from wuzha.journal.verify import verify
from wuzha.kernel.identifiers import luhn_digit
from wuzha.kernel.refusals import Refusal
from wuzha.partners.models import Outbox
from wuzha.partners.protocol import Answer, Holder

BANKS = {"ICBC": "ICBC", "工商银行": "ICBC", "建行": "CCB", "CCB": "CCB", "农业银行": "ABC"}
CONNECTED = frozenset({"ICBC", "CCB"})


def read(text):
    return read_accounts(text.splitlines(), bank_named=lambda cell: BANKS.get(cell, ""), connected=CONNECTED)


@pytest.mark.row("R-206")
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("6222020200112230", (FIRST, "ICBC", "")),
        ("6222 0202 0011 2230", (FIRST, "ICBC", "")),
        ("6222020200112230\t张三", (FIRST, "ICBC", "张三")),
        ("张三,6222020200112230,工商银行", (FIRST, "ICBC", "张三")),
        ("工商银行 6222020200112230", (FIRST, "ICBC", "")),
        ("1020304050607;建行;某某公司", ("1020304050607", "CCB", "某某公司")),
        ("６２２２０２０２００１１２２３０，工商银行", (FIRST, "ICBC", "")),
        ("\ufeff6222020200112230", (FIRST, "ICBC", "")),
        ("6222020200112230, ICBC, <script>", (FIRST, "ICBC", "script")),
    ],
)
def test_a_line_is_an_account_with_its_bank_and_holder_in_any_order(line, wanted):
    one = read(line).wanted[0]
    assert (one.account, one.bank, one.name) == wanted


@pytest.mark.row("R-206")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("张三", "batch.no_account"),
        ("6222020200112231", "batch.check_digit"),
        ("1020304050607", "batch.no_bank"),
        ("6222020200112230, 农业银行", "batch.bank"),
        ("6.22202E+18, ICBC", "batch.lost_digits"),
        ("12, ICBC", "account.length"),
        ("=cmd|' /C calc'!A0, ICBC", "account.characters"),
    ],
)
def test_a_line_that_cannot_be_used_is_kept_with_its_reason(line, code):
    found = read(f"{FIRST}\n{line}\n{SECOND}")
    assert [one.account for one in found.wanted] == [FIRST, SECOND]
    assert [(bad.line, bad.text, bad.refusal.code) for bad in found.bad] == [(2, line, code)]


def test_nothing_is_lost_and_repeats_count_once():
    text = f"账号,银行\n\n{FIRST}\n{SECOND},建行\n{FIRST},工商银行\nx1\n{SECOND}"
    found = read(text)
    assert ([w.line for w in found.wanted], [b.line for b in found.bad], found.repeated) == ([3, 4], [6], (5, 7))


def test_an_empty_list_and_one_that_is_too_long_are_refused():
    for text, code in (("", "batch.empty"), ("\n账号\n", "batch.empty"), (numbers(ACCOUNTS_MAX + 1), "batch.too_many")):
        with pytest.raises(Refusal) as refused:
            read(text)
        assert refused.value.code == code


def numbers(count):
    heads = [f"62220202{n:07}" for n in range(count)]
    return "\n".join(head + luhn_digit(head) for head in heads)


def batch(case, text, *, kind="query-holder", batch_id=None):
    return make_batch(
        batch_id=batch_id or uuid4(), case_number=case.number, kind=kind, lines=text.splitlines(),
        reason="跑分车队名单", since=NOW, by="chakong@CENTRE", now=NOW,
    )  # fmt: skip


@pytest.fixture
def case(db):
    for code in ("ICBC", "CCB"):
        partner(code)
    return filed()


@pytest.mark.row("R-206")
def test_two_thousand_accounts_become_orders_clocks_and_parcels_in_a_handful_of_statements(case):
    before = Order.objects.count()
    with CaptureQueriesContext(connection) as queries:
        made = batch(case, numbers(2_000))
    assert len(queries) < 60
    assert (made.accounts, BatchItem.objects.filter(batch=made).count()) == (2_000, 2_000)
    assert Order.objects.count() == before + 2_000
    assert Outbox.objects.filter(body__kind="query-holder").count() == 2_000
    assert Clock.objects.filter(kind="answer", state="running").count() >= 2_000
    assert Event.objects.get(kind="batch.made").body["accounts"] == 2_000
    assert list(verify()) == []
    row = selectors.batch(made.id, now=NOW)
    assert (row["open"], row["finished"], row["percent"]) == (2_000, 0, 0)
    with CaptureQueriesContext(connection) as queries:
        rows, total = selectors.answers(made.id, now=NOW, page=2)
    assert (len(rows), total) == (selectors.ROWS_PER_PAGE, 2_000)
    assert len(queries) < 8


@pytest.mark.row("R-206")
def test_answers_stand_in_one_table_with_what_is_late_and_refused(case):
    made = batch(case, f"{FIRST}\n{SECOND}\n1020304050607 建行")
    orders = {o.account: o for o in Order.objects.filter(batch_items__batch=made)}
    told = Answer(
        answer_id=uuid4(), order_id=orders[FIRST].id, seq=1, at=NOW, code="done", balance_minor=1_234_56,
        holder=Holder(name="李四", kind="personal", opened_at=NOW, opened_branch="城西支行"),
    )  # fmt: skip
    tell(told)
    tell(answer(orders["1020304050607"], code="no_account"), partner="CCB")
    later = orders[SECOND].due_at.replace(year=2027)
    rows, _total = selectors.answers(made.id, now=later, whole=True)
    assert [(r["account"], r["holder"], r["balance_minor"], r["state"], r["late"]) for r in rows] == [
        (FIRST, "李四", 1_234_56, "done", False),
        (SECOND, "", None, "queued", True),
        ("1020304050607", "", None, "refused", False),
    ]
    row = selectors.batch(made.id, now=later)
    assert (row["answered"], row["late"], row["refused"], row["finished"]) == (1, 1, 1, 2)
    for show, count in (("answered", 1), ("late", 1), ("refused", 1), ("open", 1), ("all", 3), ("nonsense", 3)):
        assert selectors.answers(made.id, now=later, show=show)[1] == count, show
    assert selectors.answers(made.id, now=later, text="2230")[1] == 1
    assert selectors.answers(made.id, now=later)[0][0]["account"] == "6222****2230"


@pytest.mark.row("R-206")
def test_outside_the_authorisation_questions_wait_and_go_out_once_the_case_is_approved(case):
    Authorisation.objects.filter(case=case).update(state="revoked")
    made = batch(case, numbers(30))
    assert selectors.batch(made.id, now=NOW)["waiting"] == 30
    authorise(case_id=case.id, layers_max=3, amount_minor_max=100, hours=2, reason="名单", by="shenpi@CENTRE", now=NOW)
    assert selectors.batch(made.id, now=NOW)["open"] == 30


def test_a_double_click_and_an_open_question_ask_nobody_twice(case):
    batch_id = uuid4()
    first = batch(case, FIRST, batch_id=batch_id)
    assert batch(case, FIRST, batch_id=batch_id) == first
    second = batch(case, f"{FIRST}\n{SECOND}")
    assert Batch.objects.count() == 2
    assert Order.objects.filter(case=case, kind="query-holder", account=FIRST).count() == 1
    assert selectors.batch(second.id, now=NOW)["accounts"] == 2
    Order.objects.filter(kind="query-holder").update(state="done")
    batch(case, FIRST)
    assert Order.objects.filter(case=case, kind="query-holder", account=FIRST).count() == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "stop"}, "batch.kind"),
        ({"reason": " "}, "batch.reason"),
        ({"case_number": "XF0"}, "batch.case"),
        ({"lines": ["x1"]}, "batch.all_bad"),
    ],
)
def test_a_batch_that_cannot_be_made_is_refused_and_nothing_stays(case, changed, code):
    values = {"batch_id": uuid4(), "case_number": case.number, "kind": "query-holder", "lines": [FIRST],
              "reason": "名单", "since": None, "by": "x", "now": NOW} | changed  # fmt: skip
    with pytest.raises(Refusal) as refused:
        make_batch(**values)
    assert refused.value.code == code
    assert not Batch.objects.exists()
