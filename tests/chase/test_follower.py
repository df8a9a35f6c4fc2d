"""The growing follower against `follow`, over ledgers told in any order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wuzha.tracing.chase import Stop
from wuzha.tracing.follow import claims, follow
from wuzha.tracing.follower import Follower
from wuzha.tracing.ledger import Movement

START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = ("A", "B", "C", "D", "E")
VICTIM = "victim:7"


def _stop(amount_minor, covers_s):
    at = START + timedelta(seconds=covers_s)
    from uuid import UUID

    return Stop(UUID(int=1), "in_force", amount_minor, 0, at, covers_from=at)


@st.composite
def ledgers(draw):
    """A report, then payments among few accounts with merges, loops, exits and clean money, told in batches."""
    movements = [Movement("r1", VICTIM, "X:A", draw(st.integers(1, 900)), "CNY", START, reported=True)]
    for number in range(draw(st.integers(0, 12))):
        payer = draw(st.sampled_from((*NAMES, "clean")))
        way = draw(st.sampled_from(("transfer", "transfer", "transfer", "transfer", "cash")))
        payee = f"cash:X:{payer}" if way == "cash" else f"X:{draw(st.sampled_from([n for n in NAMES if n != payer]))}"
        at = START + timedelta(seconds=draw(st.integers(1, 6)) * 10 + number / 100)
        movements.append(Movement(f"m{number}", f"X:{payer}", payee, draw(st.integers(1, 600)), "CNY", at, kind=way))
    order = draw(st.permutations(movements[1:]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=4)))
    batches = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    sums = st.tuples(st.integers(1, 900), st.integers(0, 70))
    stopped = draw(st.dictionaries(st.sampled_from(NAMES), sums, max_size=2))
    honest = draw(st.sets(st.sampled_from(NAMES[1:]), max_size=1))
    return movements[:1], batches, {f"X:{n}": _stop(*v) for n, v in stopped.items()}, {f"X:{n}" for n in honest}


@given(ledgers())
def test_a_growing_ledger_is_followed_as_the_whole(told):
    reported, batches, stops, honest = told
    follower, known = Follower("7"), []
    for batch in (reported, *batches):
        known += batch
        follower.add(batch, honest=honest, stops=stops)
        whole = follow(known, "7", honest=honest, stops=stops)
        places = {key: place for key, place in follower.places.items() if place.stolen_in}
        assert {key: place.stolen_in for key, place in places.items()} == whole.stolen_in
        assert {k: p.stolen_now for k, p in places.items()} == {k: claims(whole.trace, k) for k in places}
        assert {k: p.layer for k, p in places.items()} == {k: whole.trace.layers[k] for k in places}
        assert {k: v for k, v in follower.stolen_of.items() if v} == whole.stolen_of
        assert {k: p.inflows for k, p in places.items()} == whole.inflows


@given(ledgers(), st.integers(0, 4), st.lists(st.tuples(st.integers(0, 11), st.integers(1, 70)), max_size=3))
def test_what_turns_out_later_changes_what_was_followed(told, late, moved):
    """Stops and honest holders become known after some batches, and statements put the time of payments right."""
    reported, batches, stops, honest = told
    follower, known, late_stops, late_honest = Follower("7"), {}, {}, set()
    right = {f"m{number}": START + timedelta(seconds=at_s) for number, at_s in moved}
    corrected = [replace(m, at=right[m.id]) for batch in batches for m in batch if m.id in right]
    for number, batch in enumerate((reported, *batches, corrected)):
        touched = set()
        if number == late:
            late_stops, late_honest, touched = stops, honest, {*stops, *honest}
        known |= {m.id: m for m in batch}
        follower.add(batch, honest=late_honest, stops=late_stops, touched=touched)
        whole = follow(list(known.values()), "7", honest=late_honest, stops=late_stops)
        places = {key: place for key, place in follower.places.items() if place.stolen_in}
        assert {key: place.stolen_in for key, place in places.items()} == whole.stolen_in
        assert {k: p.stolen_now for k, p in places.items()} == {k: claims(whole.trace, k) for k in places}
        assert {k: v for k, v in follower.stolen_of.items() if v} == whole.stolen_of
        assert {k: p.layer for k, p in places.items()} == {k: whole.trace.layers[k] for k in places}
