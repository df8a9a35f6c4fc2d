"""Imports point down: the contracts of pyproject.toml hold, and the simulated country knows only the protocol."""

import grimp
import pytest
from importlinter.cli import lint_imports

PROTOCOL = ("wuzha.kernel", "wuzha.partners.protocol", "wuzha.partners.signing", "wuzha.partners.codes")
SEES_THE_CENTRE = ("wuzha.simulation.exercise", "wuzha.simulation.claims", "wuzha.simulation.country_cli")


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("wuzha", cache_dir=None)


def below(module, tops):
    return any(module == top or module.startswith(f"{top}.") for top in tops)


def test_contracts_of_pyproject_hold(capsys):
    code = lint_imports(cache_dir=None)
    assert code == 0, capsys.readouterr().out


def test_simulated_country_knows_only_the_kernel_and_the_protocol(graph):
    wrong = [
        f"{module} imports {imported}"
        for module in sorted(graph.modules)
        if below(module, ["wuzha.simulation"]) and not below(module, SEES_THE_CENTRE)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if not below(imported, ("wuzha.simulation", *PROTOCOL))
    ]
    assert wrong == []


def test_nothing_of_the_centre_imports_the_simulation(graph):
    wrong = [
        f"{module} imports {imported}"
        for module in sorted(graph.modules)
        if not below(module, ("wuzha.simulation", "wuzha.commands"))
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if below(imported, ["wuzha.simulation"])
    ]
    assert wrong == []
