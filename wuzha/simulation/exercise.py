"""A centre of its own with a country, for drills: made in a temporary folder, gone afterwards.

Theory. Database, keys and ports are fresh, so that nothing of a real centre is touched. Web, worker and country are
child processes under the supervisor, as in `wuzha run`; here is only what stands beside them: the approver, who covers
what waits for approval as a person would, and the looks at both sides. A look may fail while the database is away; it
is then taken again.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.error import URLError

from wuzha.kernel.refusals import Refusal, _
from wuzha.pg import Cluster, Server
from wuzha.simulation.auditor import Claims
from wuzha.simulation.config import CountryConfig, fresh_config, write_config
from wuzha.simulation.directory import PartnerSpec
from wuzha.supervisor import Program, Supervisor

CENTRE_CODE = "WZ-DRILL"
READY_S_MAX = 90.0
LOOK_S = 0.05
TRUTH_TIMEOUT_S = 60.0
PROGRESS_S = 0.5
TELL_S = 5.0
SETTLED_LOOKS = 3
TRIES_MAX = 400
TRY_AGAIN_S = 0.15
APPROVER = "approver@DRILL"
APPROVED_HOURS = 96
APPROVED_LAYERS = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where both sides stand. open_orders: queued or delivered and not answered."""

    pending: dict[str, int]
    counts: dict[str, int]
    cases: int
    orders: int
    open_orders: int
    unsent: int
    unread: int
    held_minor: int

    @property
    def settled(self) -> bool:
        """Whether nothing is under way any more."""
        return not any(self.pending.values()) and not (self.open_orders or self.unsent or self.unread)


