"""Who may do what, who may sign in, and that a demo never becomes a real centre."""

from datetime import timedelta

import pytest

from tests.centre import NOW, officer
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal
from wuzha.people import actions
from wuzha.people.models import Officer, Unit
from wuzha.people.rules import CAPABILITIES, Can, Role, locked_out, may, require

# Rows as a commander would check them: role, what it may do, what it may not.
TABLE = [
    (
        Role.CALL_TAKER,
        {Can.TAKE_REPORT, Can.SEE_CASES, Can.DECIDE_KIND},
        {Can.ORDER, Can.IMPORT, Can.APPROVE, Can.ANSWER, Can.MANAGE_PEOPLE},
    ),
    (
        Role.CONTROL_OFFICER,
        {Can.ORDER, Can.RELEASE, Can.IMPORT, Can.DECIDE_KIND},
        {Can.APPROVE, Can.ANSWER, Can.MANAGE_PEOPLE},
    ),
    (Role.APPROVER, {Can.APPROVE, Can.RELEASE}, {Can.ANSWER, Can.DECIDE_KIND, Can.MANAGE_PEOPLE, Can.TAKE_REPORT}),
    (Role.BANK_LIAISON, {Can.ANSWER}, set(Can) - {Can.ANSWER}),
    (Role.OPERATOR_LIAISON, {Can.ANSWER}, set(Can) - {Can.ANSWER}),
    (Role.STATION_OFFICER, {Can.SEE_OWN_CASES}, {Can.SEE_CASES, Can.ORDER, Can.APPROVE, Can.SEE_ORDERS}),
    (Role.ANALYST, {Can.SEARCH, Can.SEE_FIGURES, Can.IMPORT, Can.DECIDE_KIND}, {Can.ORDER, Can.RELEASE, Can.APPROVE}),
    (Role.COMMANDER, {Can.SEE_FIGURES, Can.APPROVE}, {Can.ANSWER, Can.IMPORT, Can.MANAGE_PEOPLE}),
    (Role.ADMINISTRATOR, {Can.MANAGE_PEOPLE, Can.VERIFY_JOURNAL}, {Can.SEE_CASES, Can.UNMASK, Can.SEE_ORDERS}),
]


@pytest.mark.row("R-801")
@pytest.mark.parametrize(("role", "may_do", "may_not"), TABLE)
def test_each_role_has_what_it_needs_and_no_more(role, may_do, may_not):
    assert may_do <= CAPABILITIES[role]
    assert not may_not & CAPABILITIES[role]


def test_every_role_has_a_row_and_an_unknown_one_may_do_nothing():
    assert {row[0] for row in TABLE} == set(Role) == set(CAPABILITIES)
    assert not any(may("intruder", capability) for capability in Can)
    with pytest.raises(Refusal):
        require("bank_liaison", Can.SEE_CASES)


def test_who_asks_for_an_order_and_who_approves_are_two_roles():
    assert not may(Role.CONTROL_OFFICER, Can.APPROVE)


@pytest.mark.parametrize(("failures", "rests"), [(0, False), (4, False), (5, True), (9, True)])
def test_sign_in_rests_after_five_failures(failures, rests):
    assert locked_out(failures) is rests


@pytest.mark.django_db
def test_failed_tries_rest_a_name_for_a_quarter_of_an_hour():
    for _try in range(5):
        actions.check_sign_in("chakong", now=NOW)
        actions.note_sign_in("chakong", ok=False, address="127.0.0.1", now=NOW)
    with pytest.raises(Refusal, match="fifteen minutes"):
        actions.check_sign_in("chakong", now=NOW)
    actions.check_sign_in("somebody-else", now=NOW)
    actions.check_sign_in("chakong", now=NOW + timedelta(minutes=16))
    assert Event.objects.filter(kind="sign_in.failed").count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "changed", "code"),
    [
        ("a name with markup", {"username": "<b>"}, "officer.username"),
        ("no name", {"username": ""}, "officer.username"),
        ("a role that is none", {"role": "god"}, "officer.role"),
        ("a short password", {"password": "abc"}, "password.weak"),
        ("a common password", {"password": "1234567890"}, "password.weak"),
        ("a name that is taken", {"username": "chakong"}, "officer.taken"),
    ],
)
def test_officers_are_added_with_care(fault, changed, code):
    officer("chakong")
    values = {"username": "xin", "password": "k7-teapot-moon", "role": "analyst", **changed}
    with pytest.raises(Refusal) as refused:
        actions.add_officer(unit=Unit.objects.get(), by="guanli", now=NOW, **values)
    assert refused.value.code == code, fault
    assert Officer.objects.count() == 1


@pytest.mark.django_db
def test_an_administrator_cannot_switch_off_the_own_account():
    admin = officer("guanli", "administrator")
    with pytest.raises(Refusal):
        actions.set_active(officer=admin, active=False, by=admin.by, now=NOW)
    actions.set_active(officer=officer("other"), active=False, by=admin.by, now=NOW)
    assert not Officer.objects.get(username="other").is_active


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("samples", "demo", "host", "refused"),
    [
        (True, True, "127.0.0.1", ""),
        (True, False, "127.0.0.1", "samples.present"),
        (True, True, "0.0.0.0", "samples.host"),
        (False, False, "0.0.0.0", ""),
    ],
)
def test_sample_accounts_serve_the_demo_on_this_machine_only(samples, demo, host, refused):
    person = officer("jiejing", "call_taker")
    Officer.objects.filter(pk=person.pk).update(is_sample=samples)
    if not refused:
        actions.refuse_samples(demo=demo, host=host)
        return
    with pytest.raises(Refusal) as refusal:
        actions.refuse_samples(demo=demo, host=host)
    assert refusal.value.code == refused
