"""Held against holdable on the commander's page: periods, causes with their cases, drills, paper; both languages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tests.centre import FIRST, SECOND, VICTIM, answer, filed, line, order, tell
from wuzha.analysis import runs, saved
from wuzha.analysis.saved import report_of
from wuzha.analysis.saved_file import html
from wuzha.analysis.saved_pdf import pdf
from wuzha.control import paces
from wuzha.control.models import Order
from wuzha.intake.models import Case
from wuzha.partners.models import Outbox, Partner
from wuzha.partners.rules import LEASE_S
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db
SEE_FIGURES = {Role.ANALYST, Role.COMMANDER}


@pytest.fixture(autouse=True)
def _nothing_remembered(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    saved.forget()
    paces.forget()


@pytest.fixture
def now():
    return timezone.now()


def chased(now, *, cash_s, held=20_000_00, told_s=30):
    """A case of 50,000 yuan: 30,000 left for a second account and were drawn there as cash, 20,000 are held.

    Seconds from the report: when the cash was drawn, and when ICBC told where the money went.
    """
    paid = now - timedelta(minutes=20)
    case = filed(now=now, at=paid)
    out_s = (now - paid).total_seconds() - 60

    def at(made, s):
        return made.model_copy(update={"at": paid + timedelta(seconds=s)})

    stop = order(case, "stop")
    tell(answer(stop, held_minor=held, now=now + timedelta(seconds=2)), now=now + timedelta(seconds=2))
    lines = [
        at(line("1", "in", 50_000_00, to=VICTIM, bank="ABC"), 1),
        at(line("2", "out", 30_000_00, to=SECOND, bank="CCB"), out_s),
    ]
    then = now + timedelta(seconds=told_s)
    tell(answer(order(case, "query-transactions"), lines=lines, now=then), now=then)
    later = then + timedelta(seconds=5)
    gone = [
        at(line("8", "in", 30_000_00, to=FIRST, bank="ICBC"), out_s),
        at(line("9", "out", 30_000_00, kind="cash"), 1_200 + cash_s),
    ]
    asked = order(case, "query-transactions", SECOND)
    tell(answer(asked, lines=gone, now=later), partner="CCB", now=later)
    tell(answer(order(case, "stop", SECOND), held_minor=0, now=later), partner="CCB", now=later)
    return case


@pytest.fixture
def banks(officers):
    """The officers' centre has both banks."""
    return officers


@pytest.mark.row("R-203")
@pytest.mark.parametrize(
    ("cash_s", "cause", "bank"),
    [(-10, "late-report", ""), (20, "bank-answer", "ICBC")],
)
def test_the_centres_own_records_say_what_the_money_was_lost_to(banks, now, cash_s, cause, bank):
    chased(now, cash_s=cash_s)
    report = report_of(since=now - timedelta(hours=1), until=now + timedelta(hours=1), now=now + timedelta(hours=1))
    (row,) = report.sums.causes
    assert (row.cause.value, row.bank, row.amount_minor, dict(row.ways)) == (
        cause,
        bank,
        30_000_00,
        {"cash": 30_000_00},
    )
    assert (report.sums.stolen_minor, report.sums.held_minor) == (50_000_00, 20_000_00)
    if cause == "bank-answer":
        (gain,) = [gain for gain in report.sums.gains if gain.bank == "ICBC"]
        assert gain.saved_minor == (30_000_00, 30_000_00, 30_000_00)


def test_time_until_an_order_was_sent_is_ours_and_not_the_banks(banks, now):
    Partner.objects.filter(code="ICBC").update(mode="api")
    case = chased(now, cash_s=20)
    query = order(case, "query-transactions")
    sent_at = query.queued_at + timedelta(seconds=28)  # of the thirty until ICBC told
    Order.objects.filter(pk=query.pk).update(delivered_at=query.answered_at)
    Outbox.objects.filter(pk=query.pk).update(state="done", next_at=sent_at + timedelta(seconds=LEASE_S))
    report = report_of(since=now - timedelta(hours=1), until=now + timedelta(hours=1), now=now + timedelta(hours=1))
    assert [(row.cause.value, row.bank) for row in report.sums.causes] == [("sending", "")]


def test_an_account_is_worked_out_again_when_its_case_moved(banks, now):
    case = chased(now, cash_s=20)
    window = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1), "now": now + timedelta(hours=1)}
    assert report_of(**window).sums.held_minor == 20_000_00
    later = now + timedelta(seconds=90)
    more = answer(order(case, "stop"), seq=2, held_minor=15_000_00, now=later)
    tell(more, now=later)
    assert Case.objects.get(pk=case.pk).touched_at == later
    assert report_of(**window).sums.held_minor == 15_000_00


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_it(client_of, role):
    for name in ("saved", "saved-pdf"):
        answer_ = client_of(role).get(reverse(name))
        assert answer_.status_code == (200 if role in SEE_FIGURES else 403)


