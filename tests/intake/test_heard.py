"""Leads of passages written and labelled by people who had not seen the rules: fifty-seven desks, one standard.

What each set gave on the day it was new stands in docs/extraction.md. Since then causes that are general were mended,
labels were left as they came, and here the sets together keep what was reached.
"""

from collections import Counter
from pathlib import Path

import pytest

from bench.passages import judge_together, read_passages
from wuzha.intake.leads import extract

SETS = sorted((Path(__file__).parent / "heard").glob("*.txt"))
PASSAGES_MIN = 80
F1_MIN = {
    ("chat", "sums"): 0.975,
    ("everyday", "numbers"): 0.99,
    ("hostile", "numbers"): 0.98,
    ("news", "sums"): 0.99,
    ("news", "times"): 0.985,
    ("news", "time values"): 0.985,
}
NOTHING_MAX = 10  # sums and times that were seen where there are none, in all passages of "nothing"


@pytest.mark.row("R-101")
def test_what_others_wrote_is_read():
    told = judge_together(SETS)
    low = {at: told[at].f1(at[1]) for at, least in F1_MIN.items() if told[at].f1(at[1]) < least}
    assert not low, "\n".join(note for at in low for note in told[at].notes)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_words_that_name_nothing_give_no_number_to_act_on(path):
    passages = list(read_passages(path))
    assert len(passages) >= PASSAGES_MIN
    nothing = [passage for passage in passages if passage.section == "nothing"]
    found = Counter(str(lead.kind) for passage in nothing for lead in extract(passage.text, passage.now))
    acted_on = {"card", "account", "id_number", "phone", "qq", "wechat", "telegram", "alipay", "url"}
    assert not acted_on & set(found), found


def test_words_that_name_nothing_give_hardly_a_sum():
    nothing = [passage for path in SETS for passage in read_passages(path) if passage.section == "nothing"]
    kinds = [str(lead.kind) for passage in nothing for lead in extract(passage.text, passage.now)]
    assert sum(kind in ("amount", "time") for kind in kinds) <= NOTHING_MAX
