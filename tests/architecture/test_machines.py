"""Every state machine in the code: each state is reached, and from each one the end can be reached."""

import importlib

import pytest

from tests.architecture.test_tree import ROOT
from wuzha.kernel.states import Machine


def machines():
    """Module-level machines by module and name."""
    for path in sorted((ROOT / "wuzha").rglob("*.py")):
        if "Machine(" not in path.read_text("utf-8") or path.name == "states.py":
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for name, value in vars(importlib.import_module(module)).items():
            if isinstance(value, Machine):
                yield pytest.param(value, id=f"{module}.{name}")


def ends_from(machine):
    """States from which some chain of events reaches a final one."""
    good = set(machine.finals)
    while True:
        more = {before for (before, _event), after in machine.transitions.items() if after in good} - good
        if not more:
            return good
        good |= more


MACHINES = list(machines())


def test_machines_are_found():
    assert MACHINES


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_is_reachable(machine):
    assert machine.states - machine.reachable() == frozenset()


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_leads_to_an_end_or_the_machine_has_none(machine):
    if machine.finals:
        assert machine.states - ends_from(machine) == frozenset()
    else:
        assert machine.initial <= set(machine.transitions.values()), "without an end it must come back to its start"
