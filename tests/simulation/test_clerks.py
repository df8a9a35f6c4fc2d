"""A bank's clerks are few: first come, first served, or what the centre says is worth most."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from tests.loops import run as run_coroutine
from tests.simulation.build import HOUR, T0, account, empty_world, order, order_id
from wuzha.partners.protocol import WORKLIST_PATH, Worklist
from wuzha.partners.signing import new_keypair, verify_request
from wuzha.simulation import clerks, desk, persistence
from wuzha.simulation.asking import Asking
from wuzha.simulation.chance import instant
from wuzha.simulation.country import play_back, resume
from wuzha.simulation.truth import truth_of

NAMES = ("a", "b", "c", "d", "e")
WORK_S = 720.0


def slow_bank(world):
    """A bank that works by hand."""
    return next(code for code, partner in world.partners.items() if partner.mode == "manual")


def with_orders(names=NAMES, **settings):
    """A world whose slow bank got a query for each name at once; (world, bank)."""
    world = empty_world(**settings)
    bank = slow_bank(world)
    for name in names:
        account(world, bank, name)
        desk.take(world, bank, order("query-holder", bank, name, name=name), T0)
    return world, bank


def ids(names):
    """The orders of some names."""
    return [str(order_id(name)) for name in names]


def taken_up(world, bank):
    """Names of the orders that a clerk has taken up, as they were given."""
    office = world.state.desks[bank]
    return [name for name in NAMES if str(order_id(name)) in office.orders.keys() - set(office.waiting)]


def done(world, bank):
    """When each order was done, in seconds since the start."""
    return {name: world.record(bank, str(order_id(name))).done_at - T0 for name in NAMES}


def test_two_clerks_take_what_came_first_each_when_he_is_free():
    world, bank = with_orders()
    assert taken_up(world, bank) == ["a", "b"]
    world.step(T0 + WORK_S - 1)
    assert taken_up(world, bank) == ["a", "b"]
    world.step(T0 + WORK_S)
    assert taken_up(world, bank) == ["a", "b", "c", "d"]
    world.step(T0 + 2 * WORK_S)
    assert taken_up(world, bank) == list(NAMES)
    world.step(T0 + 100 * HOUR)
    assert all(at >= work for at, work in zip(done(world, bank).values(), (720, 720, 1_440, 1_440, 2_160), strict=True))


def test_clerks_step_by_step_and_in_one_step_are_the_same():
    once, by_hours = with_orders(), with_orders()
    once[0].step(T0 + 50 * HOUR)
    for hour in range(51):
        by_hours[0].step(T0 + hour * HOUR)
    assert truth_of(once[0], 0) == truth_of(by_hours[0], 0)


def test_with_a_clerk_for_each_order_nobody_asks():
    world, bank = with_orders(("a", "b"), worklists=True)
    assert (taken_up(world, bank), world.state.desks[bank].asks) == (["a", "b"], False)


@pytest.mark.row("R-203", "R-202")
@pytest.mark.parametrize(
    ("told", "named", "expected"),
    [
        ("the most worthwhile first", "edcab", {"a", "b", "d", "e"}),
        ("what was not named comes after it, as it arrived", "e", {"a", "b", "c", "e"}),
        ("what is not here does not count", "xye", {"a", "b", "c", "e"}),
        ("nothing named: first come, first served", "", {"a", "b", "c", "d"}),
    ],
)
def test_a_free_clerk_takes_what_the_centre_names_first(told, named, expected):
    world, bank = with_orders(worklists=True)
    office = world.state.desks[bank]
    world.step(T0 + WORK_S)
    assert office.asks, "two are free and three wait"
    assert taken_up(world, bank) == ["a", "b"], "nobody goes on before the centre said what comes first"
    clerks.ranked(world, bank, ids(named), T0 + WORK_S + 1)
    assert (set(taken_up(world, bank)), office.asks) == (expected, False), told
    world.step(T0 + 100 * HOUR)
    assert all(done(world, bank).values())


def test_without_an_answer_a_clerk_goes_by_what_was_named_before():
    world, bank = with_orders(worklists=True)
    world.step(T0 + WORK_S)
    clerks.ranked(world, bank, ids("ed"), T0 + WORK_S)
    desk.take(world, bank, order("query-holder", bank, "f", name="f"), T0 + WORK_S + 60)
    desk.take(world, bank, order("query-holder", bank, "g", name="g"), T0 + WORK_S + 61)
    world.state.desks[bank].named = ids("g")
    world.step(T0 + 2 * WORK_S)
    clerks.ranked(world, bank, [], T0 + 2 * WORK_S)
    assert world.state.desks[bank].waiting == ids("f")


def test_a_new_order_may_overtake_those_that_wait():
    world, bank = with_orders(("a", "b", "c", "d"), worklists=True)
    desk.take(world, bank, order("query-holder", bank, "e", name="e"), T0 + 60)
    world.step(T0 + WORK_S)
    clerks.ranked(world, bank, ids("ecd"), T0 + WORK_S)
    assert set(taken_up(world, bank)) == {"a", "b", "e", "c"}


def test_what_was_named_is_played_back_after_the_country_was_killed(tmp_path):
    path = tmp_path / "world"
    world, bank = with_orders(worklists=True)
    persistence.save(path, world.state, world.ledger, T0, speed=1.0)
    tail, at = persistence.Tail(path), T0 + WORK_S + 5
    world.step(at)
    tail.ranked(at, bank, ids("edc"))
    clerks.ranked(world, bank, ids("edc"), at)
    world.step(T0 + 40 * HOUR)
    clerks_done = done(world, bank)
    tail.seen(T0 + 40 * HOUR)
    tail.close()
    left = persistence.load(path, 1)
    again = play_back(world.config, left, tail.read(left))
    assert done(resume(world.config, again, again.at), bank) == clerks_done


def test_clerks_go_on_after_a_pause():
    world, bank = with_orders()
    world.step(T0 + 60)
    pause_s = 10 * HOUR
    again = resume(world.config, persistence.Left(world.state, world.ledger, T0 + 60, 1.0), T0 + 60 + pause_s)
    again.step(T0 + pause_s + WORK_S - 1)
    assert taken_up(again, bank) == ["a", "b"]
    again.step(T0 + pause_s + WORK_S)
    assert taken_up(again, bank) == ["a", "b", "c", "d"]


# The question on the wire

PRIVATE, PUBLIC = new_keypair()


def asked(answer, tmp_path):
    """Let a clerk's question reach a centre that says `answer(request)`; (names taken up, lines noted, counts)."""
    world, bank = with_orders(worklists=True)
    tail = persistence.Tail(tmp_path / "world")
    world.step(T0 + WORK_S)
    seen = []

    async def centre(request):
        body = await request.read()
        verify_request(
            "GET", request.path, dict(request.headers), body, now=instant(time.time()), key_of={f"{bank}-1": PUBLIC}.get
        )
        seen.append(request.path)
        return answer(request)

    async def scenario():
        app = web.Application()
        app.router.add_get(WORKLIST_PATH, centre)
        async with TestServer(app) as server, ClientSession() as session:
            own = world.partners[bank].model_copy(update={"key_id": f"{bank}-1", "private_key": PRIVATE})
            partners = [own] + [
                p.model_copy(update={"private_key": PRIVATE}) for p in world.config.partners if p.code != bank
            ]
            world.config = world.config.model_copy(
                update={"centre_url": str(server.make_url("/")), "partners": partners}
            )
            done_once = asyncio.Event()
            running = asyncio.create_task(Asking(world, session, tail, told=done_once.set).run())
            async with asyncio.timeout(10):
                await done_once.wait()
            running.cancel()

    run_coroutine(scenario())
    tail.close()
    assert seen == [WORKLIST_PATH]
    notes = (tmp_path / "world.tail").read_text().splitlines()
    return set(taken_up(world, bank)), notes, world.state.counts


