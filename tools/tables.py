"""Write docs/tables.md: states, kinds, clocks, roles and reactions, drawn from the tables that the program runs on.

`python -m tools.tables` writes it; a test fails when it is not what the tables say.
"""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def page() -> str:
    """The page's text."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    import django

    django.setup()
    return "\n".join([*_head(), *_orders(), *_policies(), *_roles(), *_reactions(), ""])


def _head() -> list[str]:
    return [
        "# Tables",
        "",
        "Drawn from the tables in the code by `python -m tools.tables`; do not edit by hand.",
        "",
    ]


def _orders() -> list[str]:
    from wuzha.control.kinds import KINDS, ORDER

    lines = ["## States of an order 查控指令的状态", "", "```mermaid", ORDER.mermaid(), "```", ""]
    lines += ["## Kinds of order", ""]
    lines += ["| kind | what | takes force and ends | about | law |", "|---|---|---|---|---|"]
    for row in KINDS.values():
        lines.append(f"| `{row.kind}` | {row.name} | {'yes' if row.measure else 'no'} | {row.target} | {row.law} |")
    return [*lines, ""]


def _policies() -> list[str]:
    from dataclasses import fields

    from wuzha.control.policy import POLICIES

    lines = ["## Limits and terms", "", "Seconds end in `_s`, sums in `_minor` (fen).", ""]
    lines += ["| value | " + " | ".join(policy.version for policy in POLICIES) + " |"]
    lines += ["|---" * (len(POLICIES) + 1) + "|"]
    for field in fields(POLICIES[0]):
        values = (str(getattr(policy, field.name)) for policy in POLICIES)
        lines.append(f"| `{field.name}` | " + " | ".join(values) + " |")
    return [*lines, ""]


def _roles() -> list[str]:
    from wuzha.people.rules import CAPABILITIES, Can

    lines = ["## Who may do what", "", "| capability | " + " | ".join(role.value for role in CAPABILITIES) + " |"]
    lines += ["|---" * (len(CAPABILITIES) + 1) + "|"]
    for can in Can:
        marks = ["●" if can in held else "" for held in CAPABILITIES.values()]
        lines.append(f"| `{can.value}` | " + " | ".join(marks) + " |")
    return [*lines, ""]


def _reactions() -> list[str]:
    from wuzha.reactions import REACTIONS

    lines = ["## When this happens, do that", "", "| event | where | reaction |", "|---|---|---|"]
    for reaction in REACTIONS:
        where = ", ".join(f"{key} = {value}" for key, value in reaction.where)
        lines.append(f"| `{reaction.when}` | {where} | {reaction.name}{' (a worker)' if reaction.later else ''} |")
    return lines


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE}")
