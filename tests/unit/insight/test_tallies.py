"""The tallies of a finding: each number is the number of the list behind it, in every place and for both audiences."""

from datetime import date, timedelta

import pytest

from yingjin.gaps.domain.dues import DONE, EXCEPTED, OPEN, UNKNOWN, DueState
from yingjin.insight.domain.tallies import ALL, PLAIN, DueTallies, age_of, kinds_of, places_of, rolled

ON = date(2025, 12, 31)
VILLAGE, OTHER = "520527100201", "520527101202"
INSURED = DueState("insured", "", DONE, {})
LATE = DueState(
    "contracted", "", OPEN, {}, "never_contracted", "village_doctor", date(2025, 1, 1), date(2025, 3, 2)
)
IN_TIME = LATE._replace(status=UNKNOWN, since_on=ON, due_by=ON)
HIDDEN = LATE._replace(due="treated", subject="hiv", sensitive=True)
SHORT = LATE._replace(due="covered", subject="B1", shortfall=(("basic", 700),))


def tallied() -> DueTallies:
    tallies = DueTallies(ON)
    tallies.add(VILLAGE, [INSURED, HIDDEN, LATE, SHORT])
    tallies.add(OTHER, [INSURED, IN_TIME])
    return tallies


def test_a_code_lies_in_every_place_above_it():
    assert places_of(VILLAGE) == ["52", "5205", "520527", "520527100", VILLAGE]
    assert places_of("520527") == ["52", "5205", "520527"]
    assert places_of("") == []


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, "0-29"),
        (29, "0-29"),
        (30, "30-89"),
        (89, "30-89"),
        (90, "90-364"),
        (364, "90-364"),
        (365, "365-"),
        (4000, "365-"),
        (-5, "0-29"),
    ],
)
def test_ages_meet_without_a_gap(days, age):
    assert age_of(ON - timedelta(days=days), ON) == age


def test_what_is_not_lacking_has_no_age():
    assert age_of(None, ON) == ""


def test_a_due_is_listed_under_every_kind_it_is_of():
    assert list(kinds_of(DONE, False)) == ["done", "due"]
    assert list(kinds_of(OPEN, True)) == ["open", "due", "lacking", "late"]
    assert list(kinds_of(UNKNOWN, False)) == ["unknown", "due", "lacking"]
    assert list(kinds_of(EXCEPTED, False)) == ["excepted"]


def test_every_place_above_adds_up_what_lies_in_it():
    groups = {(audience, place): {} for audience, place, *_ in tallied().rolled_groups()}
    for audience, place, group, count, short_fen in tallied().rolled_groups():
        groups[audience, place][group.due, group.status, group.late] = (count, short_fen)
    assert groups[ALL, "520527"] == {
        ("insured", "done", False): (2, 0),
        ("treated", "open", True): (1, 0),
        ("contracted", "open", True): (1, 0),
        ("contracted", "unknown", False): (1, 0),
        ("covered", "open", True): (1, 700),
    }
    assert groups[ALL, VILLAGE]["covered", "open", True] == (1, 700)
    assert ("covered", "open", True) not in groups[ALL, OTHER]


def test_plain_readers_counts_lack_what_is_sensitive():
    dues = {
        audience: {group.due for each, place, group, *_ in tallied().rolled_groups() if each == audience}
        for audience in (ALL, PLAIN)
    }
    assert dues[ALL] - dues[PLAIN] == {"treated"}
    kinds = {(audience, due) for audience, _, due, _, _ in tallied().rolled_persons()}
    assert (ALL, "treated") in kinds
    assert (PLAIN, "treated") not in kinds


def test_a_person_with_several_dues_is_one_person_behind_all_of_them():
    persons = {
        (audience, place, due, kind): count
        for audience, place, due, kind, count in tallied().rolled_persons()
    }
    assert persons[ALL, "520527", "", "lacking"] == 2
    assert persons[ALL, VILLAGE, "", "late"] == 1
    assert persons[ALL, "5205", "", "due"] == 2
    assert persons[ALL, "520527", "contracted", "unknown"] == 1


def test_counts_by_code_add_up_into_every_place():
    assert rolled({VILLAGE: 2, OTHER: 3, "": 9}) == {
        "52": 5,
        "5205": 5,
        "520527": 5,
        "520527100": 2,
        VILLAGE: 2,
        "520527101": 3,
        OTHER: 3,
    }


def test_the_base_counts_everybody_once():
    assert dict(tallied().base) == {VILLAGE: 1, OTHER: 1}
