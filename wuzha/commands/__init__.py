"""Commands of `wuzha`: each module offers `add_arguments(parser)` and `run(args) -> exit code`.

`centre()` is what a command takes that works on the centre's data.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATA_DIR_DEFAULT = Path(__file__).resolve().parents[2] / "data"


def data_dir() -> Path:
    """Folder of this centre's data: WUZHA_DATA, else data/ in the clone."""
    return Path(os.environ.get("WUZHA_DATA") or DATA_DIR_DEFAULT).resolve()


@contextmanager
def centre(*, migrate: bool = True) -> Iterator[None]:
    """The centre's database at hand, up to date unless `migrate` is off, and Django ready.

    Starts the embedded PostgreSQL, or joins the one that runs; only what was started here is ended here.
    """
    import django

    from wuzha import pg

    server = pg.ensure(data_dir())
    os.environ["DATABASE_URL"] = server.url()
    os.environ["WUZHA_DATA"] = str(data_dir())
    os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"
    try:
        django.setup()
        if migrate:
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
        yield
    finally:
        server.stop()
