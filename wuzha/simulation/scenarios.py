"""The scenarios of a drill: who answers how, when reports come, how fast the launderers are. Tables as data.

They are the scenarios of the chase benchmark (`bench/chase`), as far as a country that runs in real time can play
them: launderers who are alarmed move faster from their next hop on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wuzha.kernel.refusals import Refusal, _
from wuzha.simulation.directory import Mode, PartnerSpec, partner_list

HOUR_S = 3_600.0
NAME_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. mode: how all banks answer, "" for the directory's mixture. speed: how much faster than life it is
    played; reported_within_s, quiet_after_s: of the world's time. settings: further fields of a country's settings."""

    letter: str
    name: str
    title: str
    mode: Mode | None = None
    cases_factor: int = 1
    speed: float = 60.0
    reported_within_s: float = 1.5 * HOUR_S
    quiet_after_s: float = 2.5 * HOUR_S
    settings: Mapping[str, Any] = field(default_factory=dict)

    def partners(self, seed: int) -> list[PartnerSpec]:
        """The partners of a drill with this seed."""
        specs = partner_list(seed)
        if self.mode is None:
            return specs
        return [replace(spec, mode=self.mode) if spec.kind in ("bank", "payment") else spec for spec in specs]


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "A", "manual", _("partners by hand, reports as late as in 2015"), "manual", speed=240.0,
        reported_within_s=12 * HOUR_S, quiet_after_s=13 * HOUR_S, settings={"reports": "2015"},
    ),
    Scenario("B", "limits", _("every bank within the agreed limits"), "limits"),
    Scenario("C", "mixed", _("mixed partners: connected, within limits, by hand")),
    Scenario("D", "busy", _("within the limits, four times the cases"), "limits", cases_factor=4),
    Scenario("E", "api", _("every bank connected"), "api"),
    Scenario(
        "F", "fast", _("mixed, launderers twice as fast, ten times once they are alarmed"),
        settings={"launderers_speed": 2.0, "alarmed_speed": 10.0},
    ),
    Scenario(
        "G", "reuse", _("mixed partners, gangs that use their accounts again"),
        settings={"reuse_share": 0.6, "tried_share": 0.5},
    ),
)  # fmt: skip
USUAL = "C"


def scenario_of(name: str) -> Scenario:
    """The scenario of a letter or name; Refusal "drill.scenario" that names all when there is none."""
    wanted = name.strip().casefold()
    for scenario in SCENARIOS:
        if wanted in (scenario.letter.casefold(), scenario.name):
            return scenario
    raise Refusal(
        "drill.scenario",
        _("There is no scenario “%(name)s”. Choose one of %(names)s."),
        field="scenario",
        name=name[:NAME_LENGTH_MAX],
        names=", ".join(f"{scenario.letter} ({scenario.name})" for scenario in SCENARIOS),
    )
