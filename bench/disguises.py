"""Numbers, handles and links in every combination of disguises: how much of it is read, and which disguise hides most.

    python bench/disguises.py [--each N] [--seed N] [--show KIND]

Hand-written passages try a form here and a form there; what slips through is mostly a combination that nobody wrote
down. Here each text is put together from independent choices: how the lead is named (its label), what joins the label
to it, how its signs are written, where and by what it is broken, and what stands before and behind. Every choice alone
is one that people make; the value is known because the text is made from it. The texts are made by the one who mends
the rules: the figures show which combinations are read and are no claim for unseen text.

A lead counts as read when its kind and value agree and it stands where it was put; any other number, handle or link
that is seen beside it counts as wrong.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.disguise_words import (  # noqa: E402
    ANSWERERS,
    ASKED,
    BEFORE,
    BEHIND,
    CLOSES,
    DOTS,
    HEARD_MARKS,
    JOINS,
    LABELS,
    MARKS,
    PINYIN,
    SCHEMES,
    TALK,
    TOPS,
)
from bench.disguise_writing import (  # noqa: E402
    HALVES,
    HANDLE_WRITINGS,
    HEARD,
    ONES,
    WRITINGS,
    Cut,
    anyhow,
    by_sizes,
    card,
    digits_of,
    full_letters,
    handle,
    id_number,
    mobile,
)
from wuzha.intake.leads import extract  # noqa: E402

NOW = datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001 - the local time of an imagined call
ACTED_ON = frozenset({"card", "account", "id_number", "phone", "qq", "wechat", "telegram", "alipay", "order", "url"})


@dataclass(frozen=True, slots=True)
class Disguised:
    """A text with one lead at start..end; `by` names the choices it was made of."""

    text: str
    kind: str
    value: str
    start: int
    end: int
    by: Mapping[str, str]


def _frame(chosen: random.Random, kind: str, value: str, said: str, label: str, by: dict[str, str]) -> Disguised:
    before, behind, join = chosen.choice(BEFORE), chosen.choice(BEHIND), chosen.choice(JOINS) if label else ""
    if join == "" and (label[-1:].isascii() or not label) and said[:1].isascii() and label:
        join = " "
    if kind == "url" and join in ("", "=", "→"):
        join = "：" if label else ""
    close = CLOSES.get(join, "")
    head = before + label + join
    text = head + said + close + behind
    names = {"label": label, "join": join, "before": before, "behind": behind}
    return Disguised(text, kind, value, len(head), len(head) + len(said), by | names)


def _number(
    chosen: random.Random,
    kind: str,
    value: str,
    cuts: Mapping[str, Cut],
    labels: Sequence[str],
    writings: Sequence[str],
) -> Disguised:
    writing = chosen.choice(writings)
    cut = chosen.choice(tuple(cuts))
    parts = cuts[cut](chosen, value)
    marks = HEARD_MARKS if writing in HEARD else MARKS
    mark = chosen.choice(tuple(marks)) if len(parts) > 1 else "none"
    if writing == "misread" and mark in ("stroke", "bar"):
        mark = "space"  # a bar among l and I is no sign of anything
    written = [WRITINGS[writing](chosen, part) for part in parts]
    if value[-1] == "X" and writing in HEARD:
        written[-1] = written[-1][:-1] + chosen.choice(("X", "x", "叉"))
    said = marks.get(mark, "").join(written)
    by = {"writing": writing, "cut": cut, "mark": mark}
    return _frame(chosen, kind, value, said, chosen.choice(labels), by)


LINES = ("landline", "free call", "bank line", "abroad", "faked", "bulk messages")


def _line(chosen: random.Random) -> Disguised:
    """Phones that are no mobiles, each broken as people break it."""
    sort = chosen.choice(LINES)
    writings: tuple[str, ...] = ("plain", "full width", "bold", "circled")
    if sort == "landline":
        area = chosen.choice(("010", "021", "0755", "0571", "028", "0591", "0851"))
        number = digits_of(chosen, 8, "2345678")
        value, parts = area + number, chosen.choice(([area, number], [area, number[:4], number[4:]], [area + number]))
        writings = _ALL_WRITINGS
    elif sort == "free call":
        number = digits_of(chosen, 7)
        value = "400" + number
        parts = chosen.choice((["400", number[:3], number[3:]], ["400", number[:4], number[4:]], [value]))
        writings = _ALL_WRITINGS
    elif sort == "bank line":
        value = chosen.choice(("95588", "95533", "95599", "95566", "95555", "95338", "95188"))
        parts, writings = [value], ("plain", "full width", "bold", "spoken", "spoken, 幺")
    elif sort == "abroad":
        code, sizes = chosen.choice(
            (("852", (4, 4)), ("60", (2, 3, 4)), ("855", (2, 3, 3)), ("95", (1, 3, 4)), ("63", (3, 3, 4)))
        )
        number = digits_of(chosen, sum(sizes), "6789")
        cut, at = [], 0
        for size in sizes:
            cut.append(number[at : at + size])
            at += size
        value = "+" + code + number
        parts = chosen.choice(([value], ["+" + code, number], ["+" + code, *cut]))
    elif sort == "faked":
        value = chosen.choice(("+00", "+0086", "00")) + chosen.choice(("110", "95588", "4008213359", "19537284116"))
        parts = [value]
    else:
        value = "106" + digits_of(chosen, chosen.choice((9, 10, 12)))
        parts = chosen.choice(([value], [value[:4], value[4:8], value[8:]]))
    if len(parts) > 1 and sort != "landline" and sort != "free call":
        marks = {name: MARKS[name] for name in ("space", "dash", "wide space", "point")}
    else:
        marks = {
            name: MARKS[name]
            for name in ("space", "dash", "long dash", "point", "middle dot", "wide space", "spaced dash")
        }
    writing = chosen.choice(writings)
    if writing in HEARD:
        marks = {name: HEARD_MARKS[name] for name in ("space", "comma")}
    mark = chosen.choice(tuple(marks)) if len(parts) > 1 else "none"
    said = marks.get(mark, "").join(WRITINGS[writing](chosen, part) for part in parts)
    return _frame(
        chosen, "phone", value, said, chosen.choice(LABELS["line"]), {"sort": sort, "writing": writing, "mark": mark}
    )


def _in_talk(chosen: random.Random, kind: str) -> Disguised:
    """A card or an identity number in pieces with words between."""
    value = card(chosen) if kind == "card" else id_number(chosen)
    cut = chosen.choice((by_sizes(4, 4, 4, 4), by_sizes(6, 6), by_sizes(8, 4), by_sizes(6, 4, 4)))
    writing = chosen.choice(("plain", "spoken", "spoken, 幺", "full width", "some spoken"))
    parts = [WRITINGS[writing](chosen, part) for part in cut(chosen, value)]
    said = parts[0]
    for part in parts[1:]:
        said += chosen.choice(TALK) + part
    return _frame(chosen, kind, value, said, chosen.choice(LABELS[kind]), {"writing": writing})


def _asked(chosen: random.Random) -> Disguised:
    """A question for the number, and the answer."""
    kind = chosen.choice(("qq", "wechat", "telegram", "phone", "order"))
    labels = {
        "qq": ("QQ号", "扣扣号", "QQ", "企鹅号"), "wechat": ("微信号", "微信", "绿泡泡号"),
        "telegram": ("飞机号", "电报号", "TG号"),
        "phone": ("手机号", "电话", "来电号码"), "order": ("订单号", "单号", "流水号"),
    }  # fmt: skip
    told = make(kind, chosen)
    said = told.text[told.start : told.end]
    head = chosen.choice(("接警员：", "“", "民警：", "问：", "", "客服")) + chosen.choice(labels[kind])
    head += chosen.choice(ASKED) + chosen.choice(ANSWERERS)
    text = head + said + chosen.choice(BEHIND)
    by = {"kind": kind, "head": head, **{key: told.by[key] for key in ("writing", "mark") if key in told.by}}
    return Disguised(text, told.kind, told.value, len(head), len(head) + len(said), by)


_WHOLE: Cut = lambda _chosen, number: [number]  # noqa: E731
_ALL_WRITINGS = tuple(WRITINGS)


def make(kind: str, chosen: random.Random) -> Disguised:
    """One text of the kind; `group` makes a QQ group's number."""
    if kind == "card":
        cuts = {
            "whole": _WHOLE,
            "fours": by_sizes(4, 4, 4, 4),
            "6-": by_sizes(6),
            "halves": HALVES,
            "anyhow": anyhow(2, 6),
            "ones": ONES,
        }
        return _number(chosen, "card", card(chosen), cuts, LABELS["card"], _ALL_WRITINGS)
    if kind == "id_number":
        cuts = {
            "whole": _WHOLE,
            "6-8-4": by_sizes(6, 8),
            "6-4-4-4": by_sizes(6, 4, 4),
            "3-3-4-4-4": by_sizes(3, 3, 4, 4),
            "anyhow": anyhow(2, 6),
            "ones": ONES,
        }
        return _number(chosen, "id_number", id_number(chosen), cuts, LABELS["id_number"], _ALL_WRITINGS)
    if kind == "phone":
        cuts = {
            "whole": _WHOLE,
            "3-4-4": by_sizes(3, 4),
            "3-8": by_sizes(3),
            "4-4-3": by_sizes(4, 4),
            "5-6": by_sizes(5),
            "3-3-5": by_sizes(3, 3),
            "ones": ONES,
        }
        return _number(chosen, "phone", mobile(chosen), cuts, LABELS["phone"], _ALL_WRITINGS)
    if kind in ("qq", "group"):
        value = digits_of(
            chosen, chosen.choice((8, 9, 9, 10, 10)) if kind == "qq" else chosen.choice((9, 9, 10)), "123456789"
        )
        cuts = {
            "whole": _WHOLE,
            "threes": by_sizes(3, 3),
            "4-": by_sizes(4),
            "halves": HALVES,
            "anyhow": anyhow(2, 4),
            "ones": ONES,
        }
        return _number(chosen, "qq", value, cuts, LABELS[kind], _ALL_WRITINGS)
    if kind == "order":
        value = digits_of(chosen, chosen.choice((12, 15, 16, 18, 19, 20, 24, 28)), "123456789")
        cuts = {
            "whole": _WHOLE,
            "fours": by_sizes(4, 4, 4, 4, 4, 4),
            "7-": by_sizes(7),
            "8-": by_sizes(8),
            "anyhow": anyhow(3, 6),
        }
        return _number(chosen, "order", value, cuts, LABELS["order"], _ALL_WRITINGS)
    if kind in ("wechat", "telegram"):
        value = handle(chosen, dash=kind == "wechat")
        writing = chosen.choice(tuple(HANDLE_WRITINGS))
        said = HANDLE_WRITINGS[writing](chosen, value)
        label = chosen.choice(LABELS[kind])
        if label == "Ⓥ" and writing == "circled":
            label = "微信"  # a circle among circles names nothing
        if kind == "telegram" and chosen.random() < 0.3:
            said = "@" + said
        return _frame(chosen, kind, value, said, label, {"writing": writing})
    if kind == "line":
        return _line(chosen)
    if kind in ("card in talk", "id in talk"):
        return _in_talk(chosen, "card" if kind == "card in talk" else "id_number")
    return _asked(chosen) if kind == "asked" else _link(chosen)


