"""Laying out a centre: its units and partners, and in the demo its sample accounts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from wuzha.people.actions import add_officer
from wuzha.people.models import Officer, Unit
from wuzha.people.rules import Role

SAMPLE_PASSWORD = "wuzha-demo"
STATIONS = (("ST-CHENGXI", "城西派出所", "West Station"), ("ST-HUBIN", "湖滨派出所", "Lakeside Station"))

# user name, role, unit code, name
SAMPLES = (
    ("jiejing", Role.CALL_TAKER, "CENTRE", "接警员 林晓"),
    ("chakong", Role.CONTROL_OFFICER, "CENTRE", "查控员 周宁"),
    ("shenpi", Role.APPROVER, "CENTRE", "审批人 高原"),
    ("yinhang", Role.BANK_LIAISON, "BANK", "银行联络员 许静"),
    ("yunying", Role.OPERATOR_LIAISON, "OPERATOR", "运营商联络员 何畅"),
    ("paichusuo", Role.STATION_OFFICER, "ST-CHENGXI", "民警 马明"),
    ("yanpan", Role.ANALYST, "CENTRE", "研判员 沈思"),
    ("zhihui", Role.COMMANDER, "CENTRE", "指挥长 祁峰"),
    ("guanli", Role.ADMINISTRATOR, "CENTRE", "管理员 方正"),
)


class PartnerLike(Protocol):
    """What is needed to connect a partner."""

    @property
    def code(self) -> str: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def dialect(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def local(self) -> bool: ...
    @property
    def key_id(self) -> str: ...
    @property
    def public_key(self) -> str: ...
    @property
    def base_url(self) -> str: ...


def lay_out_centre(name_zh: str, name_en: str) -> Unit:
    """The centre's own unit (idempotent)."""
    unit, _made = Unit.objects.update_or_create(
        code="CENTRE", defaults={"kind": "centre", "name_zh": name_zh, "name_en": name_en}
    )
    return unit


def connect_partners(partners: Iterable[PartnerLike]) -> None:
    """Connect partners, or bring their addresses and keys up to date (idempotent)."""
    from wuzha.partners.models import Partner

    for partner in partners:
        unit, _made = Unit.objects.update_or_create(
            code=partner.code,
            defaults={"kind": partner.kind, "name_zh": partner.name_zh, "name_en": partner.name_en},
        )
        Partner.objects.update_or_create(
            code=partner.code,
            defaults={
                "unit": unit,
                "kind": partner.kind,
                "mode": "api" if partner.base_url else "liaison",
                "dialect": partner.dialect,
                "local": partner.local,
                "base_url": partner.base_url,
                "key_id": partner.key_id or None,
                "public_key": partner.public_key,
                "active": True,
            },
        )


def add_samples(*, bank: str, now: datetime) -> list[tuple[str, str, str]]:
    """The demo's sample accounts (idempotent): (user name, password, role). bank: code of the sample liaison's bank."""
    centre = Unit.objects.get(code="CENTRE")
    for code, name_zh, name_en in STATIONS:
        Unit.objects.update_or_create(
            code=code, defaults={"kind": "station", "name_zh": name_zh, "name_en": name_en, "parent": centre}
        )
    operator = Unit.objects.filter(kind="operator").order_by("code").first()
    units = {unit.code: unit for unit in Unit.objects.all()}
    units |= {"BANK": units[bank], "OPERATOR": operator or centre}
    for username, role, unit_code, full_name in SAMPLES:
        if Officer.objects.filter(username=username).exists():
            continue
        add_officer(
            username=username, password=SAMPLE_PASSWORD, role=role.value, unit=units[unit_code], full_name=full_name,
            sample=True, by="setup", now=now,
        )  # fmt: skip
    return [(username, SAMPLE_PASSWORD, role.value) for username, role, _unit, _name in SAMPLES]
