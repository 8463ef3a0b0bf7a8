"""A later folder over an earlier one: what changed is followed everywhere, what was is kept, and nothing is deleted."""

from datetime import date

import pytest

from tests.support.dump import contents, differences
from tests.support.growing_county import (
    CANCELS,
    DIES,
    ENDS,
    FIRST_DAY,
    GONE,
    JOINS,
    LATE,
    LEAVES,
    NEW_NAME,
    SECOND_DAY,
    write_first,
    write_second,
)
from tests.support.made_county import undone
from tests.support.people import named
from yingjin.fusion.models import RegisterPerson, Row
from yingjin.gaps.domain.words import closed_by
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import Due, Finding, Gap, GapEvent
from yingjin.jobs.run_county import run_over
from yingjin.registry.models import Person
from yingjin.settlement.models import Bill, Enrolment, Replay, SettledBill

pytestmark = pytest.mark.django_db
FIRST, SECOND = date.fromisoformat(FIRST_DAY), date.fromisoformat(SECOND_DAY)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("growing")
    return write_first(place / "first"), write_second(place / "second")


@pytest.fixture(scope="module")
def county(folders, django_db_setup, django_db_blocker):
    """Both folders brought in, one after the other; the tests read, but for what they undo."""
    with django_db_blocker.unblock(), undone():
        for folder in folders:
            assert run_over(folder) == 0
        yield folders


def gap(name: str, due: str, subject: str = "") -> Gap:
    return Gap.objects.get(person__in=named(name), due=due, subject=subject)


def history(found: Gap) -> list[tuple[str, date]]:
    return list(GapEvent.objects.filter(gap=found).order_by("id").values_list("what", "on"))


def versions(name: str) -> list[tuple[int, bool]]:
    replays = Replay.objects.filter(person__in=named(name), year=2025).order_by("version")
    return list(replays.values_list("version", "latest"))


def paid(bill: str, **which: object) -> tuple[int, int]:
    which = which or {"replay__latest": True}
    row = SettledBill.objects.get(bill__bill_id=bill, **which)
    return row.basic_fen, row.critical_illness_fen


def test_each_folder_leaves_its_finding_under_its_own_day(county):
    assert list(Finding.objects.order_by("on").values_list("on", flat=True)) == [FIRST, SECOND]
    assert {each.due for each in Due.objects.filter(finding__on=FIRST)} == {
        "insured",
        "contracted",
        "covered",
    }


def test_an_enrolment_that_comes_closes_the_gap_by_its_evidence_on_the_day_found(county):
    found = gap(JOINS, "insured")
    assert (found.open, found.opened_on, found.closed_on) == (False, FIRST, SECOND)
    assert "2025 年参保记录" in closed_by(found.closed_by_evidence, "insured", due_rules())
    assert history(found) == [("opened", FIRST), ("closed", SECOND)]


def test_an_enrolment_that_is_withdrawn_opens_a_gap_and_its_row_stays_as_history(county):
    assert gap(LEAVES, "insured").open and gap(LEAVES, "insured").opened_on == SECOND
    row = Row.objects.get(kind="enrolment", number="I2")
    assert (row.current, row.ended_why) == (False, "withdrawn")
    assert not Enrolment.objects.filter(person__in=named(LEAVES)).exists()


def test_a_bill_with_a_mistyped_year_is_held_opens_no_due_and_sets_no_day(county):
    assert Bill.objects.get(bill_id="S-MISTYPED").state == "held_not_enrolled"
    assert not Due.objects.filter(due="covered", subject="S-MISTYPED").exists()
    assert not Finding.objects.filter(on__gt=SECOND).exists()


def test_a_contract_that_ends_opens_a_gap_from_its_last_day(county):
    found = gap(ENDS, "contracted")
    assert (found.open, found.reason, found.opened_on) == (True, "contract_ended", SECOND)
    assert found.facts["ended_on"] == "2025-12-10"
    assert Row.objects.filter(kind="contract", number="J3").count() == 2


def test_a_death_puts_later_bills_on_hold_and_the_dead_out_of_the_base(county):
    assert Person.objects.get(pk__in=named(DIES)).died_on == date(2025, 8, 1)
    assert Bill.objects.get(bill_id="S-DIES").state == "held_dead"
    assert versions(DIES) == [(1, False), (2, True)]
    held = SettledBill.objects.filter(bill__bill_id="S-DIES").order_by("replay__version")
    assert [row.held for row in held] == [False, True]
    assert not Due.objects.filter(finding__on=SECOND, person__in=named(DIES)).exists()
    assert Due.objects.filter(finding__on=FIRST, person__in=named(DIES)).exists()


