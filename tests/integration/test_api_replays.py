"""The versions of a person-year are read with what each changed, and nothing of a bill the caller may not see."""

import pytest

from tests.support.brought_in import brought_in
from tests.support.calling import caller
from tests.support.known_county import HEAD, ILL
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from yingjin.basics.access import AUDITOR, CIVIL_AFFAIRS_OFFICER, VILLAGE_DOCTOR
from yingjin.basics.models import AuditEvent
from yingjin.settlement.models import Replay, SettledBill

pytestmark = pytest.mark.django_db
YEAR = 2025
SUMS = ("in_scope_fen", "deductible_fen", "basic_fen", "critical_illness_fen", "assistance_fen", "own_fen")


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


def worked_out_again(person, *, moved: str, fen: int, gone: str = "") -> Replay:
    """Keep a next version of a year in which a bill's assistance is less and the patient pays that."""
    before = Replay.objects.get(person=person, year=YEAR, latest=True)
    lines = list(SettledBill.objects.filter(replay=before).select_related("bill"))
    Replay.objects.filter(pk=before.pk).update(latest=False)
    after = Replay.objects.create(
        person=person, region_code=before.region_code, year=YEAR, version=before.version + 1, latest=True,
        digest="of a test", rulebook_version=before.rulebook_version, incomplete=False,
        replayed_at=before.replayed_at, replayed_by="robot",
    )  # fmt: skip
    for line in lines:
        if line.bill.bill_id == gone:
            continue
        line.pk, line.replay = None, after
        if line.bill.bill_id == moved:
            line.own_fen, line.basic_fen = line.own_fen + fen, line.basic_fen - fen
        line.save()
    return after


def test_each_version_says_what_every_bill_was_due_and_by_how_much_that_differs(county):
    person = county.person(HEAD)
    worked_out_again(person, moved="S-HEAD-2", fen=700)
    bills = {
        line.bill.bill_id for line in SettledBill.objects.filter(replay__person=person, replay__year=YEAR)
    }
    gone = sorted(bills - {"S-HEAD-2"})[0] if len(bills) > 1 else ""
    if gone:
        worked_out_again(person, moved="", fen=0, gone=gone)
    officer = caller()
    answer = officer.get(f"/persons/{person.key}/years/{YEAR}/replays")
    assert answer.status_code == 200, answer.content
    items = answer.json()["items"]
    assert [each["version"] for each in items] == list(range(1, len(items) + 1))
    assert [each["latest"] for each in items] == [False] * (len(items) - 1) + [True]
    first, second = items[:2]
    assert all(bill["due"] == bill["delta"] for bill in first["bills"]), "before the first there was nothing"
    [moved] = [bill for bill in second["bills"] if any(bill["delta"].values())]
    assert moved["bill_id"] == "S-HEAD-2"
    assert moved["delta"] == dict.fromkeys(SUMS, 0) | {"basic_fen": -700, "own_fen": 700} == second["delta"]
    for each in items:
        assert each["delta"] == {name: sum(bill["delta"][name] for bill in each["bills"]) for name in SUMS}
    if gone:
        [left] = [bill for bill in items[2]["bills"] if any(bill["delta"].values())]
        assert (
            left["bill_id"] == gone and not any(left["due"].values()) and left["delta"]["in_scope_fen"] <= 0
        )
    assert AuditEvent.objects.latest("number").what == "replays_opened"


def test_a_hidden_bill_is_in_no_line_no_sum_and_no_number(county):
    person = county.person(ILL)
    address = f"/persons/{person.key}/years/{YEAR}/replays"
    before = caller(AUDITOR).get(address)
    worked_out_again(person, moved="S-ILL-2", fen=100)
    everything, plain = caller().get(address).json()["items"], caller(AUDITOR).get(address)
    assert "S-ILL-2" in {bill["bill_id"] for each in everything for bill in each["bills"]}
    assert len(everything) == 2
    assert plain.status_code == before.status_code and plain.content == before.content, (
        "what changed in a hidden bill alone changes nothing that is told"
    )
    if plain.status_code == 200:
        seen = {bill["bill_id"] for each in plain.json()["items"] for bill in each["bills"]}
        assert "S-ILL-2" not in seen and plain.json()["items"][-1]["latest"]


def test_who_may_not_read_them_is_told_nothing(county):
    address = f"/persons/{county.person(HEAD).key}/years"
    refused = caller(CIVIL_AFFAIRS_OFFICER).get(f"{address}/{YEAR}/replays", "en")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    elsewhere = OTHER_VILLAGE if county.person(HEAD).region_code.startswith(VILLAGE) else VILLAGE
    for one in (caller(VILLAGE_DOCTOR, elsewhere), caller(place="520526")):
        assert one.get(f"{address}/{YEAR}/replays").json()["code"] == "not_found"
    assert caller().get(f"{address}/2019/replays").status_code == 404, "a year without a bill"
    assert caller().get(f"{address}/1800/replays").status_code == 422
