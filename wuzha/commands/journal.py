"""`wuzha journal`: verify that no entry was changed; seal a day."""

import argparse
from datetime import date

FAULTS_SHOWN_MAX = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify`, or `seal DAY`."""
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("verify", help="walk every chain and compare it with the seals; exit code 1 on a fault")
    seal = actions.add_parser("seal", help="seal a day that is over (the worker does it every night)")
    seal.add_argument("day", type=date.fromisoformat, help="YYYY-MM-DD")


def run(args: argparse.Namespace) -> int:
    """0 when the journal is whole."""
    from wuzha.commands import centre

    with centre(migrate=False):
        from django.utils import timezone

        from wuzha.journal.models import Chain, Event
        from wuzha.journal.verify import seal, verify

        if args.action == "seal":
            sealed = seal(args.day, now=timezone.now())
            print(f"{sealed.day}: {sealed.event_count} entries, digest {bytes(sealed.digest).hex()}")
            return 0
        count = 0
        for fault in verify():
            count += 1
            if count <= FAULTS_SHOWN_MAX:
                print(f"{fault.chain}: entry {fault.seq} (row {fault.event_id or '-'}): {fault.what}")
        whole = "whole" if not count else f"{count} faults"
        print(f"{Event.objects.count()} entries in {Chain.objects.count()} chains: {whole}")
        return 1 if count else 0
