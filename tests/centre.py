"""A small centre for tests: partners, reports, and answers as banks would give them."""

import base64
from datetime import timedelta
from uuid import uuid4

from tests.clock import NOW
from wuzha.control import paces
from wuzha.control.answers import Told, record_answers
from wuzha.control.models import Order
from wuzha.intake.actions import file_report
from wuzha.intake.models import Case
from wuzha.partners.models import Partner
from wuzha.partners.protocol import AccountRef, Answer, Holder, Report, ReportedTransfer, Transaction
from wuzha.people.models import Officer, Unit
from wuzha.tracing import learning, reach

PAID_AT = NOW - timedelta(minutes=20)
FIRST = "6222020200112230"  # a card of ICBC
SECOND = "6217001210024455220"  # a card of CCB
VICTIM = "6228480012345678911"


def forget_measures():
    """Nothing is known any more of what the centre measured before: how long money rests, paces, reach."""
    for kept in (learning, paces, reach):
        kept.forget()


def partner(code="ICBC", *, mode="api", local=True, kind="bank", public_key=""):
    """A connected partner."""
    unit, _made = Unit.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": code})
    return Partner.objects.get_or_create(
        code=code,
        defaults={
            "unit": unit, "kind": kind, "mode": mode, "local": local, "base_url": "http://127.0.0.1:9",
            "key_id": f"{code}-1", "public_key": public_key or base64.b64encode(bytes(32)).decode(),
        },
    )[0]  # fmt: skip


def officer(username="chakong", role="control_officer", unit="CENTRE"):
    """Somebody who may sign in; the password is the user name twice."""
    kind = "centre" if unit == "CENTRE" else "bank"
    home, _made = Unit.objects.get_or_create(code=unit, defaults={"kind": kind, "name_zh": unit})
    person = Officer(username=username, role=role, unit=home, full_name=username)
    person.set_password(username * 2)
    person.save()
    return person


def report(amount="50000", *, payee=FIRST, bank="ICBC", at=PAID_AT, payer=VICTIM, **more):
    """A victim's report of one payment."""
    values = {"victim_name": "张三", "narrative": "对方自称客服", **more}
    transfer = ReportedTransfer(
        payer=AccountRef(bank="ABC", number=payer, name="张三") if payer else None,
        payee=AccountRef(bank=bank, number=payee), amount=amount, at=at,
    )  # fmt: skip
    return Report(transfers=[transfer], **values)


def filed(amount="50000", *, now=NOW, **more) -> Case:
    """A case with its first orders out."""
    case, _made = file_report(case_id=uuid4(), report=report(amount, **more), by="test", now=now)
    return case


def order(case, kind, account=FIRST) -> Order:
    """The latest order of a kind on an account."""
    return Order.objects.filter(case=case, kind=kind, account=account).latest("created_at")


def line(serial, direction, amount, *, s=0, to=None, bank="CCB", balance=None, kind="transfer"):
    """A statement line, `s` seconds after the victim paid; amounts in fen."""
    return Transaction(
        serial=serial, at=PAID_AT + timedelta(seconds=s), direction=direction, amount_minor=amount, kind=kind,
        counterparty=AccountRef(bank=bank, number=to) if to else None, balance_minor=balance,
    )  # fmt: skip


def answer(order, *, seq=1, code="done", now=NOW, lines=(), kind="personal", name="李四", **more) -> Answer:
    """An answer to an order; queries get a statement up to `now`."""
    query = order.kind == "query-transactions"
    return Answer(
        answer_id=uuid4(), order_id=order.id, seq=seq, at=now, code=code,
        holder=Holder(name=name, kind=kind) if query else None, as_of=now if query else None,
        transactions=list(lines), effective_at=None if query else now, **more,
    )  # fmt: skip


def reacting_at_once(monkeypatch):
    """What is left to a worker is done in the transaction that leaves it, as if the worker came at once."""
    from wuzha import reactions, tasks
    from wuzha.journal.append import on_case

    def at_once(name, case_id, subject):
        with on_case(case_id, by="worker", now=NOW) as log:  # joins the open one
            reactions.run_again(name, log, case_id, subject)

    monkeypatch.setattr(tasks, "queue_reaction", at_once)


def tell(*answers, partner="ICBC", now=NOW):
    """Record answers of one partner; returns the receipts."""
    return record_answers([Told(partner, "standard", item) for item in answers], by=f"partner:{partner}", now=now)
