"""The centre's own secrets: made once, kept in a file that only its user can read."""

import json
import os
import secrets
from pathlib import Path

from wuzha.kernel.refusals import Refusal, _
from wuzha.partners.signing import new_keypair


def make_keys(path: Path, code: str) -> dict[str, str]:
    """The keys at `path`, made when there are none."""
    if path.exists():
        return dict(json.loads(path.read_text()))
    private, public = new_keypair()
    keys = {
        "code": code,
        "key_id": f"{code.lower()}-1",
        "private_key": private,
        "public_key": public,
        "secret_key": secrets.token_urlsafe(50),
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(keys, file, indent=1)
    fresh.rename(path)
    return keys


def require_keys() -> dict[str, str]:
    """The keys of this centre; Refusal when it was not set up."""
    from django.conf import settings

    path: Path = settings.CENTRE_KEYS
    if not path.exists():
        raise Refusal("keys.missing", _("This centre has no keys yet. Run `wuzha init` (or `wuzha run --demo`) first."))
    return dict(json.loads(path.read_text()))
