"""What may be shown of a small group, in trees small enough to see why."""

from yingjin.insight.domain.suppression import FEW, HELD, SHOWN, Counts, suppress

COUNTY, EAST, WEST = "52", "521", "522"


def marks(leaves: dict[str, int], stays: int = 3) -> dict[str, str]:
    """The marks of a county of two townships, from the persons of their villages."""
    counts = {code: Counts(persons, persons * stays, persons * 100) for code, persons in leaves.items()}
    for place in (EAST, WEST, COUNTY):
        below = [each for code, each in counts.items() if code.startswith(place) and len(code) == 4]
        counts[place] = (
            Counts(*(sum(part) for part in zip(*below, strict=True))) if below else Counts(0, 0, 0)
        )
    parents = {code: code[:3] if len(code) == 4 else COUNTY for code in counts if code != COUNTY}
    return suppress(counts, parents)


def test_large_groups_and_empty_places_are_shown():
    assert set(marks({"5211": 10, "5212": 0, "5221": 400}).values()) == {SHOWN}


def test_one_to_nine_persons_are_few():
    found = marks({"5211": 1, "5212": 9, "5221": 30, "5222": 40})
    assert (found["5211"], found["5212"]) == (FEW, FEW)
    assert (found[EAST], found["5221"], found["5222"], found[COUNTY]) == (SHOWN, SHOWN, SHOWN, SHOWN)


def test_a_single_small_village_takes_the_smallest_other_with_it():
    found = marks({"5211": 4, "5212": 30, "5213": 50, "5221": 80})
    assert found == {
        "5211": FEW,
        "5212": HELD,
        "5213": SHOWN,
        EAST: SHOWN,
        "5221": SHOWN,
        WEST: SHOWN,
        COUNTY: SHOWN,
    }


def test_two_villages_of_one_person_each_would_tell_and_take_another_with_them():
    found = marks({"5211": 1, "5212": 1, "5213": 30, "5221": 80})
    assert (found["5211"], found["5212"], found["5213"]) == (FEW, FEW, HELD)


def test_two_villages_of_nine_would_tell_as_well():
    found = marks({"5211": 9, "5212": 9, "5213": 30, "5221": 80})
    assert found["5213"] == HELD


def test_a_small_township_hides_in_another_which_hides_in_a_village():
    found = marks({"5211": 3, "5212": 2, "5221": 30, "5222": 40})
    assert (found[EAST], found[WEST], found[COUNTY]) == (FEW, HELD, SHOWN)
    assert HELD in (found["5221"], found["5222"])


def test_a_county_that_would_tell_its_only_patients_village_is_held_back():
    found = marks({"5211": 3, "5221": 0})
    assert found[COUNTY] == FEW
    found = marks({"5211": 10, "5212": 1})
    assert (found["5212"], found[COUNTY]) == (FEW, HELD)


def test_nine_villages_of_one_person_do_not_make_a_township_that_must_be_nine():
    found = marks({f"521{number}": 1 for number in range(1, 10)} | {"5221": 0})
    assert all(found[f"521{number}"] == FEW for number in range(1, 10))
    assert (found[EAST], found[COUNTY]) == (HELD, HELD)


def test_no_stays_at_all_is_not_told_by_a_sum_of_nothing():
    found = marks({"5211": 4, "5212": 5, "5213": 50, "5221": 80}, stays=0)
    assert SHOWN not in (found["5211"], found["5212"], found[EAST], found[COUNTY])


def test_nine_beside_one_whom_everybody_knows_is_held_back_as_well():
    counts = {"5211": Counts(9, 0, 0), EAST: Counts(10, 1, 1), COUNTY: Counts(10, 1, 1)}
    found = suppress(counts, {"5211": EAST, EAST: COUNTY})
    assert found == {"5211": HELD, EAST: HELD, COUNTY: HELD}


def test_a_county_of_one_person_is_few():
    assert suppress({COUNTY: Counts(1, 0, 0)}, {}) == {COUNTY: FEW}