@pytest.mark.row("R-203", "R-807")
def test_the_page_shows_the_steps_and_each_cause_leads_to_its_cases(client_of, now):
    case = chased(now, cash_s=20)
    client = client_of(Role.COMMANDER, "en")
    text = client.get(reverse("saved"), {"period": "7"}).content.decode()
    assert "40 %" in text
    assert "A bank told late: " in text
    assert "¥30,000.00" in text
    assert case.number not in text
    link = "?period=7&amp;cause=bank-answer&amp;bank=ICBC#cause-cases"
    assert link in text
    cases = client.get(reverse("saved"), {"period": "7", "cause": "bank-answer", "bank": "ICBC"}).content.decode()
    assert case.number in cases
    assert reverse("case", args=[case.id]) in cases
    part = client.get(reverse("saved"), {"period": "7", "part": "body"}).content.decode()
    assert "<html" not in part


@pytest.mark.parametrize(("period", "shown"), [("today", 1), ("7", 2), ("30", 3), ("", 1), ("<b>", 1), ("0", 1)])
def test_periods(client_of, now, period, shown):
    for days in (0, 3, 20):
        filed(now=now - timedelta(days=days), at=now - timedelta(days=days, minutes=20))
    text = client_of(Role.ANALYST, "en").get(reverse("saved"), {"period": period}).content.decode()
    assert (f"{shown} case</li>" if shown == 1 else f"{shown} cases</li>") in text
    assert "<b>&" not in text


@pytest.mark.parametrize("query", [{"cause": "nothing"}, {"cause": "bank-answer", "bank": "'; DROP"}, {"cause": "<i>"}])
def test_a_cause_that_is_not_there_shows_no_cases(client_of, now, query):
    chased(now, cash_s=20)
    text = client_of(Role.COMMANDER).get(reverse("saved"), {"period": "7", **query}).content.decode()
    assert 'id="cause-cases"' not in text


def test_an_empty_centre_says_so(client_of):
    text = client_of(Role.COMMANDER, "en").get(reverse("saved")).content.decode()
    assert "No stolen money was followed in this time." in text


@pytest.mark.row("R-203")
def test_a_drill_that_was_kept_stands_on_the_page(client_of, now, tmp_path):
    chased(now, cash_s=20)
    report = report_of(since=now - timedelta(hours=1), until=now, now=now, speed=60.0)
    kept = runs.keep(replace(report, scenario="B", seed=7, verdict=("Auditor: clean.",)), tmp_path)
    assert runs.read(tmp_path, kept.stem) == replace(report, scenario="B", seed=7, verdict=("Auditor: clean.",))
    client = client_of(Role.COMMANDER, "en")
    assert f"?run={kept.stem}" in client.get(reverse("saved")).content.decode()
    text = client.get(reverse("saved"), {"run": kept.stem, "cause": "bank-answer"}).content.decode()
    assert "Drill B, seed 7, 60 times faster than life" in text
    assert "Auditor: clean." in text
    assert "In a drill all times are those of life" in text
    assert "/cases/" not in text.split('id="cause-cases"', 1)[1].split("</section>", 1)[0]  # its cases are not here


@pytest.mark.parametrize("name", ["20260101-000000-A-1", "../keys/centre", "x" * 300])
def test_a_run_that_is_not_there_is_not_found(client_of, name):
    assert client_of(Role.COMMANDER).get(reverse("saved"), {"run": name}).status_code == 404


def test_a_run_that_cannot_be_read_is_passed_over(tmp_path):
    (tmp_path / runs.FOLDER).mkdir()
    (tmp_path / runs.FOLDER / "20260101-000000-A-1.json").write_text("{")
    assert runs.names(tmp_path) == ["20260101-000000-A-1"]
    assert runs.read(tmp_path, "20260101-000000-A-1") is None


def test_only_the_latest_runs_are_kept(tmp_path, now, monkeypatch):
    monkeypatch.setattr(runs, "RUNS_KEPT_MAX", 2)
    report = replace(report_of(since=now, until=now, now=now), scenario="C")
    for days in range(4):
        runs.keep(replace(report, made_at=now - timedelta(days=days)), tmp_path)
    assert len(runs.names(tmp_path)) == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_paper_and_file_say_the_same(banks, now, language):
    case = chased(now, cash_s=20)
    report = report_of(since=now - timedelta(hours=1), until=now + timedelta(hours=1), now=now + timedelta(hours=1))
    with translation.override(language):
        paper, page = pdf(report, compress=False), html(report)
    assert paper.startswith(b"%PDF-")
    assert b"30,000.00" in paper
    assert case.number.encode() in paper
    assert "30,000.00" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "--held-fill" in page  # its colours are inside


def test_the_pdf_is_a_file_to_keep(client_of, now):
    chased(now, cash_s=20)
    answer_ = client_of(Role.COMMANDER).get(reverse("saved-pdf"), {"period": "7"})
    assert answer_["Content-Type"] == "application/pdf"
    assert answer_["Content-Disposition"].startswith('attachment; filename="held-7-')
    assert answer_.content.startswith(b"%PDF-")


def test_other_currencies_are_not_added_up(banks, now):
    chased(now, cash_s=20)
    Case.objects.update(currency="USD")
    assert report_of(since=now - timedelta(hours=1), until=now, now=now).cases_n == 0
