"""kill -9 at 50 random moments of landing, undoing, export and replay, of the worker and of the whole server.

After each kill the work is taken up by the next worker or the next run, and the database is as one nobody disturbed.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from drill.places import DATABASES, database, folder_for, place_in
from drill.table import Outcome, count
from tests.integration.test_import_killed import asked
from tests.support.killed_runs import killed_runs
from tests.support.places import CHECKOUT, Place, dump_of
from tests.support.postgres import Cluster

KILLS = 50
PEOPLE = 2_000
FOREVER = 600.0
STEPS = ("land", "undo", "export", "replay")
Kill = Callable[[Place, float], None]


def run(seed: int, share: float) -> list[Outcome]:
    """Kill on both databases, half of the moments on each."""
    outcomes = []
    for kind in DATABASES:
        with folder_for("kills") as folder, database(kind) as cluster:
            outcomes += _on(folder, cluster, kind, Random(seed), count(KILLS // len(DATABASES), share))
    return outcomes


def _on(folder: Path, cluster: Cluster | None, kind: str, chance: Random, kills: int) -> list[Outcome]:
    place = place_in(folder, "undisturbed", cluster)
    place.do("make-county", place.inputs / "county", "--people", PEOPLE, "--seed", 7)
    registers = place.inputs / "county" / "registers"
    (whole,) = killed_runs(place, registers, [FOREVER])
    before = dump_of(place)
    later = later_file(registers, place.inputs)
    key = asked(place, "upload", later)
    worked(place)
    seconds, dumps = undisturbed(place, STEPS, key)
    dumps["run"] = before
    shares = {"run": (kills + 2) // 3, "worker": (kills + 1) // 3, "server": kills // 3}
    disturbed = place_in(folder, "disturbed", cluster)
    wrong = _runs_killed(disturbed, registers, whole.seconds, shares["run"], chance, before)
    outcomes = [Outcome("kills of run-county", shares["run"], tuple(wrong), _control(dumps), kind)]
    for name, kill in (("worker", kill_worker), ("server", kill_server)):
        places = (place_in(folder, f"{name}-{number}", cluster) for number in range(shares[name]))
        wrong = steps_killed(places, (registers, later), seconds, dumps, shares[name], chance, kill)
        outcomes.append(Outcome(f"kills of the {name}", shares[name], tuple(wrong), _control(dumps), kind))
    return outcomes


def undisturbed(
    place: Place, steps: tuple[str, ...], key: str
) -> tuple[dict[str, float], dict[str, dict[str, list[object]]]]:
    """Do each step once with nobody in the way; return how long each took and what the database held then."""
    seconds, dumps = {}, {}
    for step in steps:
        _ask(place, step, key)
        seconds[step] = worked(place)
        dumps[step] = dump_of(place)
    return seconds, dumps


def _control(dumps: dict[str, dict[str, list[object]]]) -> str:
    """Say what shows that a half-done step would be seen: a landed import makes another database."""
    return (
        "landing and undoing change the database"
        if dumps["land"] != dumps["run"]
        else "NONE: nothing changes"
    )


def later_file(registers: Path, inputs: Path) -> Path:
    """Write the enrolments of the last year without a few, for an import."""
    lines = (registers / "参保_2025.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    target = inputs / "参保_2025.csv"
    target.write_text("".join([lines[0], *lines[12:]]), encoding="utf-8")
    return target


def _runs_killed(
    place: Place, registers: Path, seconds: float, kills: int, chance: Random, whole: dict[str, list[object]]
) -> list[str]:
    moments = [chance.uniform(0.02, seconds) for _ in range(kills)]
    runs = killed_runs(place, registers, [*moments, FOREVER])
    wrong = [] if runs[-1].status == 0 else [f"the run after the kills ended with {runs[-1].status}"]
    return wrong + _differs(dump_of(place), whole, f"run-county killed after {moments}")


def steps_killed(
    places: Iterator[Place], files: tuple[Path, Path], seconds: dict[str, float],
    dumps: dict[str, dict[str, list[object]]], kills: int, chance: Random, kill: Kill,
) -> list[str]:  # fmt: skip
    """Kill once in each step of a place of its own until all are done: landing the same twice is another history."""
    wrong: list[str] = []
    while kills > 0:
        place = next(places)
        place.do("run-county", files[0])
        key = asked(place, "upload", files[1])
        worked(place)
        for step in seconds:
            job = _ask(place, step, key)
            if kills > 0:
                kill(place, chance.uniform(0.2, max(0.4, seconds[step])))
                kills -= 1
            worked(place)
            wrong += _differs(dump_of(place), dumps[step], f"killed in {step}")
            if job and (state := json.loads(_here(place, "ended", job)))["state"] != "done":
                wrong.append(f"{step} ended {state}")
    return wrong


def _differs(found: dict[str, list[object]], wanted: dict[str, list[object]], where: str) -> list[str]:
    return [f"{where}: {table} differs" for table in wanted if found.get(table) != wanted[table]]


def _ask(place: Place, step: str, key: str) -> str:
    """Ask for a step; return the job's key where it is not the import's own."""
    if step in ("land", "undo"):
        asked(place, step, key)
        return ""
    return _here(place, step)


def _here(place: Place, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "drill.ask_here", *words],
        cwd=CHECKOUT, env=place.environment, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def worked(place: Place) -> float:
    """Let workers of both lanes do what waits; return how long that took."""
    begun = time.monotonic()
    for lane in ("county", "desk"):
        place.do("work", "--lane", lane, "--until-empty")
    return time.monotonic() - begun


def kill_worker(place: Place, moment: float) -> None:
    workers = [place.start("work", "--lane", lane, "--until-empty") for lane in ("county", "desk")]
    time.sleep(moment)
    for worker in workers:
        worker.kill()
        worker.wait()


def kill_server(place: Place, moment: float) -> None:
    """Kill a server, which takes its workers with it."""
    place.serve()
    time.sleep(moment)
    for server in place.servers:
        server.kill()
        server.wait()
    place.servers.clear()
    time.sleep(1.5)  # its workers end when they find themselves alone
