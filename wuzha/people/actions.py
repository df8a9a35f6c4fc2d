"""Setting up units, officers and their passwords; signing in and out as the journal sees it."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from wuzha.journal.append import on_chain
from wuzha.journal.models import Event
from wuzha.kernel.refusals import Refusal, _
from wuzha.people.models import Officer, Unit
from wuzha.people.rules import SIGN_IN_WINDOW_S, Role, locked_out

LOOPBACK = ("127.0.0.1", "localhost", "::1")
USERNAME_LENGTH_MAX = 40


def add_officer(
    *,
    username: str,
    password: str,
    role: str,
    unit: Unit | None,
    full_name: str = "",
    badge: str = "",
    liaison_rank: str = "",
    sample: bool = False,
    must_change: bool = False,
    by: str,
    now: datetime,
) -> Officer:
    """Add somebody who may sign in."""
    if role not in list(Role):
        raise Refusal("officer.role", _("Choose one of the roles of the list."), field="role")
    if not username or len(username) > USERNAME_LENGTH_MAX or not username.replace("_", "").replace("-", "").isalnum():
        raise Refusal(
            "officer.username",
            _("A user name has up to 40 letters, digits, - and _."),
            field="username",
        )
    officer = Officer(
        username=username, role=role, unit=unit, full_name=full_name[:80], badge=badge[:32],
        liaison_rank=liaison_rank, is_sample=sample, must_change_password=must_change,
    )  # fmt: skip
    if not sample:
        check_password(password, officer)
    officer.set_password(password)
    with on_chain(by=by, now=now) as log:
        try:
            with transaction.atomic():
                officer.save()
        except IntegrityError:
            raise Refusal("officer.taken", _("This user name is taken; choose another."), field="username") from None
        log.write("officer.added", f"officer:{username}", role=role, unit=unit.code if unit else "")
    return officer


def check_password(password: str, officer: Officer) -> None:
    """Refusal "password.weak" with what is wrong with it."""
    try:
        validate_password(password, officer)
    except ValidationError as error:
        raise Refusal("password.weak", "%(why)s", field="password", why=" ".join(error.messages)) from None


def set_password(*, officer: Officer, password: str, must_change: bool, by: str, now: datetime) -> None:
    """Set somebody's password; sessions opened with the old one end."""
    check_password(password, officer)
    with on_chain(by=by, now=now) as log:
        officer.set_password(password)
        officer.must_change_password = must_change
        officer.save(update_fields=["password", "must_change_password"])
        log.write("officer.password_set", f"officer:{officer.username}")


def set_active(*, officer: Officer, active: bool, by: str, now: datetime) -> None:
    """Let somebody sign in, or not any more."""
    if officer.by == by and not active:
        raise Refusal("officer.self", _("You cannot switch yourself off; ask another administrator."))
    with on_chain(by=by, now=now) as log:
        Officer.objects.filter(pk=officer.pk).update(is_active=active)
        log.write("officer.activated" if active else "officer.disabled", f"officer:{officer.username}")


def change_role(*, officer: Officer, role: str, unit: Unit | None, by: str, now: datetime) -> None:
    """Give somebody another role or unit."""
    if role not in list(Role):
        raise Refusal("officer.role", _("Choose one of the roles of the list."), field="role")
    with on_chain(by=by, now=now) as log:
        Officer.objects.filter(pk=officer.pk).update(role=role, unit=unit)
        log.write("officer.role_changed", f"officer:{officer.username}", role=role, unit=unit.code if unit else "")


def one_time_password() -> str:
    """A password to hand over once; it must be changed at the first sign-in."""
    return secrets.token_urlsafe(12)


def check_sign_in(username: str, *, now: datetime) -> None:
    """Refusal "sign_in.rest" after too many failures for one name."""
    since = now - timedelta(seconds=SIGN_IN_WINDOW_S)
    failures = Event.objects.filter(subject=f"officer:{username[:80]}", kind="sign_in.failed", at__gte=since).count()
    if locked_out(failures):
        raise Refusal("sign_in.rest", _("Too many failed tries. Wait fifteen minutes, or ask your administrator."))


def note_sign_in(username: str, *, ok: bool, address: str, now: datetime) -> None:
    """Write a sign-in or a failed try."""
    with on_chain(by=username[:80], now=now) as log:
        log.write("sign_in.done" if ok else "sign_in.failed", f"officer:{username[:80]}", address=address[:45])


def refuse_samples(*, demo: bool, host: str) -> None:
    """Refusal when sample accounts could be reached from outside, or exist in a real centre."""
    samples = Officer.objects.filter(is_sample=True, is_active=True).exists()
    if samples and not demo:
        raise Refusal(
            "samples.present",
            _("This database has the demo's sample accounts. Set up a real centre of its own with wuzha init."),
        )
    if demo and host not in LOOPBACK:
        raise Refusal("samples.host", _("The demo serves this machine only; do not bind it to %(host)s."), host=host)
