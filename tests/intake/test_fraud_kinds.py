"""The kind of fraud: what the rules say, when they are unsure, and how a model of the centre's own takes over."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.intake.kinds import fraud_kinds, kind_model
from wuzha.intake.kinds.kind_training import judge, part_of, read_examples, split, train
from wuzha.kernel.refusals import Refusal

TOLD = {
    "brushing": "群里派单员让我做任务，先垫付再返佣金，后来说要做连单才能提现",
    "investment": "他拉我进股票群，老师带着炒股，说有内幕消息稳赚不赔，平台里盈利了却提现不了",
    "shopping": "在闲鱼上买二手手机，付款后卖家不发货还把我拉黑了",
    "customer-service": "自称京东客服，说快递丢件给我双倍理赔，让我开屏幕共享",
    "loan": "贷款APP说我银行卡号输错了，要交解冻金才能放款",
    "credit-record": "说我有校园贷，不注销会影响征信，让我把额度清零",
    "acquaintance": "领导加我微信说急用钱，不方便出面，让我代转给朋友",
    "authority": "自称公安局的警官，说我涉嫌洗钱，要把钱转到安全账户",
    "dating": "在相亲网站认识的男友，确定恋爱关系后带我",
    "gaming": "想卖王者荣耀游戏账号，交易平台说账号被冻结要交钱",
    "army-purchase": "自称部队后勤采购，让我代为采购牛肉罐头，垫付货款",
    "ticket": "短信说航班取消，让我打航空客服办理改签",
    "guess-who": "电话里说猜猜我是谁，明天到我办公室来",
    "credit-limit": "说可以帮我提升额度，要我报信用卡背面三位安全码",
    "blackmail": "裸聊后他录了不雅视频，说要发给家人，敲诈我",
    "crypto": "让我买虚拟货币，转USDT到他的钱包地址，说炒币能赚",
}


@pytest.mark.row("R-502")
@pytest.mark.parametrize("kind", TOLD)
def test_each_kind_is_told_from_a_plain_story_with_its_words(kind: str) -> None:
    found = fraud_kinds.classify(TOLD[kind])
    assert found.scores[0].kind == kind
    assert found.scores[0].words
    assert all(word in TOLD[kind] for word in found.scores[0].words)


@pytest.mark.parametrize("text", ["", "你好", "今天天气不错，我在家", "炒股，下款"])
def test_little_or_divided_evidence_is_unsure(text: str) -> None:
    found = fraud_kinds.classify(text)
    assert found.is_unsure
    assert len(found.top()) == 3


@given(st.text(max_size=200))
def test_probabilities_are_probabilities(text: str) -> None:
    found = fraud_kinds.classify(text)
    assert sum(score.p for score in found.scores) == pytest.approx(1)
    assert [s.p for s in found.scores] == sorted((s.p for s in found.scores), reverse=True)


def test_kinds_are_dated_and_every_kind_has_evidence() -> None:
    kinds = fraud_kinds.all_kinds()
    assert set(fraud_kinds.evidence_words()) == set(kinds)
    assert "网络婚恋交友" in {kind.name_zh for kind in kinds.values()}
    assert "brushing" not in {kind.code for kind in fraud_kinds.kinds_on(date(2017, 1, 1))}
    assert len(fraud_kinds.kinds_on(date(2026, 1, 1))) == 17


def examples(count: int) -> list[tuple[str, str]]:
    """Stories that the rules know nothing about: only a model can learn that blue means loan and red means gaming."""
    made = []
    for number in range(count):
        word, kind = (("蓝色的信封", "loan"), ("红色的信封", "gaming"))[number % 2]
        made.append((f"第{number}个人说他收到了{word}，编号{number * 7919}，然后就没有下文了", kind))
    return made


def test_a_model_learns_what_the_rules_do_not_know_and_replaces_them(tmp_path: Path) -> None:
    training = train(examples(400), None, name="first")
    assert training.replaced
    assert training.new.right > 0.95 > training.old.right
    path = tmp_path / "models" / "kinds.npz"
    training.model.save(path)
    model = kind_model.load(path)
    assert model is not None
    found = model.classify("他收到了蓝色的信封")
    assert (found.scores[0].kind, found.by) == ("loan", "first")
    assert any("蓝" in word for word in found.scores[0].words)
    assert judge(model.classify, split(examples(400))[2]).right == training.new.right


def test_a_model_that_is_no_better_does_not_replace_the_old() -> None:
    first = train(examples(400), None, name="first").model
    again = train(examples(400), first, name="second")
    assert again.old_name == "first"
    assert not again.replaced


def test_training_is_repeatable_and_parts_never_move() -> None:
    one, other = (train(examples(120), None, name="x").model for _time in range(2))
    assert (one.weights == other.weights).all()
    assert one.temperature == other.temperature
    longer = examples(500)
    assert {text for text, _kind in split(examples(200))[2]} <= {text for text, _kind in split(longer)[2]}
    assert part_of("a b\nc") == part_of("abc")


@pytest.mark.parametrize("text", ["", "x", "\ud800", "😀" * 3, "字" * 50_000])
def test_a_model_reads_any_text(text: str) -> None:
    model = train(examples(120), None, name="x").model
    assert sum(score.p for score in model.classify(text).scores) == pytest.approx(1, abs=1e-5)


def test_examples_are_read_from_json_lines_and_csv_without_doubles(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    row = {"text": "他让我在群里做任务先垫付", "kind": "刷单返利"}
    lines.write_text("\n".join([json.dumps(row), json.dumps(row), ""]), encoding="utf-8")
    table = tmp_path / "b.csv"
    table.write_text("text,kind\n贷款要先交解冻金才放款,loan\n", encoding="utf-8")
    assert [kind for _text, kind in read_examples([lines, table, lines])] == ["brushing", "loan"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jsonl", '{"text": "一二三四五六七八九十", "kind": "没有这种"}', "kinds.unknown"),
        ("a.jsonl", "no json", "kinds.line"),
        ("a.jsonl", '{"text": "x"}', "kinds.line"),
    ],
)
def test_bad_examples_are_refused(tmp_path: Path, name: str, content: str, code: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_examples([path])
    assert refused.value.code == code
    assert str(refused.value)


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        train(examples(20), None, name="x")
    assert refused.value.code == "kinds.few"
