"""Where an analyst says the stolen money starts: --from ACCOUNT[@TIME][=AMOUNT], and files of such seeds.

Theory. An account's name may hold "@" and "=" itself, so a text is read in every way that it can be, the longest name
first, and the reading whose account pays somewhere in the ledger is meant.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine.model import Seed
from wuzha.tracing.trace_cells import Bad, amount_minor, instant
from wuzha.tracing.trace_input import table

HEADERS = frozenset({"account", "from", "row", "victim"})


def seed_of(text: str, payers: Collection[str], digits: int) -> Seed:
    """The seed that a --from text means. Refusal "seed.unknown" when no reading names an account that pays."""
    for account, at, amount in _readings(text.strip(), digits):
        if found := known(account, payers):
            return Seed(found, account=found, at=at, amount_minor=amount)
    for mark in "@=":  # the account is known, so what stands behind it is not what it should be
        account, found_mark, rest = text.strip().partition(mark)
        if found_mark and known(account, payers):
            raise Refusal(
                "seed.malformed",
                _("“%(text)s”: “%(rest)s” is neither a time nor a positive amount; write ACCOUNT[@TIME][=AMOUNT]."),
                field="from",
                text=text[:100],
                rest=rest[:40],
            )
    raise Refusal(
        "seed.unknown",
        _("“%(text)s” does not name an account of the ledger that pays; write ACCOUNT[@TIME][=AMOUNT]."),
        field="from",
        text=text[:100],
    )


def known(account: str, payers: Collection[str]) -> str | None:
    """The account as the ledger writes it; chain addresses are found in any case when that is unambiguous."""
    if account in payers:
        return account
    same = [payer for payer in payers if payer.casefold() == account.casefold()]
    return same[0] if len(same) == 1 else None


def _readings(text: str, digits: int) -> Iterator[tuple[str, int | None, int | None]]:
    yield text, None, None
    rest, equals, written = text.rpartition("=")
    if equals and (amount := _amount(written, digits)) is not None:
        yield rest, None, amount
        yield from _timed(rest, amount)
    yield from _timed(text, None)


def _timed(text: str, amount: int | None) -> Iterator[tuple[str, int | None, int | None]]:
    account, at_sign, written = text.rpartition("@")
    if at_sign:
        try:
            yield account, instant(written)[0], amount
        except Bad:
            return


def _amount(text: str, digits: int) -> int | None:
    try:
        return amount_minor(text, digits)
    except Bad:
        return None


def seeds_of_file(path: Path, payers: Collection[str], digits: int) -> tuple[list[Seed], list[str]]:
    """(seeds, accounts that pay nowhere in the ledger) of a file.

    With a header: columns account (or from), time, amount, victim, or row (a payment of the ledger). Without: each line
    is a --from text.
    """
    lines = list(table(path))
    if not lines:
        raise Refusal("ledger.empty", _("%(path)s is empty."), path=path.name)
    header = [cell.strip().casefold() for cell in lines[0][1]]
    if not HEADERS & set(header):
        seeds, unknown = [], []
        for _line, cells in lines:
            try:
                seeds.append(seed_of(cells[0], payers, digits))
            except Refusal:
                unknown.append(cells[0].strip())
        return seeds, unknown
    seeds, unknown = [], []
    for line, cells in lines[1:]:
        named = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        try:
            seed = _seed_of_row(named, digits)
        except Bad as bad:
            raise Refusal(
                "seed.row",
                bad.template,
                **({"path": path.name, "line": line} | bad.values),  # type: ignore[arg-type]
            ) from None
        if seed.account is None:
            seeds.append(seed)
        elif account := known(seed.account, payers):
            seeds.append(replace(seed, account=account))
        else:
            unknown.append(seed.account)
    return seeds, unknown


def _seed_of_row(named: dict[str, str], digits: int) -> Seed:
    amount = amount_minor(named["amount"], digits) if named.get("amount") else None
    if row := named.get("row"):
        return Seed(named.get("victim") or row, transfer_id=row, amount_minor=amount)
    account = named.get("account") or named.get("from") or ""
    if not account:
        raise Bad(_("%(path)s, line %(line)s: the column “%(column)s” is empty."), column="account")
    at = instant(named["time"])[0] if named.get("time") else None
    return Seed(named.get("victim") or account, account=account, at=at, amount_minor=amount)
