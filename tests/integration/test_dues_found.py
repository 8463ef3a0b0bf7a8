"""The dues of a day are found, kept under that day, and turn the gaps of the latest day."""

from datetime import date

import pytest

from tests.support.people import named
from tests.support.rows import AT
from tests.support.small_county import COUNTY, ON, STROKE, VILLAGES, SmallCounty
from yingjin.basics.access import Robot
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.gaps.domain.words import closed_by
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import Due, Finding, Gap, GapEvent
from yingjin.insight.actions import find_dues
from yingjin.insight.models import DueTally, Summary, Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    """One person with nothing lacking in each village."""
    county = SmallCounty()
    for number, village in enumerate(VILLAGES):
        county.person(f"全{number}", village)
    return county


def statuses(due: str, on: date = ON) -> dict[str, str]:
    rows = Due.objects.filter(finding__on=on, due=due).values_list("person__name", "status")
    return dict(rows)


def test_every_due_of_the_base_is_kept_with_its_status(county):
    county.person("缺保", enrolled=False)
    county.person("缺签", contracted=False)
    county.person("不在册", category=None, enrolled=False, contracted=False)
    away = county.person("外出", contracted=False)
    county.change(away, "left", date(2025, 2, 1))
    county.hold()
    tally = county.find()
    assert tally.persons == 7 and Finding.objects.get().base_persons == 7
    assert tally.dues["insured"] == {"done": 6, "open": 1, "unknown": 0, "excepted": 0}
    assert tally.dues["contracted"] == {"done": 5, "open": 1, "unknown": 0, "excepted": 1}
    assert statuses("insured")["缺保"] == "open"
    assert statuses("contracted")["外出"] == "excepted"
    assert "不在册" not in statuses("insured")


def test_the_dead_are_never_in_the_base(county):
    dead = county.person("去世", enrolled=False)
    county.change(dead, "died", date(2025, 6, 1))
    county.hold()
    county.find()
    assert "去世" not in statuses("insured")
    county.find(date(2025, 5, 31))
    assert statuses("insured", date(2025, 5, 31))["去世"] == "open"


def test_a_treatment_or_a_stay_for_the_disease_closes_the_due(county):
    treated, stayed, neither = (county.person(name) for name in ("治过", "住过", "没治"))
    for person in (treated, stayed, neither):
        county.ill(person, STROKE)
    county.treat(treated, STROKE, date(2025, 6, 1))
    county.stay(stayed, "S1", date(2025, 6, 2), icd=STROKE)
    county.hold()
    county.find()
    assert statuses("treated") == {"治过": "done", "住过": "done", "没治": "open"}
    due = Due.objects.get(due="treated", person__in=named("住过"))
    assert due.facts["by_stay"] is True and due.facts["last_on"] == "2025-06-02"


def test_a_stay_is_covered_only_when_every_payer_paid_what_was_worked_out(county):
    short, whole = county.person("少付"), county.person("付足")
    # 20,000.00 at level 2 of a registered poor person: basic (20,000 − 200) × 80 % = 15,840.00.
    county.stay(short, "S1", date(2025, 5, 20), reported_basic_fen=1_583_999)
    county.stay(
        whole, "S2", date(2025, 5, 20), reported_basic_fen=2_000_000, reported_critical_illness_fen=500_000
    )
    county.hold()
    county.find()
    due = Due.objects.get(due="covered", person__in=named("少付"))
    paid = {payer: computed - reported for payer, computed, reported in due.facts["paid"]}
    assert due.shortfall_fen == sum(fen for fen in paid.values() if fen > 0) > 0
    assert (due.status, due.subject) == ("open", "S1")
    assert statuses("covered")["付足"] == "done"


def test_a_held_or_cancelled_bill_opens_no_due(county):
    person = county.person("暂挂")
    county.stay(person, "S1", date(2025, 5, 20), state="held_not_enrolled")
    county.stay(person, "S2", date(2025, 5, 21), state="cancelled")
    county.hold()
    county.find()
    assert not Due.objects.filter(due="covered").exists()


def test_evidence_of_an_unlinked_person_makes_a_due_unknown(county):
    person = county.person("同号", enrolled=False)
    other = county.person("同号甲", category=None)
    county.hold()
    county.unlinked(other, person)
    county.find()
    due = Due.objects.get(due="insured", person=person)
    assert (due.status, due.reason, due.owner_role) == ("unknown", "confirm_identity", "village_doctor")
    gap = Gap.objects.get(person=person, due="insured")
    assert gap.open and gap.unknown


def test_an_untreated_condition_of_an_unlinked_person_outside_the_base_is_to_be_confirmed(county):
    person, other = county.person("同号"), county.person("同号甲", category=None)
    also, poor = county.person("同名"), county.person("同名乙")
    county.ill(other, STROKE)
    county.ill(poor, STROKE)
    county.hold()
    county.unlinked(other, person)
    county.unlinked(poor, also)
    county.find()
    # What stands under somebody of the base is that one's own due and looked for once.
    found = {
        name: (due.status, due.reason)
        for due in Due.objects.filter(due="treated").select_related("person")
        for name in [due.person.name]
    }
    assert found == {"同号": ("unknown", "confirm_condition"), "同名乙": ("open", "never_treated")}


