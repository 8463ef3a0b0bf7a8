"""`yingjin migrate`: bring the tables up to date, with the account that owns them; serving does it with less rights."""

import argparse

from yingjin.jobs import setup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(args: argparse.Namespace) -> int:
    """Bring tables and policies up to date and say how many steps that took; return 0."""
    setup.django()
    steps = len(setup.waiting())
    setup.migrate()
    print(f"表结构是最新的（做了 {steps} 步）。  The tables are up to date ({steps} steps).")
    return 0
