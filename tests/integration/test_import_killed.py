"""A worker killed at random moments of landing and undoing, started again, ends as if nothing had happened."""

import random
import subprocess
import sys
import time

import pytest

from tests.support.database import ON_POSTGRES
from tests.support.places import CHECKOUT, Place, dump_of

SEED = random.SystemRandom().randrange(10**6)
KILLS = 2 if ON_POSTGRES else 3  # workers for each of landing and undoing, the last undisturbed
PEOPLE = 1_000


@pytest.fixture(scope="module")
def files(new_place):
    """A small county's registers, and later files of it: fewer enrolled, and a facility more."""
    place = new_place()
    place.do("make-county", place.inputs / "county", "--people", PEOPLE, "--seed", 7)
    registers = place.inputs / "county" / "registers"
    enrolled = (registers / "参保_2025.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    later = place.inputs / "参保_2025.csv"
    later.write_text("".join([enrolled[0], *enrolled[12:]]), encoding="utf-8")
    return registers, [later]


def asked(place: Place, what: str, *words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.import_here", what, *map(str, words)],
        cwd=CHECKOUT, env=place.environment, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def worked(place: Place, *, kills: list[float]) -> float:
    """Let workers of the lane do what waits, each but the last killed at its moment; return how long the last took."""
    for moment in kills:
        worker = place.start("work", "--lane", "county", "--until-empty")
        time.sleep(moment)
        worker.kill()
        worker.wait()
    begun = time.monotonic()
    place.do("work", "--lane", "county", "--until-empty")
    return time.monotonic() - begun


def after(place: Place, registers, later, chance: random.Random | None, seconds: list[float]) -> list[dict]:
    """Land an import and undo it; return the dump after each. `seconds` says how long each takes undisturbed."""
    place.do("run-county", registers)
    dumps = []
    key = asked(place, "upload", *later)
    worked(place, kills=[])
    for number, what in enumerate(("land", "undo")):
        asked(place, what, key)
        kills = [chance.uniform(0.3, seconds[number]) for _ in range(KILLS - 1)] if chance else []
        took = worked(place, kills=kills)
        if chance is None:
            seconds.append(took)
        dumps.append(dump_of(place))
    return dumps


def test_a_worker_killed_while_landing_and_undoing_leaves_nothing_half_done(files, new_place):
    print(f"seed {SEED}")
    registers, later = files
    seconds: list[float] = []
    undisturbed = after(new_place(), registers, later, None, seconds)
    assert undisturbed[0] != undisturbed[1], "the import changes something, and its undoing changes it back"
    assert after(new_place(), registers, later, random.Random(SEED), seconds) == undisturbed
