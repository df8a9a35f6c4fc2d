"""`wuzha migrate`: bring the database up to this version."""

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Apply the migrations that are missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuzha.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print("The database is up to date.")
    return 0