class Exercise:
    """One centre and one country. Use it as a context manager: entering starts all, leaving ends and removes all."""

    def __init__(self, *, specs: list[PartnerSpec] | None = None, own_cluster: bool = False, **country: Any) -> None:
        self.country, self.specs, self.own_cluster = country, specs, own_cluster
        self.folder = Path(tempfile.mkdtemp(prefix="wuzha-drill-"))
        self.folder.chmod(0o711)  # PostgreSQL may run as another user and has to walk through
        self.database = f"wuzha_drill_{os.getpid()}"
        self.config: CountryConfig
        self.server: Server
        self.supervisor: Supervisor

    def __enter__(self) -> Self:
        try:
            self._start_database()
            self._lay_out()
            self.supervisor.start()
            self._wait_until_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def _start_database(self) -> None:
        given = "" if self.own_cluster else os.environ.get("DATABASE_URL", "")
        self.server = Server(given) if given else Cluster(self.folder)
        self.server.start()
        self.server.create_database(self.database)
        os.environ["DATABASE_URL"] = self.server.url(self.database)
        os.environ["WUZHA_DATA"] = str(self.folder)
        os.environ["WUZHA_PORT"] = str(free_port())
        os.environ["WUZHA_DEMO"] = "1"
        os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"

    def _lay_out(self) -> None:
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from wuzha.commands.keys import make_keys
        from wuzha.commands.setup import connect_partners, lay_out_centre

        call_command("migrate", verbosity=0)
        keys = make_keys(settings.CENTRE_KEYS, CENTRE_CODE)
        self.config = fresh_config(
            port=free_port(),
            centre_url=f"http://127.0.0.1:{os.environ['WUZHA_PORT']}",
            centre_code=keys["code"],
            centre_key_id=keys["key_id"],
            centre_public_key=keys["public_key"],
            specs=self.specs,
            worklists=True,
            **self.country,
        )
        write_config(self.config, self.folder / "country.json")
        lay_out_centre("演练中心", "Drill centre")
        connect_partners(self.config.partners)
        command = [sys.executable, "-m", "wuzha"]
        programs = [
            Program("web", [*command, "web"]),
            Program("worker", [*command, "worker"]),
            Program("country", [*command, "country", "--config", str(self.folder / "country.json")]),
        ]
        self.supervisor = Supervisor(programs, log_dir=self.folder / "logs", tend=self.server.tend)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_S_MAX
        waiting = [f"{self.config.centre_url}/health", f"{self.country_url}/health"]
        while waiting:
            self.supervisor.look()
            if answers(waiting[0]):
                waiting.pop(0)
            elif time.monotonic() > deadline:
                raise Refusal(
                    "drill.not_ready",
                    _("The drill's centre did not start within %(seconds)s seconds; see the logs in %(logs)s."),
                    seconds=int(READY_S_MAX),
                    logs=str(self.folder / "logs"),
                )
            time.sleep(LOOK_S)

    def _end(self) -> None:
        from django.db import connections

        if hasattr(self, "supervisor"):
            self.supervisor.stop()
        connections.close_all()
        if hasattr(self, "server"):
            if not isinstance(self.server, Cluster):
                self.server.drop_database(self.database)
            self.server.stop()
            if isinstance(self.server, Cluster):
                shutil.rmtree(self.server.home, ignore_errors=True)
        if os.environ.get("WUZHA_KEEP_DRILL") != "1":
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def country_url(self) -> str:
        """Address of the country."""
        return f"http://{self.config.host}:{self.config.port}"

    def truth(self) -> Mapping[str, Any]:
        """The country's facts."""
        with urllib.request.urlopen(f"{self.country_url}/truth", timeout=TRUTH_TIMEOUT_S) as response:
            return dict(json.load(response))

    def claims(self) -> Claims:
        """The centre's claims."""
        from wuzha.simulation.claims import read_claims

        return self.patiently(read_claims)

    def journal_faults(self) -> list[str]:
        """Chains of the centre's journal that are not what was written."""
        from wuzha.journal.verify import verify

        return self.patiently(lambda: [f"{fault.chain}:{fault.seq} {fault.what}" for fault in verify()])

    def progress(self) -> Progress:
        """Where both sides stand now."""
        from django.db.models import Sum

        from wuzha.control.kinds import OPEN
        from wuzha.control.models import Order, OrderAnswer
        from wuzha.intake.models import Case
        from wuzha.partners.models import Outbox

        with urllib.request.urlopen(f"{self.country_url}/health", timeout=TRUTH_TIMEOUT_S) as response:
            country = json.load(response)

        def look() -> Progress:
            in_force = Order.objects.filter(kind="stop", state="in_force")
            return Progress(
                pending=country["pending"],
                counts=country["counts"],
                cases=Case.objects.count(),
                orders=Order.objects.count(),
                open_orders=Order.objects.filter(state__in=OPEN).count(),
                unsent=Outbox.objects.filter(state="due").count(),
                unread=OrderAnswer.objects.filter(absorbed=False).count(),
                held_minor=in_force.aggregate(held=Sum("held_minor"))["held"] or 0,
            )

        return self.patiently(look)

    def run_until_settled(
        self,
        limit_s: float,
        *,
        tell: Callable[[Progress], None],
        each_round: Callable[[], None] = lambda: None,
        go_on: Callable[[], bool] = lambda: False,
    ) -> Progress:
        """Keep both sides running until nothing is under way, `limit_s` at most; the last progress.

        each_round: done a few times a second. go_on: true as long as it must not end.
        """
        began = told_at = looked_at = time.monotonic()
        settled_n, progress = 0, self.progress()
        while time.monotonic() - began < limit_s and (settled_n < SETTLED_LOOKS or go_on()):
            self.supervisor.look()
            each_round()
            time.sleep(LOOK_S)
            if time.monotonic() - looked_at < PROGRESS_S:
                continue
            self.approve()
            progress, looked_at = self.progress(), time.monotonic()
            settled_n = settled_n + 1 if progress.settled else 0
            if looked_at - told_at >= TELL_S:
                tell(progress)
                told_at = looked_at
        return progress

    def approve(self) -> int:
        """Do what an approver does: cover each case that waits, for its reported sum; how many were covered."""
        from django.utils import timezone

        from wuzha.control.actions import approve_orders, authorise
        from wuzha.control.models import Authorisation, Order
        from wuzha.control.policy import policy_at, to_cny_minor
        from wuzha.intake.models import Case

        def cover() -> int:
            now = timezone.now()
            proposed = Order.objects.filter(state="proposed")
            cases = list(Case.objects.filter(id__in=proposed.values("case_id")))
            for case in cases:
                if not Authorisation.objects.filter(case=case, state="live", kind="approver").exists():
                    worth = to_cny_minor(case.reported_minor, case.currency, policy_at(now)) or case.reported_minor
                    authorise(
                        case_id=case.id,
                        layers_max=APPROVED_LAYERS,
                        amount_minor_max=max(worth, 1),
                        hours=APPROVED_HOURS,
                        reason="演练授权",
                        by=APPROVER,
                        now=now,
                    )
                left = list(proposed.filter(case=case).values_list("id", flat=True))
                if left:  # beyond what one authorisation may cover, order by order
                    approve_orders(order_ids=left, case_id=case.id, by=APPROVER, now=now)
            return len(cases)

        return self.patiently(cover)

    def patiently(self, look: Callable[[], T]) -> T:
        """The result of `look`, tried again while the database is away; the programs are looked after meanwhile."""
        from django.db import Error, InterfaceError, OperationalError, connection

        last: Error | None = None
        for _attempt in range(TRIES_MAX):
            try:
                return look()
            except (OperationalError, InterfaceError) as error:
                last = error
                connection.close()
                self.supervisor.look()
                time.sleep(TRY_AGAIN_S)
        raise RuntimeError("the database stayed away") from last


def free_port() -> int:
    """A port that nobody listens on just now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether `url` answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
