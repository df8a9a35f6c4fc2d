"""Statements imported into a case: the chase follows, repeats add nothing, a refused file leaves nothing."""

import io
import zipfile

import pytest

from tests.centre import FIRST, NOW, PAID_AT, SECOND, VICTIM, answer, filed, line, order, partner, tell
from wuzha.control.models import Order
from wuzha.intake.models import Case
from wuzha.journal.models import Event
from wuzha.journal.verify import verify
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.importing import Upload, import_statements
from wuzha.tracing.models import LedgerTransfer, StatementFile, TracedAccount

pytestmark = pytest.mark.django_db

THIRD = "6228480402564890018"


def local(seconds):
    from datetime import timedelta, timezone

    return (PAID_AT + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=8)))


def icbc(*rows, serials=True):
    """ICBC's statement of the first account; rows are (seconds, 借/贷, sum, balance, other account, name, bank)."""
    head = ["交易时间", "借贷标志", "交易金额", "余额", "对方账号", "对方户名", "对方开户行", "摘要"]
    lines = [f"户名：李四 卡号：{FIRST} 开户行：中国工商银行锡州支行", ",".join(head + ["流水号"] * serials)]
    for n, (seconds, mark, amount, balance, other, name, bank) in enumerate(rows):
        cells = [f"{local(seconds):%Y-%m-%d %H:%M:%S}", mark, amount, balance, other, name, bank, "转账"]
        lines.append(",".join(cells + [f"S{n}"] * serials))
    return ("\n".join(lines) + "\n").encode("gb18030")


ROWS = (
    (2, "贷", "50000.00", "50000.00", VICTIM, "张三", "中国农业银行"),
    (90, "借", "30000.00", "20000.00", SECOND, "王五", "建设银行锡州分行"),
    (190, "借", "10000.00", "10000.00", THIRD, "赵六", "农行"),
)


@pytest.fixture(autouse=True)
def _banks():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)


def imported(case, data, name="icbc.csv", **more):
    return import_statements(case_id=case.id, files=[Upload(name, data, **more)], by="chakong@CENTRE", now=NOW)


def movements(case):
    rows = LedgerTransfer.objects.filter(case=case).order_by("at", "pk")
    return [(row.payer, row.payee, row.amount_minor, row.stolen_minor) for row in rows]


WAY = [
    (f"ABC:{VICTIM}", f"ICBC:{FIRST}", 50_000_00, 50_000_00),
    (f"ICBC:{FIRST}", f"CCB:{SECOND}", 30_000_00, 30_000_00),
    (f"ICBC:{FIRST}", f"ABC:{THIRD}", 10_000_00, 10_000_00),
]


@pytest.mark.row("R-505", "R-203")
def test_a_statement_extends_the_ledger_and_the_next_layers_orders_follow():
    case = filed()
    done = imported(case, icbc(*ROWS))
    assert movements(case) == WAY
    assert (done.added, done.completed) == (2, 1)
    layers = dict(TracedAccount.objects.filter(case=case).values_list("number", "layer"))
    assert layers == {FIRST: 1, SECOND: 2, THIRD: 2}
    assert {o.kind for o in Order.objects.filter(case=case, account=SECOND)} >= {"stop"}
    assert order(case, "stop", SECOND).amount_minor == 30_000_00
    row = StatementFile.objects.get(case=case)
    assert (row.rows, row.transfers_added, row.transfers_completed) == (3, 2, 1)
    told = Event.objects.get(case_id=case.id, kind="statements.imported")
    assert (told.by, told.body["files"][0]["name"]) == ("chakong@CENTRE", "icbc.csv")
    assert list(verify()) == []


@pytest.mark.row("R-505")
@pytest.mark.parametrize("serials", [True, False])
def test_the_same_file_twice_adds_nothing(serials):
    case = filed()
    imported(case, icbc(*ROWS, serials=serials))
    before = movements(case)
    again = imported(case, icbc(*ROWS, serials=serials), "copy.csv")
    assert (again.added, again.completed, again.known) == (0, 0, 3)
    assert movements(case) == before == WAY


