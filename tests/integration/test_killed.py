"""The main job killed at any point, run again, ends as if nothing had happened."""

import json
import random
import shutil
import subprocess
import sys
import time

import pytest

from tests.support.database import ON_POSTGRES
from tests.support.places import CHECKOUT

POINTS = 10 if ON_POSTGRES else 20
KILLS_A_PLACE = 5  # so that resumed runs are killed too
PEOPLE = 1_000
ATTEMPTS_MAX = POINTS * 4


@pytest.fixture(scope="module")
def county(new_place):
    """A small county's registers, and what a run over them that nobody disturbs leaves behind."""
    place = new_place()
    place.do("make-county", place.inputs / "county", "--people", PEOPLE, "--seed", 7)
    begun = time.monotonic()
    place.do("run-county", place.inputs / "county" / "registers")
    seconds = time.monotonic() - begun
    return place.inputs / "county" / "registers", seconds, dump(place)


def dump(place) -> dict[str, list[object]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.dump"],
        cwd=CHECKOUT,
        env=place.environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


def test_a_run_killed_at_random_points_and_run_again_loses_and_doubles_nothing(county, new_place):
    registers, seconds, undisturbed = county
    chance = random.Random(20251231)
    killed = attempts = 0
    while killed < POINTS:
        place = new_place()
        folder = place.inputs / "registers"
        shutil.copytree(registers, folder)
        here = 0
        while here < KILLS_A_PLACE and killed < POINTS:
            attempts += 1
            assert attempts <= ATTEMPTS_MAX, (
                f"only {killed} of {attempts} runs could be killed before their end"
            )
            running = place.start("run-county", folder)
            try:
                running.wait(timeout=chance.uniform(0.2, seconds))
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
                killed += 1
                here += 1
            else:
                assert running.returncode in (0, 2)
                break
        done = place.run("run-county", folder)
        assert done.returncode in (0, 2), done.stderr
        assert dump(place) == undisturbed


def test_a_second_run_over_the_same_files_changes_nothing(county, new_place):
    registers, _, undisturbed = county
    place = new_place()
    for _ in range(2):
        assert place.run("run-county", registers).returncode in (0, 2)
        assert dump(place) == undisturbed
