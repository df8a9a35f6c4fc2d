"""Officers of every role at a small centre, and signing them in."""

from tests.centre import officer, partner
from wuzha.people.models import Unit
from wuzha.people.rules import Role

STATION = "城西派出所"
USERNAMES = {
    Role.CALL_TAKER: "jiejing",
    Role.CONTROL_OFFICER: "chakong",
    Role.APPROVER: "shenpi",
    Role.BANK_LIAISON: "yinhang",
    Role.OPERATOR_LIAISON: "yunying",
    Role.STATION_OFFICER: "paichusuo",
    Role.ANALYST: "yanpan",
    Role.COMMANDER: "zhihui",
    Role.ADMINISTRATOR: "guanli",
}
UNITS = {Role.BANK_LIAISON: "ICBC", Role.OPERATOR_LIAISON: "CMCC", Role.STATION_OFFICER: "ST-CHENGXI"}


def staff():
    """Two banks, an operator, a station and one officer of each role; returns officers by role."""
    partner("ICBC", mode="liaison")
    partner("CCB", local=False)
    partner("CMCC", kind="operator", mode="liaison")
    Unit.objects.create(code="CENTRE", kind="centre", name_zh="锡州市反诈中心", name_en="Xizhou Anti-Fraud Centre")
    Unit.objects.create(code="ST-CHENGXI", kind="station", name_zh=STATION, name_en="West Station")
    return {role: officer(name, role.value, UNITS.get(role, "CENTRE")) for role, name in USERNAMES.items()}


def password_of(username):
    """The password that tests.centre.officer sets."""
    return username * 2
