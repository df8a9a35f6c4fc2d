"""An open order says why it stands where it stands: money still there, its age, and how long its bank usually takes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, SECOND, answer, filed, forget_measures, line, order, tell
from wuzha.control import paces
from wuzha.control.models import Order
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_learned():
    forget_measures()
    yield
    forget_measures()


def answered_stops(seconds, *, times, now):
    """Let ICBC have answered so many stops of other cases, each after so long."""
    for n in range(times):
        case = filed(payee=f"62220202001133{n:02d}", now=now - timedelta(hours=1), at=now - timedelta(hours=2))
        stop, at = order(case, "stop", f"62220202001133{n:02d}"), now - timedelta(hours=1) + timedelta(seconds=seconds)
        tell(answer(stop, held_minor=0, now=at), now=at)


def lines_of(client, kind):
    """The lines under the orders of the board."""
    text = client.get(reverse("board"), {"kind": kind}).content.decode()
    return re.findall(r'<span class="next-why" data-why="[a-z]+">(.*?)</span>', text)


def told(lines):
    """The lines, whatever was expected; how much that is hangs on the life table."""
    return [re.sub(r"<b>¥[\d.,万K]+</b>", "<b>SUM</b>", text) for text in lines]


@pytest.mark.row("R-203", "R-202")
@pytest.mark.parametrize(
    ("language", "kind", "said"),
    [
        ("en", "stop", "about <b>SUM</b> of ¥50K still there · came 25 min ago · usually answered in 4 min"),
        ("zh-hans", "stop", "¥5万中预计仍有 <b>SUM</b> · 25分钟前到账 · 通常4分钟答复"),
        ("en", "query-transactions", "about <b>SUM</b> of ¥50K may have left unseen · came 25 min ago"),
        ("zh-hans", "query-transactions", "¥5万中约 <b>SUM</b> 可能已转出而未见 · 25分钟前到账"),
    ],
)
def test_the_board_says_money_age_and_usual_time(client_of, language, kind, said):
    now = timezone.now()
    answered_stops(240, times=paces.ANSWERS_MIN, now=now)
    filed(now=now, at=now - timedelta(minutes=25))
    assert said in told(lines_of(client_of(Role.CONTROL_OFFICER, language), kind))


def test_too_few_answers_say_nothing_of_the_bank(client_of):
    now = timezone.now()
    answered_stops(240, times=paces.ANSWERS_MIN - 1, now=now)
    filed(now=now, at=now - timedelta(minutes=25))
    shown = lines_of(client_of(Role.CONTROL_OFFICER, "en"), "stop")
    assert told(shown) == ["about <b>SUM</b> of ¥50K still there · came 25 min ago"]


@pytest.mark.parametrize(
    ("what", "answers", "kind", "said"),
    [
        ("a statement shows it there", {"query-transactions": {}}, "stop", "<b>¥50K</b> still there · came"),
        (
            "all of it left",
            {"query-transactions": {"lines": [line("9", "out", 50_000_00, to=SECOND)]}},
            "stop",
            "no stolen money is left here",
        ),
        ("a stop missed it", {"stop": {"held_minor": 0}}, "query-transactions", "the stop missed <b>¥50K</b>: where"),
        ("a stop holds it", {"stop": {"held_minor": 50_000_00}}, "query-transactions", "a stop holds all of it"),
        (
            "held, and the holder sells honestly",
            {"stop": {"held_minor": 50_000_00}, "query-transactions": {"kind": "merchant"}},
            "stop-release",
            "gives back what is held",
        ),
    ],
)
def test_the_board_says_what_is_known_of_the_money(client_of, what, answers, kind, said):
    now = timezone.now()
    case = filed(now=now, at=now - timedelta(minutes=25))
    for asked, more in answers.items():
        lines = [one.model_copy(update={"at": now - timedelta(minutes=20)}) for one in more.get("lines", ())]
        tell(answer(order(case, asked), now=now, **{**more, "lines": lines}), now=now)
    shown = lines_of(client_of(Role.CONTROL_OFFICER, "en"), kind)
    assert [text for text in shown if text.startswith(said)], (what, shown)


@pytest.mark.parametrize(
    ("waits", "usual_s"),
    [([10, 10, 10], 10), ([10, 20, 4_000], 20), ([10, 20], None), ([], None)],
)
def test_what_a_bank_usually_takes_is_its_median(db, officers, waits, usual_s):
    now = timezone.now()
    for n, seconds in enumerate(waits):
        case = filed(payee=f"62220202001144{n:02d}", now=now - timedelta(hours=3), at=now - timedelta(hours=4))
        at = now - timedelta(hours=3) + timedelta(seconds=seconds)
        tell(answer(order(case, "stop", f"62220202001144{n:02d}"), held_minor=0, now=at), now=at)
    assert paces.measure().get(("ICBC", "stop")) == usual_s


def test_the_case_page_says_it_too_and_an_answered_order_does_not(client_of):
    now = timezone.now()
    case = filed(now=now, at=now - timedelta(minutes=25))
    client = client_of(Role.CONTROL_OFFICER, "en")
    page = client.get(reverse("case", args=[case.id]), {"part": "orders"}).content.decode()
    assert (
        page.count('class="next-why" data-why=')
        == Order.objects.filter(case=case, state__in=("queued", "delivered")).count()
    )
    for each in Order.objects.filter(case=case):
        more = {"held_minor": 0} if each.kind == "stop" else {}
        tell(answer(each, now=now, **more), now=now)
    assert order(case, "stop", FIRST).state == "in_force"
    shown = client.get(reverse("board"), {"show": "in_force"}).content.decode()
    assert 'class="next-why" data-why=' not in shown


def test_the_board_asks_the_database_no_more_for_more_orders(client_of, django_assert_max_num_queries):
    now = timezone.now()
    for n in range(12):
        filed(payee=f"62220202001155{n:02d}", now=now, at=now - timedelta(minutes=25))
    client = client_of(Role.CONTROL_OFFICER)
    client.get(reverse("board"))
    with django_assert_max_num_queries(14):
        client.get(reverse("board"), {"part": "rows"})


def test_the_board_puts_money_that_is_still_there_before_a_larger_sum_that_left(client_of):
    now = timezone.now()
    gone = filed(amount="90000", now=now, at=now - timedelta(minutes=5))
    rests = filed(payee=SECOND, bank="CCB", amount="20000", now=now, at=now - timedelta(minutes=5))
    left = line("9", "out", 90_000_00, to="6217000011112222").model_copy(update={"at": now - timedelta(minutes=2)})
    tell(answer(order(gone, "query-transactions"), lines=[left], now=now), now=now)
    text = client_of(Role.CONTROL_OFFICER, "en").get(reverse("board"), {"kind": "stop"}).content.decode()
    places = [text.index(str(one.pk)) for one in (order(rests, "stop", SECOND), order(gone, "stop"))]
    assert places == sorted(places)