def told_list(names):
    """The centre's answer that names these."""
    told = Worklist(as_of=instant(T0), order_ids=[UUID(i) for i in ids(names)], open_n=9)
    return web.Response(text=told.model_dump_json(), content_type="application/json")


def test_a_clerk_asks_the_centre_signed_and_takes_what_it_names(tmp_path):
    names, notes, counts = asked(lambda _request: told_list("zedcba"), tmp_path)
    assert names == {"a", "b", "e", "d"}
    (note,) = notes
    assert persistence.Noted.model_validate_json(note).worklist == ids("edc")
    assert counts["worklists_read"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda _request: web.Response(status=503),
        lambda _request: web.Response(status=401, text="{}"),
        lambda _request: web.Response(text="no list"),
        lambda _request: web.Response(text='{"order_ids": ["x"]}'),
        lambda _request: web.Response(status=302, headers={"location": "http://127.0.0.1:9/"}),
    ],
)
def test_a_centre_that_says_nothing_usable_stops_nobody(answer, tmp_path):
    names, _notes, counts = asked(answer, tmp_path)
    assert names == {"a", "b", "c", "d"}
    assert counts["worklists_missed"] == 1


@pytest.mark.row("R-203", "R-202")
@pytest.mark.django_db
def test_the_clerk_of_a_real_centres_bank_takes_the_most_worthwhile_order_first():
    from tests.centre import NOW, filed, forget_measures
    from tests.centre import partner as make_partner
    from wuzha.control.models import Order
    from wuzha.partners.models import Outbox
    from wuzha.partners.protocol import Order as WireOrder
    from wuzha.tracing.worklist import worklist_of

    forget_measures()
    world = empty_world(worklists=True)
    bank = slow_bank(world)
    make_partner(bank)
    small = [
        filed("600", payee=f"62220202006677{n:02d}", bank=bank, at=NOW - timedelta(minutes=50), now=NOW)
        for n in range(3)
    ]
    desk_of = world.state.desks[bank]
    for each in Outbox.objects.filter(case_id__in=[case.id for case in small]).order_by("created_at"):
        desk.take(world, bank, WireOrder.model_validate(each.body), T0)
    large = filed("300000", payee="6222020200667799", bank=bank, at=NOW - timedelta(minutes=5), now=NOW)
    for each in Outbox.objects.filter(case_id=large.id):
        desk.take(world, bank, WireOrder.model_validate(each.body), T0 + 10)
    world.step(T0 + WORK_S)
    named = [str(i) for i in worklist_of(bank, now=NOW).order_ids]
    clerks.ranked(world, bank, named, T0 + WORK_S)
    stop = Order.objects.get(case=large, kind="stop")
    assert str(stop.pk) not in desk_of.waiting, "it came last and is taken up first"
    assert len(desk_of.waiting) == 4
    forget_measures()
