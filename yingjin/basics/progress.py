"""One progress bar for every long job."""

import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

Thing = TypeVar("Thing")
SECONDS_BETWEEN_LINES = 10.0


def track(things: Iterable[Thing], label: str, total: int | None = None) -> Iterator[Thing]:
    """Yield each thing, showing count and time left: a bar on a terminal, else a line now and then on stderr."""
    if total is None and isinstance(things, Sized):
        total = len(things)
    if sys.stderr.isatty():
        yield from _bar(things, label, total)
    else:
        yield from _lines(things, label, total)


def _bar(things: Iterable[Thing], label: str, total: int | None) -> Iterator[Thing]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(things, total=total, description=label)


def _lines(things: Iterable[Thing], label: str, total: int | None) -> Iterator[Thing]:
    said_at = time.monotonic()
    for number, thing in enumerate(things, 1):
        yield thing
        if time.monotonic() - said_at > SECONDS_BETWEEN_LINES:
            said_at = time.monotonic()
            print(f"{label} {number:,}{f' / {total:,}' if total else ''}", file=sys.stderr, flush=True)
