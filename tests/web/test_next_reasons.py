"""An open order says why it stands where it stands: money still there, its age, and how long its bank usually takes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.centre import FIRST, answer, filed, order, tell
from wuzha.control import paces
from wuzha.control.models import Order
from wuzha.people.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_learned():
    paces.forget()
    yield
    paces.forget()


def answered_stops(seconds, *, times, now):
    """Let ICBC have answered so many stops of other cases, each after so long."""
    for n in range(times):
        case = filed(payee=f"62220202001133{n:02d}", now=now - timedelta(hours=1), at=now - timedelta(hours=2))
        stop, at = order(case, "stop", f"62220202001133{n:02d}"), now - timedelta(hours=1) + timedelta(seconds=seconds)
        tell(answer(stop, held_minor=0, now=at), now=at)


def line_of(client, kind="stop"):
    """The line under the first order of the board."""
    text = client.get(reverse("board"), {"kind": kind}).content.decode()
    rest = text.split('class="next-why">', 1)
    return rest[1].split("</span>", 1)[0] if len(rest) > 1 else ""


@pytest.mark.row("R-203", "R-202")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "<b>¥50K</b> still there · came 25 min ago · usually answered in 4 min"),
    ],
)
def test_the_board_says_money_age_and_usual_time(client_of, language, said):
    now = timezone.now()
    answered_stops(240, times=paces.ANSWERS_MIN, now=now)
    filed(now=now, at=now - timedelta(minutes=25))
    assert line_of(client_of(Role.CONTROL_OFFICER, language)) == said


def test_too_few_answers_say_nothing_of_the_bank(client_of):
    now = timezone.now()
    answered_stops(240, times=paces.ANSWERS_MIN - 1, now=now)
    filed(now=now, at=now - timedelta(minutes=25))
    assert line_of(client_of(Role.CONTROL_OFFICER, "en")) == "<b>¥50K</b> still there · came 25 min ago"


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
    assert page.count('class="next-why"') == Order.objects.filter(case=case, state__in=("queued", "delivered")).count()
    for each in Order.objects.filter(case=case):
        more = {"held_minor": 0} if each.kind == "stop" else {}
        tell(answer(each, now=now, **more), now=now)
    assert order(case, "stop", FIRST).state == "in_force"
    shown = client.get(reverse("board"), {"show": "in_force"}).content.decode()
    assert 'class="next-why"' not in shown


def test_the_board_asks_the_database_no_more_for_more_orders(client_of, django_assert_max_num_queries):
    now = timezone.now()
    for n in range(12):
        filed(payee=f"62220202001155{n:02d}", now=now, at=now - timedelta(minutes=25))
    client = client_of(Role.CONTROL_OFFICER)
    client.get(reverse("board"))
    with django_assert_max_num_queries(14):
        client.get(reverse("board"), {"part": "rows"})
