"""Small tables beside a ledger file: openings, stated balances, holders, terminals."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.engine.model import BalanceAt
from wuzha.tracing.trace_cells import Bad, amount_minor, instant
from wuzha.tracing.trace_input import Row, bad_row, table


def read_openings(path: Path, digits: int) -> dict[str, int]:
    """account -> cents, from a file with columns account and balance (or amount)."""
    found: dict[str, int] = {}
    for row, named in _small_table(path, (("account",), ("balance", "amount", "opening"))):
        cents = _balance(path, row, named[1], digits)
        if found.setdefault(named[0], cents) != cents:
            twice = _("%(path)s, line %(line)s: %(account)s has two different opening balances.")
            raise bad_row(path, row, Bad(twice, account=named[0][:80]))
    return found


def read_balances(path: Path, digits: int) -> list[BalanceAt]:
    """Balances that banks stated, from a file with columns account, time and balance."""
    found = []
    for row, (account, time, balance) in _small_table(path, (("account",), ("time", "at"), ("balance", "amount"))):
        cents = _balance(path, row, balance, digits)
        found.append(BalanceAt(account, _checked(path, row, lambda text, _digits: instant(text)[0], time, 0), cents))
    return found


def read_pairs(path: Path, first: str, second: str) -> dict[str, str]:
    """A two-column table, such as account and holder."""
    return {named[0]: named[1] for _row, named in _small_table(path, ((first,), (second,)))}


def read_names(path: Path) -> list[str]:
    """One name a line; a header "account" is left out."""
    names = [cells[0].strip() for _line, cells in table(path)]
    return names[1:] if names and names[0].casefold() == "account" else names


def _small_table(path: Path, columns: Sequence[Sequence[str]]) -> Iterator[tuple[Row, tuple[str, ...]]]:
    lines = table(path)
    _line, header = next(lines, (1, [""]))
    folded = [cell.strip().casefold() for cell in header]
    places = []
    for names in columns:
        found = [folded.index(name) for name in names if name in folded]
        if not found:
            raise Refusal(
                "table.column",
                _("%(path)s needs a column “%(column)s” in its first line."),
                path=path.name,
                column=names[0],
            )
        places.append(found[0])
    for number, (line, cells) in enumerate(lines, start=1):
        yield Row(number, line, tuple(cells)), tuple(cells[p].strip() if p < len(cells) else "" for p in places)


def _balance(path: Path, row: Row, text: str, digits: int) -> int:
    zero = text.strip() and not text.strip("0.,")
    return 0 if zero else _checked(path, row, amount_minor, text, digits)


def _checked(path: Path, row: Row, parse: Callable[[str, int], int], text: str, digits: int) -> int:
    try:
        return parse(text, digits)
    except Bad as bad:
        raise bad_row(path, row, bad) from None
