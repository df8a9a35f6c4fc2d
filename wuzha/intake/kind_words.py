"""Kinds of fraud in the reader's language. Their names are dated data (kinds/data/fraud_kinds.json), not messages."""

from datetime import date

from django.utils.translation import get_language

from wuzha.intake.kinds.fraud_kinds import FraudKind, all_kinds, kinds_on


def kind_name(code: str) -> str:
    """The name of a kind; the code itself when no kind has it."""
    kind = all_kinds().get(code)
    return _named(kind) if kind else code


def kind_choices(day: date) -> list[tuple[str, str]]:
    """(code, name) of the kinds in force on a day, in the order in which statistics name them."""
    return [(kind.code, _named(kind)) for kind in kinds_on(day)]


def _named(kind: FraudKind) -> str:
    return kind.name_zh if (get_language() or "").startswith("zh") else kind.name_en