@pytest.mark.row("R-505")
@pytest.mark.parametrize("answer_first", [True, False])
def test_a_file_without_serials_and_the_banks_answer_tell_the_same_transfers(answer_first):
    case = filed()
    query = order(case, "query-transactions")
    lines = [
        line("A1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00),
        line("A2", "out", 30_000_00, s=90, to=SECOND, bank="CCB", balance=20_000_00),
        line("A3", "out", 10_000_00, s=190, to=THIRD, bank="ABC", balance=10_000_00),
    ]
    steps = [
        lambda: tell(answer(query, lines=lines, balance_minor=10_000_00)),
        lambda: imported(case, icbc(*ROWS, serials=False)),
    ]
    for step in steps if answer_first else reversed(steps):
        step()
    assert movements(case) == WAY
    serials = LedgerTransfer.objects.filter(case=case).order_by("at").values_list("payer_serial", "payee_serial")
    assert list(serials) == [("", "A1"), ("A2", ""), ("A3", "")]


@pytest.mark.row("R-505")
def test_equal_payments_of_one_second_stay_several():
    case = filed()
    twice = (ROWS[0], (90, "借", "5000.00", "45000.00", SECOND, "王五", "建设银行"),
             (90, "借", "5000.00", "40000.00", SECOND, "王五", "建设银行"))  # fmt: skip
    for name in ("one.csv", "two.csv"):
        imported(case, icbc(*twice, serials=False), name)
    assert [amount for _a, _b, amount, _s in movements(case)] == [50_000_00, 5_000_00, 5_000_00]


@pytest.mark.row("R-505")
def test_both_banks_files_make_one_transfer_in_whichever_order_they_come():
    ccb = (
        f"账号：{SECOND}\n交易时间,收入,支出,余额,对方账号,对方户名\n"
        f"{local(92):%Y-%m-%d %H:%M:%S},30000.00,,30000.00,{FIRST},李四\n"
        f"{local(300):%Y-%m-%d %H:%M:%S},,29000.00,1000.00,{THIRD},赵六\n"
    ).encode()
    files = [("icbc.csv", icbc(*ROWS)), ("ccb.csv", ccb)]
    found = []
    for turn in (files, files[::-1]):
        case = filed()
        for name, data in turn:
            imported(case, data, name, bank="CCB" if name == "ccb.csv" else "")
        found.append(movements(case))
    assert found[0] == found[1] == [*WAY, (f"CCB:{SECOND}", f"ABC:{THIRD}", 29_000_00, 29_000_00)]


def test_a_days_statement_without_clock_meets_the_other_banks_time():
    case = filed()
    imported(case, icbc(*ROWS))
    day = f"账号：{SECOND}\n交易日期,收入,支出,余额,对方账号\n{local(0):%Y-%m-%d},30000.00,,30000.00,{FIRST}\n".encode()
    imported(case, day, "ccb.csv", bank="CCB")
    assert movements(case) == WAY
    assert LedgerTransfer.objects.get(case=case, payee=f"CCB:{SECOND}").at == local(90)


def test_a_masked_number_becomes_the_one_account_of_the_case_that_it_can_be():
    case = filed()
    imported(case, icbc(*ROWS))
    masked = (
        f"账号：{THIRD}\n交易时间,收入,支出,余额,对方账号,对方户名\n"
        f"{local(195):%Y-%m-%d %H:%M:%S},10000.00,,10000.00,622202******2230,李四\n"
    ).encode()
    imported(case, masked, "abc.csv")
    assert movements(case) == WAY


def test_cash_fees_and_the_unknown_end_as_in_answers():
    case = filed()
    rows = (ROWS[0], (90, "借", "20000.00", "30000.00", "", "", ""))
    data = icbc(*rows).decode("gb18030").replace(",转账,S1", ",ATM取现,S1").encode()
    imported(case, data)
    assert movements(case)[1] == (f"ICBC:{FIRST}", f"cash:ICBC:{FIRST}", 20_000_00, 20_000_00)
    case.refresh_from_db()
    assert case.gone_minor == 20_000_00


def packed(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


BROKEN = icbc(*ROWS).decode("gb18030").replace("30000.00,20000.00", "30.0.0x,20000.00").encode()


@pytest.mark.row("R-505")
@pytest.mark.parametrize(
    ("fault", "name", "data", "code"),
    [
        ("nothing in it", "a.csv", b"", "statement.empty"),
        ("a bomb", "a.zip", packed(**{"a.csv": b"0" * (11 * 2**20)}), "statement.archive_too_large"),
        ("a path out", "a.zip", packed(**{"../../a.csv": b"1,2"}), "statement.archive_path"),
        ("no text", "a.csv", bytes(range(128, 256)) * 40, ""),
        ("a picture", "a.csv", b"\x89PNG....", "statement.unsupported"),
        ("a line that is no sum", "a.csv", BROKEN, "statement.amount"),
        (
            "nobody's account",
            "a.csv",
            "交易时间,借贷标志,交易金额\n2026-11-20 10:00:00,借,5\n".encode(),
            "import.no_account",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_refused_file_is_refused_with_a_reason_and_nothing_of_it_or_its_neighbours_stays(fault, name, data, code):
    case = filed()
    before = movements(case)
    good = Upload("good.csv", icbc(*ROWS))
    with pytest.raises(Refusal) as refused:
        import_statements(case_id=case.id, files=[good, Upload(name, data)], by="x", now=NOW)
    assert str(refused.value)
    assert code in ("", refused.value.code), fault
    assert movements(case) == before
    assert not StatementFile.objects.exists()
    assert not Event.objects.filter(kind="statements.imported").exists()


@pytest.mark.parametrize("currency", ["INR", "BRL", "MMK", "IDR", "SAR"])
def test_a_currency_in_which_nobody_reports_is_kept_beside_the_case_and_traced_into_nothing(currency):
    """Its minor unit is known; no report is made in it, so none of it is stolen and nobody is asked about it."""
    case = filed()
    rows = (*ROWS, (300, "借", "1234.56", "1.00", THIRD, "赵六", "农行"))
    lines = icbc(*rows).decode("gb18030").strip().split("\n")
    told = [lines[0], f"{lines[1]},币种", *(f"{line},CNY" for line in lines[2:-1]), f"{lines[-1]},{currency}"]
    imported(case, "\n".join(told).encode())
    kept = LedgerTransfer.objects.get(case=case, currency=currency)
    assert (kept.amount_minor, kept.stolen_minor) == (1234_56, 0)
    assert (kept.payer, kept.payee) == (f"ICBC@{currency}:{FIRST}", f"ABC@{currency}:{THIRD}")
    assert movements(case)[:3] == WAY
    assert not TracedAccount.objects.filter(case=case, currency=currency).exists()


def test_a_token_whose_unit_nobody_knows_is_refused_with_its_line():
    case = filed()
    lines = icbc(*ROWS).decode("gb18030").strip().split("\n")
    told = [lines[0], f"{lines[1]},币种", *(f"{line},CNY" for line in lines[2:-1]), f"{lines[-1]},DOGE"]
    with pytest.raises(Refusal) as refused:
        imported(case, "\n".join(told).encode())
    assert (refused.value.code, refused.value.values["line"]) == ("import.currency", 5)
    assert movements(case) == [WAY[0]]


def test_html_and_formulas_in_cells_stay_words():
    case = filed()
    rows = (ROWS[0], (90, "借", "30000.00", "20000.00", SECOND, "<script>alert(1)</script>", "=cmd|' /C calc'!A0"))
    imported(case, icbc(*rows))
    name = LedgerTransfer.objects.get(case=case, payee__endswith=SECOND).payee_name
    assert "<" not in name
    assert Case.objects.get(pk=case.pk).layers == 2


def test_a_gap_that_a_balance_proves_is_told_and_does_not_stop_the_chase():
    case = filed()
    rows = (ROWS[0], (190, "借", "10000.00", "5000.00", THIRD, "赵六", "农行"))
    done = imported(case, icbc(*rows))
    assert done.gaps == 1
    gap = StatementFile.objects.get(case=case).notes["gaps"][0]
    assert (gap["account"], gap["missing_minor"]) == (FIRST, -35_000_00)
    case.refresh_from_db()
    assert case.gone_minor == 35_000_00
    assert TracedAccount.objects.get(case=case, number=THIRD).stolen_in_minor == 10_000_00


def test_a_banks_answer_with_a_gap_does_not_stop_the_chase_either():
    case = filed()
    lines = [
        line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00),
        line("2", "out", 10_000_00, s=90, to=SECOND, bank="CCB", balance=5_000_00),
    ]
    tell(answer(order(case, "query-transactions"), lines=lines, balance_minor=5_000_00))
    assert not Event.objects.filter(case_id=case.id, kind="reaction.failed").exists()
    assert Order.objects.filter(case=case, account=SECOND, kind="stop").exists()


@pytest.mark.row("R-505")
@pytest.mark.parametrize("answer_first", [True, False])
def test_a_file_that_prints_other_serials_than_the_answer_tells_the_same_transfers(answer_first):
    case = filed()
    query = order(case, "query-transactions")
    lines = [
        line("A1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=50_000_00),
        line("A2", "out", 30_000_00, s=90, to=SECOND, bank="CCB", balance=20_000_00),
        line("A3", "out", 10_000_00, s=190, to=THIRD, bank="ABC", balance=10_000_00),
    ]
    steps = [lambda: tell(answer(query, lines=lines, balance_minor=10_000_00)), lambda: imported(case, icbc(*ROWS))]
    for step in steps if answer_first else reversed(steps):
        step()
    imported(case, icbc(*ROWS), "again.csv")
    assert movements(case) == WAY


def test_files_that_number_their_rows_do_not_contradict_each_other():
    case = filed()
    imported(case, icbc(*ROWS))
    later = ((90_000, "借", "30000.00", "-20000.00", SECOND, "王五", "建设银行"),
             (200_000, "借", "700.00", "-20700.00", SECOND, "王五", "建设银行"))  # fmt: skip
    for name in ("two.csv", "three.csv"):
        imported(case, icbc(*later), name)
    assert sorted(amount for _a, _b, amount, _s in movements(case)) == [
        700_00,
        10_000_00,
        30_000_00,
        30_000_00,
        50_000_00,
    ]
    assert not Event.objects.filter(kind="ledger.conflict").exists()


def test_a_serial_that_no_bank_printed_is_sent_to_no_bank():
    case = filed()
    imported(case, icbc(*ROWS, serials=False))
    assert order(case, "stop", SECOND).transfer["serial"] == ""
    other = filed()
    imported(other, icbc(*ROWS))
    assert order(other, "stop", SECOND).transfer["serial"] == "S1"


def ccb(*rows):
    """CCB's statement of the second account; rows are (seconds, 收/支, sum, balance, other account, name)."""
    lines = [f"中国建设银行 户名：王五 卡号：{SECOND}", "交易时间,收/支,交易金额,余额,对方账号,对方户名"]
    lines += [f"{local(row[0]):%Y-%m-%d %H:%M:%S},{','.join(row[1:])}" for row in rows]
    return ("\n".join(lines) + "\n").encode("gb18030")


STARS = f"{SECOND[:6]}****{SECOND[-4:]}"
MASKED_ROWS = (ROWS[0], (90, "借", "30000.00", "20000.00", STARS, "王*", "建设银行锡州分行"))
ITS_SIDE = (92, "收", "30000.00", "30000.00", FIRST, "李四")


@pytest.mark.row("R-505")
def test_a_masked_far_end_becomes_the_account_when_its_own_statement_comes():
    case = filed()
    imported(case, icbc(*MASKED_ROWS))
    assert movements(case)[1][:2] == (f"ICBC:{FIRST}", f"CCB:{STARS}")
    done = imported(case, ccb(ITS_SIDE), "ccb.csv")
    assert movements(case) == WAY[:2]
    assert (done.added, done.completed) == (0, 1)
    keys = list(TracedAccount.objects.filter(case=case).order_by("layer").values_list("key", "number"))
    assert keys == [(f"ICBC:{FIRST}", FIRST), (f"CCB:{SECOND}", SECOND)]
    again = imported(case, icbc(*MASKED_ROWS))
    assert (again.added, movements(case)) == (0, WAY[:2])


def test_a_masked_far_end_becomes_the_account_when_its_bank_answers():
    case = filed()
    imported(case, icbc(*MASKED_ROWS))
    imported(case, icbc((400, "借", "100.00", "19900.00", SECOND, "王五", "建设银行")), "more.csv")
    tell(
        answer(
            order(case, "query-transactions", SECOND), lines=[line("x", "in", 30_000_00, s=92, to=FIRST, bank="ICBC")]
        )
    )
    assert (f"ICBC:{FIRST}", f"CCB:{SECOND}", 30_000_00) in [row[:3] for row in movements(case)]
    assert not any("*" in key for row in movements(case) for key in row[:2])


@pytest.mark.parametrize(
    ("name", "other"),
    [("赵*", ""), ("王*", f"{SECOND[:6]}99{SECOND[8:]}")],
    ids=["another name", "two accounts fit"],
)
def test_a_masked_far_end_that_may_be_another_stays_masked(name, other):
    case = filed()
    imported(case, icbc(MASKED_ROWS[0], (*MASKED_ROWS[1][:5], name, MASKED_ROWS[1][6])))
    more = [(901, "支", "5.00", "2.00", other, "王五")] if other else []
    imported(case, ccb((900, "收", "7.00", "7.00", THIRD, "孙八"), *more), "ccb.csv", bank="CCB")
    assert f"CCB:{STARS}" in [row[1] for row in movements(case)]
