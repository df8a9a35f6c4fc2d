"""The kind of fraud of a case: proposed with the report, decided by an officer, filtered, counted, trained on."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.centre import FIRST, NOW, filed, report
from wuzha.analysis.rules import compare, is_notable
from wuzha.analysis.selectors import kinds_compared
from wuzha.intake import selectors
from wuzha.intake.actions import close_case, decide_kind, file_report
from wuzha.intake.kind_selectors import UNDECIDED
from wuzha.intake.kinds import in_use, kind_training
from wuzha.intake.kinds.masking import mask
from wuzha.intake.kinds_cli import decided_examples
from wuzha.intake.models import Case, FraudKind
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal

BRUSHING = "他让我在群里做任务，先垫付再返佣金，派单员说要做连单才能提现"
LOAN = "贷款APP说我银行卡号输错了，要交解冻金才能放款"


def of_kind(kind):
    return [row["number"] for row in selectors.case_list(page=1, show="all", kind=kind)["rows"]]


@pytest.mark.django_db
@pytest.mark.row("R-502")
def test_a_report_from_elsewhere_brings_a_proposal_and_no_decision():
    case = filed(narrative=BRUSHING)
    row = FraudKind.objects.get(case=case)
    assert (row.kind, row.decided_at, row.proposed_kind, row.proposed_by) == ("", None, "brushing", "rules")
    assert row.proposed[0]["kind"] == "brushing"
    assert len(row.proposed) == 3
    assert all(word in BRUSHING for word in row.proposed[0]["words"])
    assert len(row.text_digest) == 64
    assert not Event.objects.filter(kind="case.kind_decided").exists()


@pytest.mark.django_db
@pytest.mark.row("R-502")
def test_a_decision_is_kept_with_who_and_when_and_the_last_word_counts():
    case = filed(narrative=BRUSHING)
    decide_kind(case_id=case.id, kind="brushing", by="jiejing@CENTRE", now=NOW)
    decide_kind(case_id=case.id, kind="brushing", by="chakong@CENTRE", now=NOW)
    close_case(case_id=case.id, reason="done", by="chakong@CENTRE", now=NOW)
    decide_kind(case_id=case.id, kind="loan", by="yanpan@CENTRE", now=NOW + timedelta(hours=1))
    row = FraudKind.objects.get(case=case)
    assert (row.kind, row.decided_by, row.decided_at) == ("loan", "yanpan@CENTRE", NOW + timedelta(hours=1))
    events = Event.objects.filter(kind="case.kind_decided").order_by("id")
    assert [(one.by, one.body["before"], one.body["kind"]) for one in events] == [
        ("jiejing@CENTRE", "", "brushing"),
        ("yanpan@CENTRE", "brushing", "loan"),
    ]
    assert events[0].body["proposed"][0] == "brushing"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["", "no-such-kind", "BRUSHING", "x" * 200])
def test_only_a_kind_of_the_list_is_taken(kind):
    case = filed(narrative=BRUSHING)
    with pytest.raises(Refusal) as refused:
        decide_kind(case_id=case.id, kind=kind, by="x", now=NOW)
    assert refused.value.code == "kind.unknown"


@pytest.mark.django_db
def test_the_choice_goes_with_the_report_and_a_wrong_one_leaves_no_case():
    told = report(narrative=BRUSHING)
    with pytest.raises(Refusal):
        file_report(case_id=uuid4(), report=told, by="jiejing@CENTRE", now=NOW, fraud_kind="nonsense")
    assert not Case.objects.exists()
    case, _made = file_report(case_id=uuid4(), report=told, by="jiejing@CENTRE", now=NOW, fraud_kind="dating")
    assert (case.fraud_kind.kind, case.fraud_kind.proposed_kind) == ("dating", "brushing")


@pytest.mark.django_db
def test_no_words_no_proposal_and_half_a_decision_cannot_be_stored():
    case = filed(narrative="")
    row = FraudKind.objects.get(case=case)
    assert (row.proposed, row.proposed_kind, row.text_digest) == ([], "", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        FraudKind.objects.filter(case=case).update(kind="loan")


@pytest.mark.django_db
def test_a_case_of_before_kinds_were_kept_can_be_shown_filtered_and_decided():
    case = filed(narrative=BRUSHING)
    FraudKind.objects.all().delete()
    assert selectors.case_facts(case.id)["kind"]["name"] == ""
    assert of_kind(UNDECIDED) == [case.number]
    decide_kind(case_id=case.id, kind="loan", by="x", now=NOW)
    assert of_kind("loan") == [case.number]


@pytest.mark.django_db
@pytest.mark.row("R-502")
def test_the_list_is_filtered_by_what_was_decided_else_surely_proposed():
    proposed, decided, unsure = filed(narrative=BRUSHING), filed(narrative=BRUSHING), filed(narrative="你好")
    decide_kind(case_id=decided.id, kind="loan", by="x", now=NOW)
    assert of_kind("brushing") == [proposed.number]
    assert of_kind("loan") == [decided.number]
    assert of_kind(UNDECIDED) == [unsure.number]
    assert len(of_kind("")) == 3


@pytest.mark.django_db
@pytest.mark.row("R-502")
def test_kinds_of_a_period_stand_against_the_period_before():
    for days_ago in (1, 2, 3, 9):
        filed(narrative=BRUSHING, now=NOW - timedelta(days=days_ago), at=NOW - timedelta(days=40))
    filed(narrative=LOAN, now=NOW - timedelta(days=10), at=NOW - timedelta(days=40))
    filed(narrative="你好", now=NOW - timedelta(days=1), at=NOW - timedelta(days=40))
    decide_kind(case_id=Case.objects.earliest("opened_at").id, kind="loan", by="x", now=NOW)
    week = kinds_compared(days=7, now=NOW)
    by_code = {row["code"]: (row["now"], row["before"], row["change"]) for row in week["rows"]}
    assert by_code["brushing"] == (3, 1, 2)
    assert by_code["loan"] == (0, 1, -1)
    assert by_code[UNDECIDED] == (1, 0, 1)
    assert (week["now"], week["before"], week["top"]) == (4, 2, 3)
    assert kinds_compared(days=30, now=NOW)["decided"] == 1


@pytest.mark.parametrize(
    ("now", "before", "notable"),
    [(0, 0, False), (1, 0, False), (5, 1, False), (8, 0, True), (0, 8, True), (7, 0, False), (30, 10, True),
     (1000, 1000, False), (1100, 900, True), (1010, 990, False)],
)  # fmt: skip
def test_a_difference_is_told_only_when_it_is_more_than_chance(now, before, notable):
    assert is_notable(now, before) is notable
    assert is_notable(before, now) is notable


def test_undecided_is_never_news():
    assert [row.is_notable for row in compare({"": (50, 0)}, {}, [""])] == [False]


PERSONAL = {
    "我叫王建国，身份证11010519491231002X，电话138 1234 5678": ["王建国", "11010519491231002X", "138 1234 5678"],
    "转到工行卡６２２２０２１００１１２３４５６７８８，户名李四": ["６２２２０２", "李四"],
    "王建国说：我是王建国": ["王建国"],
    "加我QQ：123456789，微信：abc_1234，邮箱 zhang.san@example.com": ["123456789", "abc_1234", "zhang.san"],
    "他报了尾号不全的6222 0210 0112 3456": ["6222 0210"],
    "网址 http://shua.example.com/u/13812345678": ["13812345678", "shua"],
}


@pytest.mark.row("R-502")
@pytest.mark.parametrize("text", PERSONAL)
def test_who_it_was_is_masked_and_how_it_went_stays(text):
    story = f"做任务先垫付，{text}。昨天2026-11-20下午3点转了1000000元，佣金没有返"
    masked = mask(story, ["王建国", "李四"])
    assert not [word for word in PERSONAL[text] if word in masked]
    for kept in ("做任务先垫付", "2026-11-20", "1000000元", "佣金没有返"):
        assert kept in masked


@pytest.mark.django_db
@pytest.mark.row("R-502")
def test_decided_cases_become_examples_without_the_people_in_them():
    case = filed(narrative=f"{BRUSHING}，我张三转到{FIRST}", victim_phone="13800138000")
    filed(narrative=LOAN)
    decide_kind(case_id=case.id, kind="brushing", by="x", now=NOW)
    ((text, kind),) = decided_examples()
    assert kind == "brushing"
    assert "先垫付再返佣金" in text
    assert "张三" not in text
    assert FIRST not in text


def test_the_model_in_use_is_the_trained_one_and_a_broken_file_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WUZHA_DATA", str(tmp_path))
    assert in_use.classify(BRUSHING).by == "rules"
    examples = [
        (f"第{n}个人收到{word}色的信封，编号{n * 7919}，没有下文", kind)
        for n in range(100)
        for word, kind in (("蓝", "loan"), ("红", "gaming"))
    ]
    kind_training.train(examples, None, name="own").model.save(in_use.model_path())
    found = in_use.classify("他收到蓝色的信封")
    assert (found.by, found.scores[0].kind) == ("own", "loan")
    in_use.model_path().write_bytes(b"no model")
    assert in_use.classify(BRUSHING).by == "rules"


def test_texts_are_taken_once_and_json_lines_are_what_training_reads(tmp_path: Path):
    assert kind_training.distinct(
        [("十个字以上的一段叙述文字", "loan"), ("十个字以上的 一段叙述文字", "other"), ("短", "loan")]
    ) == [("十个字以上的一段叙述文字", "loan")]
    path = tmp_path / "decided.jsonl"
    path.write_text(json.dumps({"text": mask(BRUSHING), "kind": "brushing"}, ensure_ascii=False), encoding="utf-8")
    assert kind_training.read_examples([path]) == [(BRUSHING, "brushing")]
