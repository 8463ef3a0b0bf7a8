"""Run the main job again and again, each killed at its moment: `python -m tests.support.killed_runs FOLDER SECONDS…`

Every run is a process of its own, forked from one that has loaded the program, so that a moment falls into the work
and not into starting Python. Prints one JSON list: for each run how long it went, and its status when it ended by
itself, which ends the list.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.support.places import CHECKOUT, Place
from yingjin.jobs import cli, setup


class Run(NamedTuple):
    """One run: after how many seconds it was killed, or ended by itself with a status."""

    seconds: float
    status: int | None


def killed_runs(place: Place, folder: Path, moments: list[float]) -> list[Run]:
    """Run the main job in a place once for each moment and kill it then; stop after one that ended before."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_runs", folder, *map(str, moments)],
        cwd=CHECKOUT,
        env=place.environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return [Run(*each) for each in json.loads(done.stdout)]


def run_until(folder: str, moment: float) -> Run:
    """Fork a run and kill it at its moment, as nothing but the system can be stopped."""
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        _become_a_run(folder)
    while time.monotonic() - begun < moment:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return Run(time.monotonic() - begun, os.waitstatus_to_exitcode(status))
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    ended_just_before = not os.WIFSIGNALED(status)
    return Run(time.monotonic() - begun, os.waitstatus_to_exitcode(status) if ended_just_before else None)


def _become_a_run(folder: str) -> None:
    status = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        status = cli.main(["run-county", folder])
    finally:
        os._exit(status)


def main(folder: str, moments: list[float]) -> list[Run]:
    """Do the runs one after the other."""
    setup.django()
    import yingjin.jobs.run_county.closing  # noqa: F401 (loaded once for all)

    runs: list[Run] = []
    for moment in moments:
        runs.append(run_until(folder, moment))
        if runs[-1].status is not None:
            break
    return runs


if __name__ == "__main__":
    json.dump(main(sys.argv[1], [float(each) for each in sys.argv[2:]]), sys.stdout)
