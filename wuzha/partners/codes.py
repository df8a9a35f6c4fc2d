"""From what a partner says to what we do: dialects of answer codes, and the three kinds of transport failure.

Theory. Each partner has its own codes. A dialect is a table from them to our few outcomes; a code that the table
does not know is REFUSED and shown, never guessed. Transport has three kinds of failure: *try again* (no answer,
busy, a fault of theirs), *never again* (they understood and said no), *already done* (they had it before).
"""

from enum import StrEnum

from wuzha.partners.protocol import Outcome


class Failure(StrEnum):
    """Kinds of failure of a delivery."""

    TRY_AGAIN = "try_again"
    NEVER_AGAIN = "never_again"
    ALREADY_DONE = "already_done"


DIALECTS: dict[str, dict[str, Outcome]] = {
    "standard": {outcome.value: outcome for outcome in Outcome},
    # Four-digit codes, as many core banking systems answer them.
    "numeric4": {
        "0000": Outcome.DONE,
        "0001": Outcome.ALREADY,
        "1001": Outcome.NO_ACCOUNT,
        "1002": Outcome.NO_MATCH,
        "2001": Outcome.REFUSED,
        "2002": Outcome.UNSUPPORTED,
        "3001": Outcome.NEEDS_PAPERS,
        "9998": Outcome.TRY_AGAIN,
        "9999": Outcome.TRY_AGAIN,
    },
}

DELIVERY_STATUS: dict[int, Failure] = {
    400: Failure.NEVER_AGAIN,
    401: Failure.NEVER_AGAIN,
    403: Failure.NEVER_AGAIN,
    404: Failure.NEVER_AGAIN,
    408: Failure.TRY_AGAIN,
    409: Failure.ALREADY_DONE,
    413: Failure.NEVER_AGAIN,
    415: Failure.NEVER_AGAIN,
    422: Failure.NEVER_AGAIN,
    425: Failure.TRY_AGAIN,
    429: Failure.TRY_AGAIN,
}


def outcome_of(dialect: str, code: str) -> Outcome:
    """Our outcome for a partner's code; REFUSED when the dialect does not know the code."""
    return DIALECTS[dialect].get(code, Outcome.REFUSED)


def failure_of(status: int | None) -> Failure:
    """Kind of failure of an HTTP status (None: no response at all)."""
    if status is None or status >= 500:
        return Failure.TRY_AGAIN
    return DELIVERY_STATUS.get(status, Failure.NEVER_AGAIN)