def _link(chosen: random.Random) -> Disguised:
    names = "".join(chosen.choice(PINYIN) for _ in range(chosen.randint(1, 2)))
    names += chosen.choice(("", str(chosen.randint(1, 9999)), "-pay", "bao", "shop"))
    host = chosen.choice(("", "", "www.", "h5.", "m.", "app.")) + names + "." + chosen.choice(TOPS)
    path = chosen.choice(
        ("", "", "/", "/app", f"/d/{chosen.randint(10, 9999)}", f"/?id={chosen.randint(1, 999)}", "/pay/login")
    )
    scheme, dot, writing = (
        chosen.choice(SCHEMES),
        chosen.choice(tuple(DOTS)),
        chosen.choice(("plain", "full width", "upper")),
    )
    if dot in ("spaced", "before", "behind", "spaced dot") and not scheme:
        path = "" if path != "/app" else path
    said = scheme + host.replace(".", DOTS[dot]) + path
    if writing == "full width":
        said = full_letters(chosen, said)
    if writing == "upper":
        said = scheme + host.upper().replace(".", DOTS[dot]) + path
    shown = Disguised("", "url", (host + path).removesuffix("/"), 0, 0, {})
    by = {"scheme": scheme, "dot": dot, "writing": writing, "path": path[:3]}
    return _frame(chosen, "url", shown.value, said, chosen.choice(LABELS["url"]), by)


