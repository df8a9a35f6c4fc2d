"""The country as a whole: what is seeded stays, what is written down comes back, victims tell what truly happened."""

import pytest

from tests.simulation.build import HOUR, T0, config, living_world
from wuzha.kernel.identifiers import bank_of_card, card_banks, parse_card, parse_id_number, parse_phone, parse_url
from wuzha.kernel.money import parse_amount
from wuzha.kernel.refusals import Refusal
from wuzha.partners.codes import DIALECTS
from wuzha.partners.protocol import AccountKind, Answer, Kind, Outcome
from wuzha.simulation import faults, persistence
from wuzha.simulation.chance import draws, instant, uuid_of
from wuzha.simulation.config import fresh_config, read_config, write_config
from wuzha.simulation.country import pending, resume, tidy
from wuzha.simulation.directory import partner_list
from wuzha.simulation.latency import answer_s
from wuzha.simulation.truth import truth_of


def run(hours=6, **settings):
    world = living_world(**{"victims_per_hour": 6.0, "thefts_max": 8, **settings})
    while world.step(T0 + hours * HOUR):
        pass
    return world


def test_partners_are_thirty_banks_and_the_others_with_codes_that_cards_name():
    partners = partner_list(1)
    banks = [partner for partner in partners if partner.kind == "bank"]
    assert len(banks) == 30
    assert [sum(bank.mode == mode for bank in banks) for mode in ("api", "limits", "manual")] == [10, 13, 7]
    for bank in banks:
        assert card_banks()[bank.code].name_zh == bank.name_zh
    kinds = {partner.kind for partner in partners}
    assert kinds == {"bank", "payment", "operator", "platform", "clearing", "police"}
    assert len({partner.code for partner in partners}) == len(partners)
    assert all(partner.dialect in DIALECTS for partner in partners)


def test_the_same_seed_gives_the_same_world_however_often_it_is_stepped():
    coarse, fine = run(seed=5), living_world(seed=5, victims_per_hour=6.0, thefts_max=8)
    for minute in range(6 * 60):
        fine.step(T0 + (minute + 1) * 60)
    assert truth_of(coarse, 0)["journal"] == truth_of(fine, 0)["journal"]
    assert truth_of(coarse, 0)["journal"] != truth_of(run(seed=6), 0)["journal"]


def test_a_faster_world_does_the_same_sooner():
    slow, fast = run(seed=5, faults=False), run(hours=0.1, seed=5, speed=60.0, victims_per_hour=360.0)
    told = [[entry for entry in world.ledger.journal if entry.theft] for world in (slow, fast)]
    assert [entry.amount_minor for entry in told[0]] == [entry.amount_minor for entry in told[1]]


def test_cards_are_well_formed_and_recognised():
    world = run()
    cards = [
        account
        for account in world.ledger.accounts.values()
        if account.kind is AccountKind.PERSONAL and world.partners[account.bank].kind == "bank"
    ]
    assert len(cards) > 100
    for account in cards:
        assert parse_card(account.number).bank.code == account.bank
        assert bank_of_card(account.number[:6]) is not None


def test_reports_say_what_was_paid_and_hold_the_leads():
    world = run(hours=30)
    told = [theft for theft in world.state.thefts.values() if theft.report]
    assert len(told) >= 5
    for theft in told:
        report = theft.report
        assert [parse_amount(t.amount) for t in report.transfers] == [p.amount_minor for p in theft.payments]
        for transfer, payment in zip(report.transfers, theft.payments, strict=True):
            assert 0 <= payment.paid_at - transfer.at.timestamp() <= 61
            assert payment.payee.endswith(transfer.payee.number)
            assert transfer.payee.number in report.narrative
        assert theft.phone in report.narrative
        assert theft.url in report.narrative
        parse_phone(report.victim_phone)
        parse_url(report.urls[0])
        if report.victim_kind == "person":
            assert parse_id_number(report.victim_id_number) == report.victim_id_number


def test_the_first_thefts_are_told_at_once_and_lie_at_connected_banks():
    world = living_world(victims_per_hour=30.0, speed=10.0, first_thefts=9)
    world.step(T0 + 15)
    reports = [theft.report for theft in world.state.thefts.values() if theft.report]
    assert len(reports) >= 3
    for theft in list(world.state.thefts.values())[:3]:
        assert all(world.partners[payment.payee.partition(":")[0]].mode == "api" for payment in theft.payments)


def test_a_world_written_down_goes_on_as_if_nothing_had_happened(tmp_path):
    world, straight = run(hours=2, seed=4), run(hours=2, seed=4)
    path = tmp_path / "world"
    persistence.save(path, world.state, world.ledger, T0)
    assert path.stat().st_mode & 0o777 == 0o600
    again = resume(world.config, persistence.load(path, 4), T0)
    again.step(T0 + 8 * HOUR)
    straight.step(T0 + 8 * HOUR)
    assert truth_of(again, 0) == truth_of(straight, 0)


