"""A person's insurance year is replayed whole, and every outcome that differs is kept as the next version."""

from datetime import date

import pytest

from tests.support.rows import AT, bill_draft, somebody
from yingjin.basics.access import Robot
from yingjin.basics.models import AuditEvent
from yingjin.policy.domain.facts import CategoryHeld, PersonFacts
from yingjin.policy.rulebooks import load
from yingjin.settlement.actions import hold_bills, replay_years
from yingjin.settlement.models import Bill, Explanation, Replay, SettledBill
from yingjin.settlement.queries import last_discharge_day, replay_batches

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2025, 5, 20), date(2025, 6, 20)


def replay(incomplete=frozenset(), book=None, categories=()):
    def persons(keys):
        return {key: PersonFacts(str(key), date(1970, 5, 6), categories) for key in keys}

    *_, tally = replay_years(
        persons=persons, book=book or load("hezhang"), incomplete=incomplete, by=Robot(), at=AT
    )
    return tally


def hold(*drafts):
    hold_bills(drafts, by=Robot(), at=AT)


def paid(bill_id):
    return SettledBill.objects.get(bill__bill_id=bill_id, replay__latest=True)


def test_a_year_is_replayed_in_order_of_discharge_and_keeps_its_steps():
    person = somebody()
    hold(bill_draft("S2", person, JUNE), bill_draft("S1", person, MAY))
    tally = replay()
    assert (tally.person_years, tally.changed, tally.bills) == (1, 1, 2)
    assert [(row.bill.bill_id, row.position) for row in SettledBill.objects.order_by("position")] == [
        ("S1", 1),
        ("S2", 2),
    ]
    # 20,000.00 at level 2: (20,000 − 200) × 75 % = 14,850.00 leaves 5,150.00; 60 % of 150.00 is 90.00 (V01).
    first = paid("S1")
    assert (first.basic_fen, first.critical_illness_fen, first.own_fen) == (1_485_000, 9_000, 506_000)
    # The second stay's own 5,150.00 lies wholly above the year's 5,000.00: 60 % of it is 3,090.00 (P16).
    assert paid("S2").critical_illness_fen == 309_000
    assert Explanation.objects.count() == 2 and all(each.steps for each in Explanation.objects.all())


def test_a_second_replay_of_the_same_facts_writes_nothing():
    hold(bill_draft("S1", somebody(), MAY))
    replay()
    lines = AuditEvent.objects.count()
    assert replay().changed == 0
    assert Replay.objects.count() == 1 and AuditEvent.objects.count() == lines


def test_a_late_bill_gives_the_year_its_next_version_and_keeps_the_one_before():
    person = somebody()
    hold(bill_draft("S2", person, JUNE))
    replay()
    assert paid("S2").critical_illness_fen == 9_000
    hold(bill_draft("S2", person, JUNE), bill_draft("S1", person, MAY))
    replay()
    assert paid("S2").critical_illness_fen == 309_000
    assert list(Replay.objects.order_by("version").values_list("version", "latest")) == [
        (1, False),
        (2, True),
    ]
    assert SettledBill.objects.get(replay__version=1).critical_illness_fen == 9_000


def test_a_held_bill_is_worked_out_and_moves_nothing():
    person = somebody()
    hold(bill_draft("S1", person, MAY, state="held_dead"), bill_draft("S2", person, JUNE))
    assert replay().held == 1
    assert paid("S1").held and paid("S1").basic_fen == 1_485_000
    assert paid("S2").critical_illness_fen == 9_000


def test_cancelled_bills_enter_no_replay_and_a_year_without_bills_keeps_an_empty_version():
    person = somebody()
    hold(bill_draft("S1", person, MAY))
    replay()
    hold(
        bill_draft("S1", person, MAY, state="cancelled"),
        bill_draft("S1R", person, MAY, total_fen=-2_000_000, state="cancelling", cancels="S1"),
    )
    assert replay().changed == 1
    latest = Replay.objects.get(latest=True)
    assert (latest.version, latest.settled_bills.count()) == (2, 0)
    assert replay().changed == 0
    assert Bill.objects.count() == 2
    assert last_discharge_day() is None


def test_a_year_with_a_refused_bill_is_marked_incomplete_until_the_bill_is_there():
    person = somebody()
    hold(bill_draft("S1", person, MAY))
    assert replay(incomplete=frozenset({(person, 2025)})).incomplete == 1
    assert Replay.objects.get(latest=True).incomplete
    replay()
    assert not Replay.objects.get(latest=True).incomplete


def test_a_switched_reading_is_another_rulebook_and_gives_another_version():
    hold(bill_draft("S1", somebody(), MAY))
    replay()
    assert replay(book=load("hezhang", {"P14": "whole"})).changed == 1
    assert paid("S1").critical_illness_fen == 309_000


def test_people_and_years_are_replayed_apart():
    one, other = somebody("1"), somebody("2")
    hold(
        bill_draft("S1", one, MAY),
        bill_draft("S2", other, JUNE),
        bill_draft("S3", one, date(2024, 12, 31)),
    )
    assert replay().person_years == 3
    assert {row.critical_illness_fen for row in SettledBill.objects.all()} == {9_000}
    assert last_discharge_day() == JUNE
    assert replay_batches(2) == 3


def test_facts_that_change_the_reasons_alone_give_a_version_whose_explanation_is_of_today():
    hold(bill_draft("S1", somebody(), MAY))
    replay()
    # C15 moves no money in this county, but the explanation says who holds what.
    assert replay(categories=(CategoryHeld("C15", date(2020, 1, 1)),)).changed == 1
    before, now = SettledBill.objects.order_by("replay__version")
    assert (before.basic_fen, before.own_fen) == (now.basic_fen, now.own_fen)
    assert "C15" in str(now.explanation.steps) and "C15" not in str(before.explanation.steps)


def test_a_year_follows_its_person_to_another_village_and_is_no_new_version():
    person, elsewhere = somebody(), "520527102202"
    hold(bill_draft("S1", person, MAY))
    replay()
    lines = AuditEvent.objects.count()
    hold(bill_draft("S1", person, MAY, region_code=elsewhere))
    assert replay().changed == 0
    assert Replay.objects.get().region_code == elsewhere
    assert AuditEvent.objects.count() == lines + 1  # that the bills changed


def test_a_person_whose_bills_went_to_another_keeps_an_empty_version_and_the_other_gets_the_year():
    wrong, right = somebody("1"), somebody("2")
    hold(bill_draft("S1", wrong, MAY))
    replay()
    hold(bill_draft("S1", right, MAY))
    assert replay().changed == 2
    assert {each.person_id: each.settled_bills.count() for each in Replay.objects.filter(latest=True)} == {
        wrong: 0,
        right: 1,
    }
    assert replay().changed == 0
