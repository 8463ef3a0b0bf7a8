"""Two people at once: the second is told, no change is lost, and no letter has another's number.

In a process of its own on a database of its own: what threads commit could not be taken out of the shared one, whose
audit table forgets nothing.
"""

import json
import subprocess
import sys

import pytest

from tests.support.places import CHECKOUT

PROGRAM = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
import django; django.setup()
from django.db import connection
from tests.support.rows import AT
from tests.support.small_county import VILLAGES, SmallCounty, reader
from yingjin.basics.access import COUNTY_OFFICER, INSURANCE_OFFICER
from yingjin.basics.errors import YingjinError
from yingjin.gaps.actions import AgreedDay, Assignee, work_on_gaps, write_letter
from yingjin.gaps.actions.acting import day_of
from yingjin.gaps.models import Gap, GapLetter, GapWork, GapWorkEvent

county = SmallCounty()
for number in range(8):
    county.person(f"甲{number}", VILLAGES[0], enrolled=False)
county.hold()
county.find()
one, other = reader(COUNTY_OFFICER), reader(INSURANCE_OFFICER)

def at_once(*acts):
    ready = Barrier(len(acts))
    def do(act):
        try:
            ready.wait(timeout=30)
            return act()
        except YingjinError as refused:
            return refused.code
        finally:
            connection.close()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))

def assign(gap):
    return str(work_on_gaps(gaps=[gap], assign=Assignee(role="township_officer"), note="先派", seen=0, by=one, at=AT).key)

def agree(gap):
    return str(work_on_gaps(gaps=[gap], due_on=AgreedDay(day_of(AT)), seen=0, by=other, at=AT).key)

def write(gap):
    letter = write_letter(lines={gap: {"what": "没有参保"}}, department="civil_affairs", reason="请核实",
                          reply_by=day_of(AT) + timedelta(days=5), by=one, at=AT)
    return letter.number

said = []
for gap in Gap.objects.order_by("pk").values_list("pk", flat=True):
    done = at_once(lambda: assign(gap), lambda: agree(gap))
    work = GapWork.objects.get(pk=gap)
    said.append({
        "done": done, "role": work.role, "due_on": str(work.due_on or ""),
        "acts": [str(key) for key in GapWorkEvent.objects.filter(gap=gap).values_list("act", flat=True).distinct()],
    })
letters = at_once(*[lambda: write(gap)] * 4)
print(json.dumps({"said": said, "letters": letters, "kept": GapLetter.objects.count()}))
"""


@pytest.fixture(scope="module")
def seen(new_place) -> dict:
    place = new_place()
    place.do("migrate")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**place.environment, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_two_officers_who_save_the_same_gap_one_is_told_and_nothing_is_lost(seen):
    assert len(seen["said"]) == 8
    for gap in seen["said"]:
        refused = [each for each in gap["done"] if each == "gap_changed"]
        kept = [each for each in gap["done"] if each != "gap_changed"]
        assert len(refused) == 1 and gap["acts"] == kept
        assert bool(gap["role"]) != bool(gap["due_on"])


def test_letters_written_at_once_have_numbers_of_their_own(seen):
    assert sorted(seen["letters"]) == [1, 2, 3, 4]
    assert seen["kept"] == 4
