"""The main job killed at any point, run again, ends as if nothing had happened."""

import random
import shutil

import pytest

from tests.support.database import ON_POSTGRES
from tests.support.killed_runs import killed_runs
from tests.support.places import dump_of

POINTS = 10 if ON_POSTGRES else 20
KILLS_A_PLACE = 5  # so that resumed runs are killed too
PEOPLE = 1_000
FOREVER = 600.0
PLACES_MAX = POINTS  # one kill each at the least


@pytest.fixture(scope="module")
def county(new_place):
    """A small county's registers, how long a run over them takes, and what it leaves when nobody disturbs it."""
    place = new_place()
    place.do("make-county", place.inputs / "county", "--people", PEOPLE, "--seed", 7)
    registers = place.inputs / "county" / "registers"
    (run,) = killed_runs(place, registers, [FOREVER])
    assert run.status == 0
    return registers, run.seconds, dump_of(place)


def test_a_run_killed_at_random_points_and_run_again_loses_and_doubles_nothing(county, new_place):
    registers, seconds, undisturbed = county
    chance = random.Random(20251231)
    killed: list[float] = []
    for _ in range(PLACES_MAX):
        place = new_place()
        folder = place.inputs / "registers"
        shutil.copytree(registers, folder)
        wanted = min(KILLS_A_PLACE, POINTS - len(killed))
        moments = [chance.uniform(0.02, seconds) for _ in range(wanted)]
        *before, last = killed_runs(place, folder, [*moments, FOREVER])
        assert last.status == 0 and all(run.status is None for run in before)
        killed += [run.seconds for run in before]
        assert dump_of(place) == undisturbed, f"killed after {[run.seconds for run in before]} s"
        if len(killed) == POINTS:
            break
    assert len(killed) == POINTS
    # Early, in the midst and late: else the points would all lie in one stage.
    assert {int(3 * moment / seconds) for moment in killed} >= {0, 1}


def test_a_second_run_over_the_same_files_changes_nothing(county, new_place):
    registers, _, undisturbed = county
    place = new_place()
    for _ in range(2):
        (run,) = killed_runs(place, registers, [FOREVER])
        assert run.status == 0
        assert dump_of(place) == undisturbed
