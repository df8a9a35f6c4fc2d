"""`wuzha run`: the whole centre on one machine - database, pages, worker, and in the demo a live simulated country."""

import argparse
import os
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, create_connection, socket

from wuzha.commands import data_dir
from wuzha.kernel.refusals import Refusal, _
from wuzha.pg import ensure
from wuzha.supervisor import Program, Supervisor, say

READY_S_MAX = 60.0
DEMO_CENTRE_CODE = "WZ-DEMO"
DEMO_VICTIMS_PER_HOUR = 120.0  # of the wall clock: something happens while somebody looks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--demo: sample accounts and a simulated country; --speed, --seed: of that country."""
    parser.add_argument("--demo", action="store_true", help="sample accounts and a live simulated country")
    parser.add_argument("--speed", type=float, default=10.0, help="how much faster than life the country runs")
    parser.add_argument("--seed", type=int, default=1, help="seed of the country")


def run(args: argparse.Namespace) -> int:
    """Start everything and keep it running until Ctrl-C."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    if args.demo:
        os.environ["WUZHA_DEMO"] = "1"
    data = data_dir()
    os.environ["WUZHA_DATA"] = str(data)
    port = int(os.environ.setdefault("WUZHA_PORT", "8000"))
    _require_free(port, "WUZHA_PORT")
    data.mkdir(parents=True, exist_ok=True)
    say("starting the database ...")
    with ensure(data) as server:
        os.environ["DATABASE_URL"] = server.url()
        samples = _prepare(args, data, port)
        command = [sys.executable, "-m", "wuzha"]
        programs = [Program("web", [*command, "web"]), Program("worker", [*command, "worker"])]
        if args.demo:
            programs.append(Program("country", [*command, "country", "--config", str(data / "country.json")]))
        supervisor = Supervisor(programs, log_dir=data / "logs", tend=server.tend)
        told = [False]
        began = time.monotonic()

        def tell_when_ready() -> bool:
            if not told[0] and _answers(port):
                told[0] = True
                _tell(port, samples, data)
            elif not told[0] and time.monotonic() - began > READY_S_MAX:
                told[0] = True
                say(f"the pages do not answer yet; see {data / 'logs'}")
            return False

        supervisor.run(until=tell_when_ready)
        say("ended; everything is saved")
    return 0


def _require_free(port: int, name: str) -> None:
    with closing(socket()) as probe:
        # Connections of a centre that was just ended linger on its port and do not hinder a new one.
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refusal(
                "port.taken", _("Port %(port)s is in use. Choose another with %(name)s=…"), port=port, name=name
            ) from None


def _prepare(args: argparse.Namespace, data: Path, port: int) -> list[tuple[str, str, str]]:
    """Migrate; in the demo make keys, the country's partners and the sample accounts."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from wuzha.commands.keys import make_keys, require_keys
    from wuzha.commands.setup import add_samples, connect_partners, lay_out_centre

    say("bringing the database up to date ...")
    call_command("migrate", verbosity=0)
    keys_path = data / "keys" / "centre.json"
    if not args.demo:
        require_keys()
        return []
    from wuzha.simulation.config import fresh_config, write_config

    keys = make_keys(keys_path, DEMO_CENTRE_CODE)
    country_port = int(os.environ.get("WUZHA_COUNTRY_PORT", port + 1))
    _require_free(country_port, "WUZHA_COUNTRY_PORT")
    config = fresh_config(
        port=country_port,
        centre_url=f"http://127.0.0.1:{port}",
        centre_code=keys["code"],
        centre_key_id=keys["key_id"],
        centre_public_key=keys["public_key"],
        seed=args.seed,
        speed=args.speed,
        victims_per_hour=DEMO_VICTIMS_PER_HOUR,
        worklists=True,
        persist_path=str(data / "country.state"),
    )
    write_config(config, data / "country.json")
    lay_out_centre("锡州市反诈中心", "Xizhou Anti-Fraud Centre")
    connect_partners(config.partners)
    # A bank that answers by hand: its liaison has something to do when somebody looks.
    by_hand = next(partner.code for partner in config.partners if partner.kind == "bank" and partner.mode == "manual")
    return add_samples(bank=by_hand, now=timezone.now())


def _answers(port: int) -> bool:
    try:
        with closing(create_connection(("127.0.0.1", port), timeout=0.2)):
            pass
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _tell(port: int, samples: list[tuple[str, str, str]], data: Path) -> None:
    say(f"the centre is open: http://127.0.0.1:{port}")
    if samples:
        print("\n  sample accounts (demo only):")
        for username, password, role in samples:
            print(f"    {username:<12} {password:<12} {role}")
        print(f"\n  logs: {data / 'logs'}    end with Ctrl-C\n", flush=True)
