"""Two sendings at once under one key do a thing once; the second gets the first one's answer.

In a process of its own on a database of its own: what threads commit could not be taken out of the shared one.
"""

PROGRAM = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import django; django.setup()
from django.db import connection
from tests.support.calling import caller
from tests.support.small_county import VILLAGES, SmallCounty
from yingjin.basics.work import Job
from yingjin.gaps.models import GapWorkEvent

county = SmallCounty()
for number in range(6):
    county.person(f"甲{number}", VILLAGES[0], enrolled=False)
county.hold()
county.find()
one = caller()

def at_once(*acts):
    ready = Barrier(len(acts))
    def do(act):
        try:
            ready.wait(timeout=30)
            answer = act()
            return answer.status_code, answer.json().get("code", ""), "Idempotent-Replayed" in answer
        finally:
            connection.close()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))

def note(gap, words, key, version):
    return lambda: one.post(f"/gaps/{gap}/notes", {"note": words}, key=key, If_Match=version)

same, other = [], []
for number, gap in enumerate(each["gap_id"] for each in one.get("/gaps?due=insured").json()["items"]):
    version = one.get(f"/gaps/{gap}")["ETag"]
    same.append(at_once(*[note(gap, "一次", f"same-{number:05}", version)] * 3))
    version = one.get(f"/gaps/{gap}")["ETag"]
    other.append(at_once(*[note(gap, f"第 {each} 句", f"other-{number}-{each}", version) for each in range(2)]))
print(json.dumps({"same": same, "other": other, "notes": GapWorkEvent.objects.filter(what="noted").count()}))
"""


def test_a_thing_sent_many_times_at_once_is_done_once(place):
    migrated = place.do("add-client", "别的系统", "--role", "county_officer", "--region", "520527")
    assert "client_id" in migrated
    said = place.told(PROGRAM)
    assert len(said["same"]) == 6
    for answers in said["same"]:
        assert [status for status, _, _ in answers] == [200] * 3
        assert sorted(again for _, _, again in answers) == [False, True, True]
    for answers in said["other"]:
        assert sorted((status, code) for status, code, _ in answers) in (
            [(200, ""), (412, "gap_changed")], [(200, ""), (412, "version_passed")],
        )  # fmt: skip
    assert said["notes"] == 12
