"""Statements of many banks, wallets and police feedback files read into one ledger. No framework.

`read_path` and `read_bytes` give `Statement`s or raise a Refusal with the line; `build_ledger` makes one `Ledger` of
them; `write_csv` writes it for `wuzha trace`. A `Template` keeps a mapping that a person has corrected.
"""

from wuzha.tracing.statements.balances import Chain, Gap, OrderBasis
from wuzha.tracing.statements.files import Reading, read_bytes, read_path, read_paths
from wuzha.tracing.statements.ledger import Ledger, build_ledger
from wuzha.tracing.statements.ledger_csv import COLUMNS, csv_rows, write_csv
from wuzha.tracing.statements.meanings import DateOrder, Direction, Mapping, Meaning, Positive
from wuzha.tracing.statements.model import Kind, Note, Preamble, Precision, Progress, Statement, StatementRow
from wuzha.tracing.statements.templates import Drift, Template, template_of
from wuzha.tracing.statements.transfers import Conflict, Transfer

__all__ = [
    "COLUMNS",
    "Chain",
    "Conflict",
    "DateOrder",
    "Direction",
    "Drift",
    "Gap",
    "Kind",
    "Ledger",
    "Mapping",
    "Meaning",
    "Note",
    "OrderBasis",
    "Positive",
    "Preamble",
    "Precision",
    "Progress",
    "Reading",
    "Statement",
    "StatementRow",
    "Template",
    "Transfer",
    "build_ledger",
    "csv_rows",
    "read_bytes",
    "read_path",
    "read_paths",
    "template_of",
    "write_csv",
]
