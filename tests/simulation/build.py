"""What the tests of the simulation share: a small world under a virtual clock, and orders for it."""

from uuid import UUID, uuid5

from wuzha.partners.protocol import AccountKind, AccountRef, Kind, Order, TransferRef
from wuzha.simulation.chance import instant
from wuzha.simulation.config import CountryConfig
from wuzha.simulation.country import HANDLERS, begin
from wuzha.simulation.directory import partner_list
from wuzha.simulation.ledger import Account
from wuzha.simulation.state import State
from wuzha.simulation.world import World

T0 = 1_700_000_000.0
HOUR = 3_600.0
SPACE = UUID("6f7e1c2a-0000-4000-8000-000000000001")


def config(seed=1, **settings):
    """A country's settings without keys; partners are those of the directory."""
    names = ("code", "name_zh", "name_en", "kind", "dialect", "mode", "local")
    blank = {"key_id": "", "private_key": "", "public_key": "", "base_url": ""}
    partners = [{name: getattr(spec, name) for name in names} | blank for spec in partner_list(seed)]
    defaults = {"speed": 1.0, "faults": False, "victims_per_hour": 0.0, "first_thefts": 0}
    return CountryConfig.model_validate(
        {
            "port": 0,
            "centre_url": "",
            "centre_code": "WZ",
            "centre_key_id": "wz-1",
            "centre_public_key": "",
            "seed": seed,
            "partners": partners,
            **defaults,
            **settings,
        }
    )


def empty_world(**settings):
    """A world in which nothing happens by itself."""
    return World(config(**settings), HANDLERS, state=State(settings.get("seed", 1), T0))


def living_world(**settings):
    """A world with people, gangs and thefts."""
    return begin(config(**settings), T0)


def account(world, bank, number, opening_minor=0, kind=AccountKind.PERSONAL):
    """Open an account; returns its key."""
    made = Account(bank, number, f"户{number}", kind, kind, T0 - 1e8)
    return world.ledger.open(made, opening_minor).key


def order(kind, bank, number, *, name="o", amount=None, transfer=None, at=T0, **fields):
    """An order to `bank` about `number`. transfer: (payer key, amount, at). The id follows from `name`."""
    ref = None
    if transfer:
        payer, transferred, when = transfer
        payer_bank, _colon, payer_number = payer.partition(":")
        ref = TransferRef(
            payer=AccountRef(bank=payer_bank, number=payer_number),
            payee=AccountRef(bank=bank, number=number),
            amount_minor=transferred,
            at=instant(when),
        )
    return Order(
        order_id=order_id(name),
        kind=Kind(kind),
        case_number=fields.pop("case", "A1"),
        account=AccountRef(bank=bank, number=number),
        amount_minor=amount,
        issued_at=instant(at),
        due_at=instant(at + 600),
        transfer=ref,
        reason="r",
        legal_basis="l",
        asked_by="a",
        approved_by="b",
        **fields,
    )


def order_id(name):
    """The id that `order` gives to `name`."""
    return uuid5(SPACE, name)
