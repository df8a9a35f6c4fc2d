"""Scenarios of a drill: by letter or name, what each changes, and a clear word for one that is not there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.build import HOUR, T0, config, living_world
from wuzha.cli import main
from wuzha.commands.drill import check_place, country_settings
from wuzha.kernel.refusals import Refusal
from wuzha.simulation.config import CountryConfig
from wuzha.simulation.launderers import HABITS
from wuzha.simulation.scenarios import SCENARIOS, USUAL, scenario_of

DRILL_S = 400


@pytest.mark.parametrize(
    ("wanted", "letter"),
    [("A", "A"), ("a", "A"), ("manual", "A"), ("Limits", "B"), (" mixed ", "C"), ("busy", "D"), ("API", "E"),
     ("fast", "F")],
)  # fmt: skip
def test_a_scenario_is_found_by_letter_or_name(wanted, letter):
    assert scenario_of(wanted).letter == letter


@pytest.mark.parametrize("wanted", ["", "H", "nope", "AB", "x" * 500])
def test_one_that_is_not_there_is_refused_with_all_that_are(wanted):
    with pytest.raises(Refusal) as refused:
        scenario_of(wanted)
    for scenario in SCENARIOS:
        assert f"{scenario.letter} ({scenario.name})" in str(refused.value)
    assert len(str(refused.value)) < 300


def test_the_command_says_so_and_names_them(capsys):
    assert main(["drill", "--scenario", "nope"]) == 2
    told = capsys.readouterr().err
    assert "nope" in told
    assert "C (mixed)" in told


def test_the_help_lists_them(capsys):
    with pytest.raises(SystemExit):
        main(["drill", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    for scenario in SCENARIOS:
        assert f"{scenario.letter} {scenario.name}:" in told


@pytest.mark.parametrize(
    ("letter", "modes"),
    [
        ("A", {"manual"}), ("B", {"limits"}), ("C", {"api", "limits", "manual"}), ("D", {"limits"}), ("E", {"api"}),
        ("F", {"api", "limits", "manual"}),
    ],
)  # fmt: skip
def test_who_answers_how(letter, modes):
    partners = scenario_of(letter).partners(7)
    assert {spec.mode for spec in partners if spec.kind in ("bank", "payment")} == modes
    assert len([spec for spec in partners if spec.kind == "bank"]) == 30
    assert next(spec for spec in partners if spec.kind == "clearing").mode == "api"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.letter)
def test_the_settings_of_each_make_a_country(scenario):
    made = config(**country_settings(3, 20, scenario.speed, scenario))
    assert isinstance(made, CountryConfig)
    assert made.reports == ("2015" if scenario.letter == "A" else "modern")
    assert (made.launderers_speed, made.alarmed_speed) == ((2.0, 10.0) if scenario.letter == "F" else (1.0, 1.0))


def test_only_the_busy_one_has_more_cases():
    assert {scenario.letter: scenario.cases_factor for scenario in SCENARIOS if scenario.cases_factor > 1} == {"D": 4}
    assert USUAL == "C"


def moves(**settings):
    """When the thieves of a world moved money, relative to when each theft was paid."""
    world = living_world(victims_per_hour=20.0, thefts_max=12, seed=3, **settings)
    while world.step(T0 + 30 * HOUR):
        pass
    return [entry.at for entry in world.ledger.journal if entry.what == "post" and "~cash" in entry.payee]


def test_faster_launderers_are_out_sooner():
    assert min(HABITS[style].hop_s for style in HABITS) == 48
    usual, fast = moves(), moves(launderers_speed=10.0)
    assert len(usual) > 10
    assert sorted(fast)[len(fast) // 2] < sorted(usual)[len(usual) // 2]


def test_reports_of_2015_come_later():
    delays = {}
    for reports in ("modern", "2015"):
        world = living_world(victims_per_hour=200.0, thefts_max=120, seed=3, reports=reports)
        world.step(T0 + 2 * HOUR)
        told = [t.report_at - t.payments[-1].at for t in world.state.thefts.values() if t.report_at]
        delays[reports] = sorted(told)[len(told) // 2]
    assert 0.5 * HOUR < delays["modern"] < 2 * HOUR
    assert 3 * HOUR < delays["2015"] < 10 * HOUR


@pytest.mark.parametrize("path", ["/nowhere/at/all/report.html", "/"])
def test_a_place_that_cannot_be_written_is_refused_before_the_drill(path):
    with pytest.raises(Refusal, match="cannot be written"):
        check_place(Path(path))


@pytest.mark.slow
@pytest.mark.row("R-203")
def test_a_drill_writes_its_report_as_page_and_paper(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "WUZHA_"))}
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "centre.json").write_text("{}")
    environment |= {"WUZHA_DATA": str(home), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "wuzha", "drill", "--seed", "7", "--cases", "3", "--speed", "300", "--json"]
    command += ["--scenario", "api", "--report", str(tmp_path / "r.html"), "--pdf", str(tmp_path / "r.pdf")]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=DRILL_S, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["verdict"]["clean"]
    assert told["orders"]["trace-outflows"] > 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Drill E, seed 7, 300 times faster than life" in page
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    assert str(tmp_path / "r.html") in done.stderr
    assert [path.name[-8:] for path in (home / "drills").iterdir()] == ["E-7.json"]