def test_a_world_that_was_left_stands_still_meanwhile(tmp_path):
    world, straight = run(hours=2, seed=4), run(hours=2, seed=4)
    path, night = tmp_path / "world", 10 * HOUR
    persistence.save(path, world.state, world.ledger, T0 + 2 * HOUR)
    again = resume(world.config, persistence.load(path, 4), T0 + 2 * HOUR + night)
    again.step(T0 + night + 6 * HOUR)
    straight.step(T0 + 6 * HOUR)
    told = [[(entry.payer, entry.amount_minor) for entry in one.ledger.journal] for one in (again, straight)]
    assert told[0] == told[1]
    assert len(told[0]) > len(run(hours=2, seed=4).ledger.journal)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b'{"format": 99}'])
def test_an_unreadable_world_is_set_aside(tmp_path, content):
    path = tmp_path / "world"
    path.write_bytes(content)
    assert persistence.load(path, 1) is None
    assert (tmp_path / "world.unreadable").read_bytes() == content
    assert persistence.load(path, 1) is None


def test_memory_stays_bounded():
    world = run(hours=30, seed=2)
    before = len(world.ledger.accounts)
    from wuzha.simulation import country

    lasting = {*world.state.honest, *world.state.merchants, *world.state.dealers}
    assert before > len(lasting) + 50
    while world.step(T0 + 30 * HOUR + country.KEPT_S + 86_400 * 2):
        pass
    tidy(world, T0 + 30 * HOUR + 2 * country.KEPT_S + 86_400 * 2)
    assert not world.state.thefts
    assert set(world.ledger.accounts) <= lasting | {
        key for key, account in world.ledger.accounts.items() if not world.ledger.is_forgotten(account)
    }


def test_a_quiet_world_settles():
    world = run(hours=40, seed=9, quiet_after_s=3 * HOUR)
    left = pending(world)
    assert not any(count for name, count in left.items() if name != "reports"), left
    moves = [entry.at for entry in world.ledger.journal]
    assert max(moves) <= T0 + 3 * HOUR


def test_config_is_written_for_its_owner_only_and_read_again(tmp_path):
    made = fresh_config(port=9, centre_url="http://c", centre_code="WZ", centre_key_id="k", centre_public_key="p")
    path = tmp_path / "country.json"
    write_config(made, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_config(path) == made
    assert len({partner.private_key for partner in made.partners}) == len(made.partners)
    path.write_text('{"port": -1}')
    with pytest.raises(Refusal, match="does not describe a country"):
        read_config(path)


@pytest.mark.parametrize(
    ("mode", "kind", "local", "hour", "low", "high"),
    [
        ("api", "stop", True, 12, 2, 2),
        ("api", "query-holder", False, 12, 3, 3),
        ("limits", "query-transactions", True, 12, 180, 600),
        ("limits", "stop", True, 12, 240, 600),
        ("limits", "stop-release", False, 12, 480, 1_200),
        ("manual", "stop", True, 12, 300, 40_000),
    ],
)
def test_partners_take_their_time(mode, kind, local, hour, low, high):
    takes = [answer_s(mode, Kind(kind), local=local, hour=hour, chance=draws(1, n)) for n in range(200)]
    assert low <= min(takes) <= max(takes) <= high


def test_by_hand_takes_longer_at_night():
    day, night = (answer_s("manual", Kind.STOP, local=True, hour=hour, chance=draws(1)) for hour in (12, 3))
    assert night == pytest.approx(1.8 * day)


def answer(seq, held_minor=500):
    return Answer(
        answer_id=uuid_of(draws(1, seq)),
        order_id=uuid_of(draws(2)),
        seq=seq,
        at=instant(T0),
        code=Outcome.DONE.value,
        held_minor=held_minor,
    )


def test_faults_come_in_their_shares_and_a_wrong_sum_is_put_right_by_a_higher_seq():
    right, correction = answer(1), answer(2)
    disturbed = [faults.disturb(right, correction, draws(7, n)) for n in range(5_000)]
    wrong = [d for d in disturbed if any(further.seq == 2 for _delay, further in d.further)]
    twice = [d for d in disturbed if any(further.answer_id == right.answer_id for _delay, further in d.further)]
    late = [d for d in disturbed if d.delay_s]
    assert 25 <= len(wrong) <= 80
    assert 25 <= len(twice) <= 80
    assert 180 <= len(late) <= 320
    for d in wrong:
        assert next(further for _delay, further in d.further if further.seq == 2).held_minor == 500
    lost = [faults.timeout(draws(8, n)) for n in range(5_000)]
    assert 60 <= sum(one is not faults.Timeout.NONE for one in lost) <= 140


def test_settings_of_a_country_are_checked():
    with pytest.raises(ValueError, match="speed"):
        config(speed=0)
