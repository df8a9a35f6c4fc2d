"""Checking the journal from the administrator's page, bounded in what is shown."""

from itertools import islice
from typing import Any

from wuzha.journal.models import Chain, Event, Seal
from wuzha.journal.verify import verify

FAULTS_SHOWN_MAX = 50
SEALS_SHOWN_MAX = 60


def check_journal() -> dict[str, Any]:
    """Walk every chain: {"faults", "more", "chains", "events"}."""
    faults = list(islice(verify(), FAULTS_SHOWN_MAX + 1))
    return {
        "faults": faults[:FAULTS_SHOWN_MAX],
        "more": len(faults) > FAULTS_SHOWN_MAX,
        "chains": Chain.objects.count(),
        "events": Event.objects.count(),
    }


def seals() -> list[dict[str, Any]]:
    """The seals of the last days, newest first."""
    return [
        {
            "day": seal.day,
            "events": seal.event_count,
            "digest": bytes(seal.digest).hex(),
            "sealed_at": seal.sealed_at,
        }
        for seal in Seal.objects.order_by("-day")[:SEALS_SHOWN_MAX]
    ]