def test_finding_the_same_again_writes_nothing(county):
    county.person("缺保", enrolled=False)
    county.hold()
    county.find()
    kept = Finding.objects.get()
    audited = AuditEvent.objects.count()
    again = county.find()
    assert not again.changed and again.gaps == {}
    assert Finding.objects.get().pk == kept.pk
    assert AuditEvent.objects.count() == audited
    assert GapEvent.objects.count() == Gap.objects.count() == 1


def test_evidence_closes_a_gap_and_its_loss_reopens_it(county):
    person = county.person("缺保", enrolled=False)
    county.hold()
    county.find()
    gap = Gap.objects.get(person=person)
    assert (gap.open, gap.opened_on, gap.reason) == (True, ON, "not_enrolled")
    assert gap.deadline == date(2025, 3, 2)
    county.enrol(person, 2025)
    county.hold()
    county.find()
    gap.refresh_from_db()
    assert (gap.open, gap.closed_on) == (False, ON)
    assert closed_by(gap.closed_by_evidence, gap.due, due_rules()) == "有 2025 年参保记录"
    county.drafts["enrolment"].pop()
    county.hold()
    county.find()
    gap.refresh_from_db()
    assert (gap.open, gap.closed_on, gap.closed_by_evidence) == (True, None, "")
    assert [event.what for event in gap.events.order_by("pk")] == ["opened", "closed", "reopened"]
    assert Gap.objects.count() == 1


def test_a_day_before_the_latest_is_kept_and_turns_no_gap(county):
    person = county.person("缺签", contracted=False)
    county.hold()
    county.find()
    before = list(Gap.objects.values())
    earlier = date(2025, 6, 30)
    tally = county.find(earlier)
    assert tally.changed and not tally.latest and tally.gaps == {}
    assert statuses("contracted", earlier)["缺签"] == "open"
    assert list(Gap.objects.values()) == before
    assert Finding.objects.count() == 2
    assert Gap.objects.get(person=person).opened_on == ON


def test_a_later_day_closes_and_opens_by_its_own_facts(county):
    person = county.person("要到期")
    county.hold()
    county.find()
    assert not Gap.objects.filter(person=person).exists()
    tally = county.find(date(2026, 2, 1))
    # A new year: nobody is enrolled yet, and every contract ended with the year.
    assert tally.gaps == {"opened": 10}
    gap = Gap.objects.get(person=person, due="contracted")
    assert (gap.opened_on, gap.reason, gap.deadline) == (
        date(2026, 2, 1),
        "contract_ended",
        date(2026, 1, 31),
    )


def test_a_gap_of_somebody_who_died_or_left_the_base_is_closed(county):
    dead, out = county.person("去世", enrolled=False), county.person("退出", enrolled=False)
    county.hold()
    county.find()
    county.change(dead, "died", date(2026, 1, 5))
    for draft in county.drafts["category"]:
        if draft["person_id"] == out:
            draft["valid_to"] = date(2026, 1, 1)
    county.hold()
    county.find(date(2026, 1, 10))
    closed = Gap.objects.filter(person__in=(dead, out), due="insured")
    assert {gap.open for gap in closed} == {False}
    assert all("不在应享名单" in closed_by(gap.closed_by_evidence, gap.due, due_rules()) for gap in closed)


def test_a_gap_follows_its_person_to_another_village(county):
    person = county.person("搬家", enrolled=False)
    county.hold()
    county.find()
    county.people[person] = county.people[person].__class__(
        **{
            **{name: getattr(county.people[person], name) for name in county.people[person].__slots__},
            "region_code": VILLAGES[2],
        }
    )
    county.hold()
    county.find()
    assert Gap.objects.get(person=person).region_code == VILLAGES[2]
    assert GapEvent.objects.count() == 1


def test_a_finding_found_anew_takes_the_place_of_the_day_before(county):
    county.hold()
    county.find()
    county.person("新来", enrolled=False)
    county.hold()
    tally = county.find()
    assert tally.changed
    assert Finding.objects.count() == 1 and Summary.objects.count() == 1
    assert Due.objects.filter(finding__on=ON, due="insured").count() == 5
    assert (
        DueTally.objects.filter(audience="all", region_code=COUNTY, due="insured", status="open").get().count
        == 1
    )


def test_only_the_main_job_finds_dues(county):
    class Doctor:
        username, role = "村医", "village_doctor"

    with pytest.raises(NotAllowed):
        find_dues(on=ON, region_code=COUNTY, by=Doctor(), at=AT)
    assert Robot().role == "robot" and not Tally.objects.exists()