KINDS = (
    "card", "card in talk", "id_number", "id in talk", "phone", "line",
    "qq", "group", "order", "wechat", "telegram", "url", "asked",
)  # fmt: skip


def texts(kind: str, count: int, seed: int) -> Iterator[Disguised]:
    """`count` texts of a kind, the same for the same seed."""
    chosen = random.Random(f"{seed} {kind}")
    for _ in range(count):
        yield make(kind, chosen)


def is_read(told: Disguised) -> tuple[bool, list[str]]:
    """Whether the lead is read, and what else was seen."""
    leads = [lead for lead in extract(told.text, NOW) if lead.kind in ACTED_ON]
    right = [
        lead
        for lead in leads
        if lead.kind == told.kind
        and lead.value.removesuffix("/") == told.value
        and lead.start < told.end
        and told.start < lead.end
    ]
    return bool(right), [f"{lead.kind} {lead.value}" for lead in leads if lead not in right[:1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=2000, help="texts of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", default="", help="print what is missed of this kind")
    asked = parser.parse_args()
    for kind in KINDS:
        right, wrong, missed = 0, 0, 0
        by: Counter[tuple[str, str]] = Counter()
        by_all: Counter[tuple[str, str]] = Counter()
        for told in texts(kind, asked.each, asked.seed):
            found, others = is_read(told)
            right += found
            missed += not found
            wrong += len(others)
            for choice in told.by.items():
                by_all[choice] += 1
                by[choice] += not found or bool(others)
            if kind == asked.show and (not found or others):
                print(f"  {told.value} <- {others} :: {told.text!r}")
        f1 = 2 * right / (2 * right + wrong + missed)
        print(f"{kind:12} {f1:.4f}  right {right} wrong {wrong} missed {missed}")
        worst = sorted(by, key=lambda choice: -by[choice] / by_all[choice])[:9]
        print(
            "    " + "; ".join(f"{name} {value!r} {by[name, value] / by_all[name, value]:.2f}" for name, value in worst)
        )


if __name__ == "__main__":
    main()
