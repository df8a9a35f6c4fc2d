"""What the environment may say, looked at before any program starts.

Theory. Settings come from the environment, where a slip of the finger is easy and a traceback helps nobody: each
variable that has a form is checked here, and a refusal names the variable, what it says and what it may say.
"""

from collections.abc import Mapping

from wuzha.kernel.refusals import Refusal, _

NUMBERS = {
    "WUZHA_PORT": (1, 65_535),
    "WUZHA_COUNTRY_PORT": (1, 65_535),
    "WUZHA_ASKED_FROM_MINOR": (1, 10**9),
}
CHOICES = {"WUZHA_TRACING_RULE": ("fifo", "lifo", "tainted-first", "clean-first", "pro-rata")}
SWITCHES = ("WUZHA_DEMO", "WUZHA_HTTPS")
DATABASE_SCHEMES = ("postgres://", "postgresql://")
SHOWN_MAX = 40


def check(environment: Mapping[str, str]) -> None:
    """Refusal "environment" at the first variable that says what it cannot."""
    for name, (least, most) in NUMBERS.items():
        text = environment.get(name, "")
        if name in environment and not (text.isascii() and text.isdigit() and least <= int(text[:10]) <= most):
            raise Refusal(
                "environment",
                _("%(name)s is “%(text)s”; give a whole number from %(least)s to %(most)s."),
                name=name, text=text[:SHOWN_MAX], least=least, most=most,
            )  # fmt: skip
    choices = {**CHOICES, **dict.fromkeys(SWITCHES, ("0", "1"))}
    for name, allowed in choices.items():
        text = environment.get(name, allowed[0])
        if text not in allowed:
            raise Refusal(
                "environment",
                _("%(name)s is “%(text)s”; it may be %(allowed)s."),
                name=name, text=text[:SHOWN_MAX], allowed=", ".join(allowed),
            )  # fmt: skip
    url = environment.get("DATABASE_URL", "")
    if url and not url.startswith(DATABASE_SCHEMES):
        raise Refusal(  # not shown: it may carry a password
            "environment",
            _("DATABASE_URL must begin with %(schemes)s; leave it empty to use the embedded database."),
            schemes=" / ".join(DATABASE_SCHEMES),
        )
