"""A worker and a whole server killed in an export and in a replay: the next worker ends them as if nothing had happened.

The hundredth of `make drill` for these two; landing and undoing are in test_import_killed.py, the main job in
test_killed.py.
"""

import random

from drill.kills import kill_server, kill_worker, later_file, steps_killed, undisturbed, worked
from tests.integration.test_import_killed import asked

SEED = random.SystemRandom().randrange(10**6)
STEPS = ("export", "replay")
PEOPLE = 1_000


def test_a_worker_and_a_server_killed_in_an_export_and_a_replay_leave_nothing_half_done(new_place):
    print(f"seed {SEED}")
    chance, place = random.Random(SEED), new_place()
    place.do("make-county", place.inputs / "county", "--people", PEOPLE, "--seed", 7)
    registers = place.inputs / "county" / "registers"
    later = later_file(registers, place.inputs)
    place.do("run-county", registers)
    key = asked(place, "upload", later)
    worked(place)
    seconds, dumps = undisturbed(place, STEPS, key)
    for kill in (kill_worker, kill_server):
        wrong = steps_killed(
            iter([new_place()]), (registers, later), seconds, dumps, len(STEPS), chance, kill
        )
        assert wrong == [], kill.__name__
