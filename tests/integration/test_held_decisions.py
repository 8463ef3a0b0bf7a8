"""A held bill is released or rejected by two people; its person's year is worked out again and later imports keep it."""

from datetime import date, timedelta
from unittest.mock import Mock

import pytest

from tests.support.rows import AT
from tests.support.small_county import SmallCounty, reader
from yingjin.basics.access import COUNTY_OFFICER, INSURANCE_OFFICER, VILLAGE_DOCTOR, Robot
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.basics.work.rows import Job
from yingjin.gaps.models import Due
from yingjin.settlement.actions import (
    bill_key,
    confirm_decision,
    decline_decision,
    hold_bills,
    propose_decision,
    withdraw_decision,
)
from yingjin.settlement.errors import DecisionGone, NoReason, NotHeld, SamePerson
from yingjin.settlement.models import Bill, HeldDecision, Replay, SettledBill

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
BILL = bill_key("S1")


@pytest.fixture
def county() -> SmallCounty:
    """One person whose stay is held for want of an enrolment."""
    county = SmallCounty()
    person = county.person("暂缓")
    county.stay(person, "S1", date(2025, 5, 20), state="held_not_enrolled")
    county.hold()
    county.find()
    return county


@pytest.fixture
def officer():
    return reader(COUNTY_OFFICER)


@pytest.fixture
def second():
    return reader(INSURANCE_OFFICER)


def state() -> str:
    return Bill.objects.get(pk=BILL).state


def proposed(by, verdict: str = "release") -> HeldDecision:
    return propose_decision(bill=BILL, verdict=verdict, reason="参保记录已补登", by=by, at=AT)


def test_a_second_person_releases_a_bill_and_it_counts(county, officer, second):
    decision = proposed(officer)
    assert state() == "held_not_enrolled", "one person alone changes nothing"
    confirm_decision(decision=decision.pk, by=second, at=LATER)
    assert state() == "counted"
    job = Job.objects.get(kind="replay_person")
    assert (job.about, job.facts) == (f"bill:{BILL}", {"person": str(Bill.objects.get(pk=BILL).person_id)})
    county.drafts["bill"][0]["state"] = "held_not_enrolled"
    county.hold()  # the same files again: the decision stands
    county.find()
    assert state() == "counted"
    assert not SettledBill.objects.get(bill=BILL, replay__latest=True).held
    assert Due.objects.get(due="covered").status == "open", "a counted stay that nobody paid is a gap"
    assert [event.what for event in AuditEvent.objects.filter(target=f"bill:{BILL}").order_by("pk")] == [
        "held_bill_proposed",
        "held_bill_confirmed",
    ]


def test_a_rejected_bill_stays_out_even_when_its_person_is_enrolled_later(county, officer, second):
    confirm_decision(decision=proposed(second, "reject").pk, by=officer, at=LATER)
    assert state() == "rejected"
    hold_bills([{**county.drafts["bill"][0], "state": "counted"}], by=Robot(), at=LATER)
    assert state() == "rejected"
    county.hold()
    assert not SettledBill.objects.filter(bill=BILL, replay__latest=True).exists()
    hold_bills([{**county.drafts["bill"][0], "state": "cancelled"}], by=Robot(), at=LATER)
    assert state() == "cancelled", "what the insurer cancelled is cancelled whatever was decided"


def test_nobody_confirms_or_declines_what_they_proposed_themselves(county, officer, second):
    decision = proposed(officer)
    for decide in (confirm_decision, decline_decision):
        with pytest.raises(SamePerson):
            decide(decision=decision.pk, by=officer, at=LATER)
    with pytest.raises(NotAllowed):
        confirm_decision(decision=decision.pk, by=reader(VILLAGE_DOCTOR), at=LATER)
    with pytest.raises(DecisionGone):
        withdraw_decision(decision=decision.pk, by=second, at=LATER)
    assert HeldDecision.objects.get().state == "proposed" and state() == "held_not_enrolled"


def test_a_proposal_is_taken_back_or_declined_and_another_may_follow(county, officer, second):
    withdraw_decision(decision=proposed(officer).pk, by=officer, at=LATER)
    declined = proposed(officer, "reject")
    with pytest.raises(NotHeld):
        proposed(second)
    decline_decision(decision=declined.pk, by=second, at=LATER)
    with pytest.raises(DecisionGone, match=second.username):
        confirm_decision(decision=declined.pk, by=second, at=LATER)
    confirm_decision(decision=proposed(second).pk, by=officer, at=LATER)
    assert state() == "counted"
    with pytest.raises(NotHeld):
        proposed(officer)


def test_a_decision_needs_a_reason_and_a_bill_that_is_held(county, officer):
    for reason in ("", " 好 ", "字" * 501):
        with pytest.raises(NoReason):
            propose_decision(bill=BILL, verdict="release", reason=reason, by=officer, at=AT)
    hold_bills([{**county.drafts["bill"][0], "state": "counted"}], by=Robot(), at=AT)
    with pytest.raises(NotHeld):
        proposed(officer)


def test_the_worker_replays_the_person_alone_and_finds_the_dues_again(
    county, officer, second, settings, tmp_path
):
    from yingjin.jobs.again import find_dues, replay_person

    settings.STORE = tmp_path
    other = county.person("别人")
    county.stay(other, "S2", date(2025, 6, 1))
    county.hold()
    county.find()
    versions = dict(Replay.objects.filter(latest=True).values_list("person_id", "version"))
    confirm_decision(decision=proposed(officer).pk, by=second, at=LATER)
    report = Mock()
    replay_person(Job.objects.get(kind="replay_person"), report)
    after = dict(Replay.objects.filter(latest=True).values_list("person_id", "version"))
    person = Bill.objects.get(pk=BILL).person_id
    assert after == {**versions, person: versions[person] + 1}
    assert [call.args[0] for call in report.call_args_list] == [1, 2]
    report.no_way_back.assert_called_once_with()  # before anything is written
    assert Due.objects.filter(due="covered", person=person, status="open").exists()
    find_dues(Job.objects.get(kind="replay_person"), Mock())
    assert dict(Replay.objects.filter(latest=True).values_list("person_id", "version")) == after
