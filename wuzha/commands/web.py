"""`wuzha web`: pages, API and live feed on one port of the loopback (or where WUZHA_BIND says)."""

import argparse
import os

GRACE_S = 3
KEEP_ALIVE_S = 75  # longer than partners and proxies keep theirs, so that no message meets a closing connection
BACKLOG = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: everything is in the environment (see settings.py)."""


def run(args: argparse.Namespace) -> int:
    """Serve until told to end; refuses without keys, and with sample accounts outside the demo."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    import django

    django.setup()
    import uvicorn
    from django.conf import settings

    from wuzha.commands.keys import require_keys
    from wuzha.people.actions import refuse_samples

    require_keys()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise wants the folder to exist
    host = os.environ.get("WUZHA_BIND", "127.0.0.1")
    refuse_samples(demo=settings.DEMO, host=host)
    uvicorn.run(
        "wuzha.asgi:application",
        host=host,
        port=settings.PORT,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        backlog=BACKLOG,
        server_header=False,
        proxy_headers=settings.HTTPS,
    )
    return 0
