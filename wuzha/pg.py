"""PostgreSQL for a first run and for tests: one data folder, one server, no port.

Theory. `ensure(data_dir)` gives a server: the one that DATABASE_URL names (then nothing is started here), or a
`Cluster`, a PostgreSQL of our own below `data_dir` that listens on a unix socket in a private folder only.

States of a cluster: absent -> prepared (initdb, made aside and renamed, so a half-made one is never met) -> running.
Several programs may use one cluster. The one that holds the lock file `postgres.owner` is its owner: it alone stops
it. The kernel frees the lock when the owner dies, however it dies, and the next to start becomes the owner and adopts
the server that runs or starts it anew. On Linux the server also ends by itself when an owner is killed.
After a kill -9 of the server its shared memory stays in use for a second or two, so a start is tried again until
START_LIMIT_S; a `postmaster.pid` whose process is gone or is another program is removed.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from wuzha.parent_death import popen
from wuzha.pg_place import PostgresError, User, find_programs, home_for, socket_fits, user_for

START_LIMIT_S = 20.0  # of attempts that die at once
RECOVERY_LIMIT_S = 600.0  # of a server that is alive and reads its log after a crash
STOP_LIMIT_S = 15.0
CONNECT_LIMIT_S = 5
POLL_S = 0.03
RETRY_S = 0.25
LOG_BYTES_MAX = 8_000_000
LOG_TAIL_LINES = 12
SUPERUSER = "wuzha"

OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",  # solid-state disks
    "jit": "off",  # short queries only
    "timezone": "UTC",
    "log_checkpoints": "off",
}


class Server:
    """A PostgreSQL that somebody else runs, named by a URL. Starting and stopping it is not ours."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def start(self) -> None:
        """Nothing to do: it runs already or is not ours to start."""

    def stop(self) -> None:
        """Nothing to do, likewise."""

    @property
    def pid(self) -> int | None:
        """Process id of the server, None when it is not known here."""
        return None

    def url(self, database: str | None = None) -> str:
        """URL of `database` on this server; of the one in the base URL without it."""
        if database is None:
            return self._base_url
        parts = urlsplit(self._base_url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{parts.scheme}://{parts.netloc}/{quote(database, safe='')}{query}"

    def running(self) -> bool:
        """Whether it answers."""
        try:
            psycopg.connect(self.url(), connect_timeout=CONNECT_LIMIT_S).close()
        except psycopg.OperationalError:
            return False
        return True

    def tend(self) -> None:
        """Start it again if it fell; for a supervisor's loop."""
        if not self.running():
            self.start()

    def create_database(self, name: str) -> None:
        """Make the database `name`; one that is there already is left as it is."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=CONNECT_LIMIT_S) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        """Remove the database `name`, whoever is connected to it."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=CONNECT_LIMIT_S) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()


class Cluster(Server):
    """Our own PostgreSQL below `data_dir`; `options` are server settings laid over OPTIONS."""

    def __init__(self, data_dir: Path | str, *, options: Mapping[str, str] | None = None) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.home = home_for(self.data_dir)
        self.data = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self._options = {**OPTIONS, **(options or {})}
        self._child: subprocess.Popen[bytes] | None = None
        self._owner_lock: int | None = None
        super().__init__("")

    def url(self, database: str | None = None) -> str:
        """URL of `database` (default: `wuzha`) through the socket."""
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://{SUPERUSER}@/{quote(database or SUPERUSER, safe='')}?host={host}"

    @property
    def socket_dir(self) -> Path:
        """Folder of the socket: beside the data, or a short temporary one that `socket` then points to."""
        folder = self.home / "socket"
        return folder.resolve() if folder.is_symlink() else folder

    @property
    def pid(self) -> int | None:
        """Process id of the server on this data folder, None when none runs."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            return pid if self._is_ours(pid) else None
        return None

    def _is_ours(self, pid: int) -> bool:
        if self._child:
            self._child.poll()  # reaps one that was killed
        return str(self.data) in _command_line(pid)

    def running(self) -> bool:
        """Whether the server's process is alive."""
        return self.pid is not None

    def start(self) -> None:
        """Prepare and start the server, or adopt the one that runs; returns once it answers."""
        with _locked(self.home / "postgres.start"):
            if self._owner_lock is None:
                self._owner_lock = _try_lock(self.home / "postgres.owner")
            user = user_for(self.data)
            if not (self.data / "PG_VERSION").exists():
                self._prepare(user)
            self._make_socket_dir(user)
            begun = time.monotonic()
            while not self._answers():
                limit = RECOVERY_LIMIT_S if self.running() else START_LIMIT_S
                if time.monotonic() > begun + limit:
                    raise PostgresError(f"PostgreSQL did not start; the end of {self.log}:\n{self._log_tail()}")
                if not self.running() and (self._child is None or self._child.poll() is not None):
                    if self._child is not None:
                        time.sleep(RETRY_S)  # shared memory of a killed server is still in use
                    self._launch(user)
                time.sleep(POLL_S)

    def stop(self) -> None:
        """End the server if this object owns it: politely, then at once, then by force."""
        if self._owner_lock is None:
            return
        pid = self.pid
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            deadline = time.monotonic() + STOP_LIMIT_S
            if pid is None or not self._is_ours(pid):
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            while self._is_ours(pid) and time.monotonic() < deadline:
                time.sleep(POLL_S)
        if self._child:
            self._child.wait()
            self._child = None
        os.close(self._owner_lock)
        self._owner_lock = None

    def _prepare(self, user: User) -> None:
        programs = find_programs().reachable_by(user, self.home)
        fresh = self.home / f"postgres.{os.getpid()}"
        user.own(fresh)
        command: list[str | Path] = [
            programs.folder / "initdb",
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "--locale=C.UTF-8",
            "--encoding=UTF8",
        ]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions", "--no-sync"]
        made = _run(command, programs.environment(), user)
        if made.returncode:
            raise PostgresError(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
        os.sync()
        fresh.rename(self.data)

    def _launch(self, user: User) -> None:
        programs = find_programs(int((self.data / "PG_VERSION").read_text())).reachable_by(user, self.home)
        if self.pid is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        options = {**self._options, "unix_socket_directories": str(self.socket_dir)}
        command = [str(programs.folder / "postgres"), "-D", str(self.data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        too_long = self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX
        with self.log.open("wb" if too_long else "ab") as log:
            self._child = popen(
                command,
                dying=signal.SIGINT,
                cwd="/",
                env=programs.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C of the terminal is the owner's to handle
                **user.popen_arguments(),
            )

    def _make_socket_dir(self, user: User) -> None:
        folder = self.home / "socket"
        if folder.is_symlink() and not folder.exists():
            folder.unlink()  # the temporary folder was cleaned away
        if not socket_fits(folder) and not folder.is_symlink():
            folder.symlink_to(tempfile.mkdtemp(prefix="wuzha-"))
        user.own(self.socket_dir)

    def _answers(self) -> bool:
        if not self.running():
            return False
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=CONNECT_LIMIT_S).close()
        except psycopg.OperationalError:
            return False
        return True

    def _log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-LOG_TAIL_LINES:])


def ensure(data_dir: Path | str) -> Server:
    """A running server for `data_dir`: that of DATABASE_URL when set, else a started Cluster with its database."""
    given = os.environ.get("DATABASE_URL", "")
    if given:
        return Server(given)
    cluster = Cluster(data_dir)
    cluster.start()
    cluster.create_database(SUPERUSER)
    return cluster


def _run(command: list[str | Path], environment: dict[str, str], user: User) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            command, cwd="/", env=environment, capture_output=True, text=True, check=False, **user.popen_arguments()
        )
    except PermissionError as refused:
        raise PostgresError(
            f"PostgreSQL cannot be run as user {user.uid} ({refused}). It refuses to run as root: "
            "start as an ordinary user, or set DATABASE_URL."
        ) from refused


def _command_line(pid: int) -> str:
    """Command line of a process; "" for one that is gone or a zombie."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout


def _try_lock(path: Path) -> int | None:
    """Descriptor of an exclusive lock on `path`, None when another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    deadline = time.monotonic() + RECOVERY_LIMIT_S
    while (descriptor := _try_lock(path)) is None:
        if time.monotonic() > deadline:
            raise PostgresError(f"another program has been starting PostgreSQL for too long ({path})")
        time.sleep(POLL_S)
    try:
        yield
    finally:
        os.close(descriptor)
