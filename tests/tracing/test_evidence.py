"""Evidence: every step adds up by hand, under each rule; the paper says what it must and runs nothing."""

import re
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from tests.centre import FIRST, NOW, SECOND, VICTIM, answer, filed, line, order, partner, tell
from tests.tracing.pdf_text import text_of
from tests.tracing.test_importing import ROWS, THIRD, icbc, imported
from wuzha.kernel.refusals import Refusal
from wuzha.tracing.engine import Rule
from wuzha.tracing.evidence import evidence_of, rule_of
from wuzha.tracing.evidence_pdf import pdf
from wuzha.tracing.models import TracedAccount
from wuzha.tracing.rule_words import RULES
from wuzha.web.evidence_views import _sheets
from wuzha.web.sheets import workbook

pytestmark = pytest.mark.django_db

MIXED = (
    line("0", "in", 20_000_00, s=-600, to=THIRD, bank="ABC", balance=20_000_00),
    line("1", "in", 50_000_00, s=2, to=VICTIM, bank="ABC", balance=70_000_00),
    line("2", "out", 30_000_00, s=90, to=SECOND, bank="CCB", balance=40_000_00),
    line("3", "out", 10_000_00, s=190, kind="cash", balance=30_000_00),
)
# Stolen money in the payment to the second account, taken as cash, and still there, as one would find by hand.
BY_HAND = {
    Rule.FIFO: (10_000_00, 10_000_00, 30_000_00),
    Rule.LIFO: (30_000_00, 10_000_00, 10_000_00),
    Rule.TAINTED_FIRST: (30_000_00, 10_000_00, 10_000_00),
    Rule.CLEAN_FIRST: (10_000_00, 10_000_00, 30_000_00),
    Rule.PRO_RATA: (21_428_58, 7_142_86, 21_428_56),
}


@pytest.fixture
def case():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)
    case = filed()
    tell(answer(order(case, "query-transactions"), lines=MIXED, balance_minor=30_000_00))
    return case


def made(case, rule=Rule.FIFO):
    return evidence_of(case.id, rule=rule, currency="CNY", by="yanpan@CENTRE", now=NOW)


@pytest.mark.row("R-701", "R-501")
@pytest.mark.parametrize("rule", list(RULES))
def test_each_rule_says_what_one_finds_by_hand(case, rule):
    evidence = made(case, rule)
    first = next(one for one in evidence.accounts if one.key == f"ICBC:{FIRST}")
    outs = [step.stolen_minor for step in first.steps if not step.into]
    assert (*outs, first.stolen_now_minor) == BY_HAND[rule]
    assert first.steps[-1].after_minor == first.stolen_now_minor == sum(
        lot.amount_minor for lot in first.lots if lot.victim
    )  # fmt: skip
    assert (first.interval.low_minor, first.interval.high_minor) == (10_000_00, 30_000_00)
    fate = evidence.fate
    assert fate.seed_minor == 50_000_00 == fate.held_minor + fate.cashed_minor
    assert fate.conserved


def test_the_steps_of_every_account_end_at_what_is_there(case):
    imported(case, icbc(*ROWS), "more.csv")
    for rule in RULES:
        for one in made(case, rule).accounts:
            if one.steps:
                assert one.steps[-1].after_minor == one.stolen_now_minor
                assert all(0 <= step.stolen_minor <= step.movement.amount_minor for step in one.steps)


def test_money_that_left_unseen_is_a_step_and_a_question():
    for code in ("ICBC", "CCB", "ABC"):
        partner(code)
    case = filed()
    imported(case, icbc(ROWS[0], (190, "借", "10000.00", "5000.00", THIRD, "赵六", "农行")))
    evidence = made(case)
    first = next(one for one in evidence.accounts if one.key == f"ICBC:{FIRST}")
    assert [(step.movement.kind, step.stolen_minor) for step in first.steps[1:]] == [
        ("unseen", 35_000_00), ("transfer", 10_000_00),
    ]  # fmt: skip
    assert first.steps[-1].after_minor == first.stolen_now_minor == 5_000_00
    assert [(gap.account, gap.incoming, gap.amount_minor) for gap in evidence.gaps] == [(first.key, False, 35_000_00)]
    assert evidence.files[0].name == "icbc.csv"


def said(evidence, language):
    """All text of the paper, and its bytes."""
    with translation.override(language):
        content = pdf(evidence, banks={"ICBC": "中国工商银行"}, compress=False)
    assert content.startswith(b"%PDF")
    return text_of(content), content


@pytest.mark.row("R-701")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_paper_names_case_rule_law_steps_journal_and_who_made_it(case, language):
    evidence = made(case)
    text, content = said(evidence, language)
    for wanted in (case.number, "Clayton", "1816", FIRST, SECOND, "30,000.00", evidence.journal_hash, "yanpan@CENTRE"):
        assert wanted in text, wanted
    assert RULES[Rule.FIFO].source[:20] in text or language == "zh-hans"
    assert b"/JavaScript" not in content
    assert len(evidence.journal_hash) == 64


def test_the_paper_brings_its_letters_along(case):
    """Every font that a page names is embedded, and a rare name is told by its number."""
    TracedAccount.objects.filter(case=case, number=FIRST).update(name="褚𠮷三")
    text, content = said(made(case), "zh-hans")
    assert "褚[U+20BB7]三" in text
    named = set(re.findall(rb"/BaseFont /([^\s/]+)", content))
    embedded = set(re.findall(rb"/FontName /([^\s/]+)", content))
    assert named == embedded != set()
    assert content.count(b"/FontFile2") == len(embedded)
    assert "?" not in text.replace("? ", "")


def test_markup_in_names_stays_text_on_paper_and_in_the_workbook(case):
    TracedAccount.objects.filter(case=case, number=FIRST).update(name="<b>x</b><para>=1+1")
    TracedAccount.objects.filter(case=case, number=SECOND).update(name="=HYPERLINK(1)")
    evidence = made(case)
    assert "<b>x</b>" in said(evidence, "en")[0]
    with translation.override("en"):
        book = load_workbook(BytesIO(workbook(_sheets(evidence, {}))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]


@pytest.mark.row("R-501")
def test_the_workbook_has_accounts_transfers_lots_and_steps_with_numbers(case):
    with translation.override("en"):
        book = load_workbook(BytesIO(workbook(_sheets(made(case), {}))))
    assert book.sheetnames == ["Evidence", "Accounts", "Transfers", "Steps", "Lots", "Questions", "Sources"]
    transfers = list(book["Transfers"].iter_rows(values_only=True))[1:]
    assert [row[4] for row in transfers] == [50_000, 10_000, 10_000]
    lots = list(book["Lots"].iter_rows(values_only=True))[1:]
    assert [(row[2], row[3]) for row in lots if FIRST in row[0]] == [("the victim's money", 30_000)]


def test_a_case_without_payment_has_no_evidence(case):
    with pytest.raises(Refusal):
        evidence_of(case.id, rule=Rule.FIFO, currency="USD", by="x", now=NOW)


@pytest.mark.parametrize(
    ("text", "rule"), [("lifo", Rule.LIFO), ("", Rule.FIFO), ("poison", Rule.FIFO), ("x", Rule.FIFO)]
)
def test_the_rule_is_chosen_and_first_in_first_out_by_default(text, rule):
    assert rule_of(text, "fifo") is rule
