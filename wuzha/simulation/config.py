"""What a simulated country is told: its address, its centre, its seed and speed, and its partners with their keys.

Theory. One JSON file, written by whoever starts the country (demo, drill, crash test) and readable by it alone, since
it holds private keys. `speed` makes launderers, victims and partners that many times faster; the times written in
messages stay those of the wall clock.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.protocol import REVIEW_DELAY_S_MAX, Code
from wuzha.partners.signing import new_keypair
from wuzha.simulation.directory import Dialect, Mode, PartnerKind, PartnerSpec, partner_list

__all__ = ["CountryConfig", "PartnerConfig", "fresh_config", "partner_list", "read_config", "write_config"]

SPEED_MAX = 10_000.0
VICTIMS_PER_HOUR_MAX = 3_600.0
CONFIG_BYTES_MAX = 1_000_000
DEMO_SPEED = 10.0
DEMO_VICTIMS_PER_HOUR = 30.0


class PartnerConfig(BaseModel):
    """One partner with its Ed25519 pair (each 32 raw bytes, base64) and its address as the centre sees it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    name_zh: str
    name_en: str
    kind: PartnerKind
    dialect: Dialect
    mode: Mode
    local: bool
    key_id: str
    private_key: str
    public_key: str
    base_url: str


class CountryConfig(BaseModel):
    """A country.

    victims_per_hour: thefts in an hour of the wall clock, averaged over the day. first_thefts: how many
    are told within the first minutes (at most victims.FIRST_THEFTS). thefts_max: the world ends its thefts after so
    many, 0 for never. report_delay_s_max: who would report later (in the world's time) does not report at all.
    quiet_after_s: so long after the start (in the world's time) victims, thieves and honest people stop, while
    partners go on answering. reports: when victims tell, today or as in 2015. launderers_speed: how many times faster
    launderers are than usual, alarmed_speed: and how many times more once a bank has stopped or delayed them.
    review_delay_s: how long a bank lets a listed account's payment wait (in the world's time), if the order allows as
    much. reuse_share: mules that were used before; tried_share: how many of them a gang tries with a small sum first.
    worklists: whether partners' clerks ask the centre which order comes first. flows_path: a file of real flows to
    serve instead of an invented world. persist_path: where the world is kept between two runs, "" for nowhere.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)]
    centre_url: str
    centre_code: Code
    centre_key_id: str
    centre_public_key: str
    seed: int = 1
    speed: Annotated[float, Field(gt=0, le=SPEED_MAX)] = DEMO_SPEED
    victims_per_hour: Annotated[float, Field(ge=0, le=VICTIMS_PER_HOUR_MAX)] = DEMO_VICTIMS_PER_HOUR
    first_thefts: Annotated[int, Field(ge=0)] = 9
    thefts_max: Annotated[int, Field(ge=0)] = 0
    report_delay_s_max: float | None = None
    quiet_after_s: float | None = None
    reports: Literal["modern", "2015"] = "modern"
    launderers_speed: Annotated[float, Field(gt=0, le=100)] = 1.0
    alarmed_speed: Annotated[float, Field(gt=0, le=100)] = 1.0
    review_delay_s: Annotated[float, Field(gt=0, le=REVIEW_DELAY_S_MAX)] = 1_800.0
    reuse_share: Annotated[float, Field(ge=0, le=1)] = 0.12
    tried_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    faults: bool = True
    worklists: bool = False
    partners: list[PartnerConfig]
    flows_path: str = ""
    persist_path: str = ""

    def partner(self, kind: PartnerKind) -> PartnerConfig | None:
        """The first partner of `kind`."""
        return next((partner for partner in self.partners if partner.kind == kind), None)


def fresh_config(
    *,
    port: int,
    centre_url: str,
    centre_code: str,
    centre_key_id: str,
    centre_public_key: str,
    seed: int = 1,
    host: str = "127.0.0.1",
    specs: list[PartnerSpec] | None = None,
    **settings: object,
) -> CountryConfig:
    """A country with new keys for every partner; `settings` are further fields of CountryConfig."""
    partners = []
    for spec in specs if specs is not None else partner_list(seed):
        private_key, public_key = new_keypair()
        partners.append(
            PartnerConfig(
                code=spec.code,
                name_zh=spec.name_zh,
                name_en=spec.name_en,
                kind=spec.kind,
                dialect=spec.dialect,
                mode=spec.mode,
                local=spec.local,
                key_id=f"{spec.code}-1",
                private_key=private_key,
                public_key=public_key,
                base_url=f"http://{host}:{port}/p/{spec.code}",
            )
        )
    return CountryConfig.model_validate(
        {
            "host": host,
            "port": port,
            "centre_url": centre_url,
            "centre_code": centre_code,
            "centre_key_id": centre_key_id,
            "centre_public_key": centre_public_key,
            "seed": seed,
            "partners": partners,
            **settings,
        }
    )


def write_config(config: CountryConfig, path: Path) -> None:
    """Write `config` so that only its owner reads it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(config.model_dump_json(indent=1))
    fresh.replace(path)


def read_config(path: Path) -> CountryConfig:
    """The country that `path` describes; Refusal "country.config" when it does not."""
    try:
        if path.stat().st_size > CONFIG_BYTES_MAX:
            raise ValueError("too long")
        return CountryConfig.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Refusal(
            "country.config",
            _("%(path)s does not describe a country (%(reason)s). Write it with fresh_config or copy a working one."),
            path=str(path),
            reason=str(error)[:300],
        ) from error
