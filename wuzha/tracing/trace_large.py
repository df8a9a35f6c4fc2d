"""A large, ordinary ledger file: read by one compiled pass, kept as columns, its lines decoded when somebody looks.

Theory. See `trace_scan`. Only files above LARGE_BYTES come here, because below it loading the compiler costs more than
it saves. What is said of the file (columns, decimals, rows, lines) is what `trace_input` says of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wuzha.kernel.refusals import Refusal
from wuzha.tracing.trace_input import (
    CELL_MAX,
    DIGITS_MAX,
    DIGITS_MIN,
    REQUIRED,
    Row,
    bytes_of,
    encoding_of,
    places_of,
    separator_of,
)

if TYPE_CHECKING:
    from wuzha.tracing.engine.large import LargeLedger, Table
    from wuzha.tracing.trace_scan import Scan

LARGE_BYTES = 1_500_000  # some 20,000 rows: the same size from which the engine is the compiled one
SCALED_MAX = 10**18  # an amount of the careful reader stays below it too
UNUSED = frozenset({"id"})  # columns that change nothing while nobody refers to them


@dataclass(frozen=True)
class LargeFile:
    """As `trace_input.LedgerFile`; `table` has the transfers."""

    raw: bytes
    encoding: str
    separator: str
    scanned: "Scan"
    table: "Table"
    header: tuple[str, ...]
    digits: int
    time_place: int
    refused: list[Refusal] = field(default_factory=list)
    repeated: int = 0

    @cached_property
    def rows(self) -> "Lines":
        """The rows by transfer id."""
        return Lines(self)

    def since(self, since: int | None) -> "Table":
        """The payments from an instant on."""
        return self.table if since is None else replace(self.table, row=self.table.row[self.table.at >= since])

    def complete(
        self, since: int | None, until: int | None, openings: Mapping[str, int], terminals: Collection[str]
    ) -> "LargeLedger | None":
        """The complete ledger of the payments from `since` to `until`; None where it has gaps."""
        from wuzha.tracing.engine.large import complete_table

        return complete_table(self.since(since), openings, terminals, until)


class Lines:
    """Rows of a large file, decoded one by one."""

    def __init__(self, file: LargeFile) -> None:
        self.file = file

    def get(self, transfer_id: str) -> Row | None:
        """The row that a transfer was read from."""
        row = self.file.table.row_of(transfer_id)
        if row is None:
            return None
        scanned = self.file.scanned
        text = self.file.raw[int(scanned.start[row]) : int(scanned.end[row])].decode(_plain(self.file.encoding))
        return Row(row + 1, int(scanned.line[row]), tuple(text.split(self.file.separator)))


def read_large(path: Path, columns: Mapping[str, str], digits: int | None) -> LargeFile | None:
    """The file, when it is large and ordinary; else None, and `trace_input.read_ledger` is to read it."""
    if not path.is_file() or path.stat().st_size < LARGE_BYTES:
        return None
    raw = bytes_of(path)
    encoding = encoding_of(raw)
    if encoding is None or encoding == "utf-16":
        return None
    end = raw.find(b"\n") + 1
    first = raw[:end].decode(encoding)
    if not first.strip() or '"' in first or "\r" in first.removesuffix("\n").removesuffix("\r"):
        return None
    separator = separator_of(first.lstrip())
    header = [cell.strip() for cell in first.rstrip("\r\n").split(separator)]
    place = places_of(path, header, columns)
    if set(place) - set(REQUIRED) - UNUSED or set(columns) & UNUSED:
        return None
    return _scanned(raw, encoding, separator, end, header, place, digits)


def _scanned(
    raw: bytes,
    encoding: str,
    separator: str,
    begin: int,
    header: list[str],
    place: Mapping[str, int],
    digits: int | None,
) -> LargeFile | None:
    import numpy as np

    from wuzha.tracing.engine.large import Table
    from wuzha.tracing.trace_scan import scan

    needed = (place["time"], place["from"], place["to"], place["amount"])
    data, most_rows = np.frombuffer(raw, np.uint8), raw.count(b"\n", begin) + 1
    found = scan(data, begin, ord(separator), len(header), needed, most_rows)
    if found.rows <= 0:
        return None
    most = int(found.places.max())
    places = max(DIGITS_MIN, most) if digits is None else digits
    scale = np.int64(10) ** (places - found.places.astype(np.int64))
    if places > DIGITS_MAX or most > places or bool((found.value >= SCALED_MAX // scale).any()):
        return None
    spans = zip(found.name_start.tolist(), found.name_end.tolist(), strict=True)
    names = [raw[start:end].decode(_plain(encoding)) for start, end in spans]
    if any(name != name.strip() or len(name) > CELL_MAX for name in names):
        return None
    table = Table(names, found.at, found.payer, found.payee, found.value * scale, np.arange(found.rows))
    return LargeFile(raw, encoding, separator, found, table, tuple(header), places, place["time"])


def _plain(encoding: str) -> str:
    """The encoding of a part: only the whole file begins with a mark."""
    return "utf-8" if encoding == "utf-8-sig" else encoding
