"""`wuzha migrate`: bring the database up to this version."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Apply the migrations that are missing."""
    from wuzha.commands import centre

    with centre():
        print("The database is up to date.")
    return 0