def test_a_late_bill_gives_the_year_a_second_version_and_keeps_the_first(county):
    assert versions(LATE) == [(1, False), (2, True)]
    assert paid("S-LATE-2", replay__version=1) == (1_485_000, 9_000)
    # The late stay came before it: 5,150.00 of own costs stand already, so all of this one's lie above 5,000.00 (P16).
    assert paid("S-LATE-1") == (1_485_000, 9_000)
    assert paid("S-LATE-2") == (1_485_000, 309_000)
    short = Due.objects.get(finding__on=SECOND, subject="S-LATE-2")
    assert (short.status, short.shortfall_fen) == ("open", 300_000)


def test_a_cancelled_bill_leaves_the_replay_and_its_gap_closes(county):
    assert Bill.objects.get(bill_id="S-CANCELS").state == "cancelled"
    assert Bill.objects.get(bill_id="S-BACK").state == "cancelling"
    assert versions(CANCELS) == [(1, False), (2, True)]
    assert not SettledBill.objects.filter(replay__latest=True, bill__bill_id="S-CANCELS").exists()
    found = gap(CANCELS, "covered", "S-CANCELS")
    assert (found.open, found.shortfall_fen, found.closed_on) == (False, 1_484_000, SECOND)


def test_a_changed_name_is_the_same_person_and_both_spellings_are_kept(county):
    person = Person.objects.get(pk__in=named(NEW_NAME))
    assert set(RegisterPerson.objects.filter(person=person).values_list("register", flat=True)) == {
        "poverty",
        "insurance",
        "health",
    }
    rows = Row.objects.filter(kind="enrolment", number="I7").order_by("version")
    assert [(row.version, row.current, row.payload["psn_name"]) for row in rows] == [
        (1, False, "阿名"),
        (2, True, NEW_NAME),
    ]


def test_somebody_withdrawn_from_the_list_leaves_the_base_and_the_gap_says_so(county):
    found = gap(GONE, "insured")
    assert not found.open and found.closed_on == SECOND
    assert "名单" in closed_by(found.closed_by_evidence, "insured", due_rules())
    assert Person.objects.filter(pk__in=named(GONE)).exists()
    assert Row.objects.filter(register="poverty", number="P8", ended_why="withdrawn").count() == 2


def test_settlements_only_add(county):
    assert not Row.objects.filter(kind="settlement").exclude(ended_why="").exists()
    assert Bill.objects.count() == 8


def test_an_earlier_day_is_found_and_turns_no_gap(county):
    before = contents()
    with undone():
        assert run_over(county[1], on=date(2025, 12, 1)) == 0
        assert Finding.objects.count() == 3
        after = contents()
        for table in ("gaps.Gap", "gaps.GapEvent", "settlement.Replay", "settlement.Bill", "fusion.Row"):
            assert not differences({table: before[table]}, {table: after[table]})
        # On that day the contract had not ended.
        assert not Due.objects.filter(
            finding__on=date(2025, 12, 1), person__in=named(ENDS), lacking=True
        ).exists()


def test_going_back_to_the_first_folder_reopens_what_its_evidence_had_closed(county):
    with undone():
        assert run_over(county[0], on=SECOND) == 0
        found = gap(JOINS, "insured")
        assert found.open and found.closed_on is None and found.opened_on == SECOND
        assert [what for what, _ in history(found)] == ["opened", "closed", "reopened"]
        assert not gap(LEAVES, "insured").open
        versions_of_row = Row.objects.filter(kind="enrolment", number="I7").order_by("version")
        assert [row.version for row in versions_of_row] == [1, 2, 3]
        # The death is on no sheet any more, the settlements stay: nothing that was paid is forgotten.
        assert Person.objects.get(pk__in=named(DIES)).died_on is None
        assert versions(DIES) == [(1, False), (2, False), (3, True)]
        assert Bill.objects.count() == 8


def test_each_folder_brought_in_again_changes_nothing(county):
    before = contents()
    with undone():
        assert run_over(county[1]) == 0
        assert not differences(before, contents())


def test_the_finding_says_how_many_rows_are_there_not_how_many_ever_came(county):
    registers = Finding.objects.get(on=SECOND).summary.registers
    present = Row.objects.filter(current=True)
    for register, stands in registers.items():
        assert stands["rows"] == present.filter(register=register).count(), register
    assert registers["poverty"]["withdrawn"] == 2 and registers["insurance"]["withdrawn"] == 1
