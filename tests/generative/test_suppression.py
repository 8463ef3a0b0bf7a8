"""No hidden count can be worked out: every hidden figure has another value that fits all that is shown."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from yingjin.insight.domain.suppression import FEW, FEW_MAX, HELD, SHOWN, Counts, suppress

COUNTY = "52"
VALUES = range(16)
village = st.one_of(st.sampled_from([0, 1, 2, 8, 9, 10, 11, 12]), st.integers(0, 13))
counties = st.lists(st.lists(village, min_size=0, max_size=3), min_size=1, max_size=3).filter(
    lambda townships: sum(map(len, townships)) <= 5
)


def tree(townships: list[list[int]], factor: int) -> tuple[dict[str, Counts], dict[str, str]]:
    """Every place with its counts, and the place above each."""
    counts, parents = {}, {}
    for number, villages in enumerate(townships):
        for place, persons in enumerate(villages):
            code = f"{COUNTY}{number}{place}"
            counts[code] = Counts(persons, persons * factor, persons * factor)
            parents[code] = code[:3]
        township = f"{COUNTY}{number}"
        counts[township] = Counts(*(factor_of * sum(villages) for factor_of in (1, factor, factor)))
        parents[township] = COUNTY
    whole = sum(map(sum, townships))
    counts[COUNTY] = Counts(whole, whole * factor, whole * factor)
    return counts, parents


def fits(code: str, value: int, counts: dict[str, Counts], marks: dict[str, str]) -> bool:
    """Say whether a reader who knows how marks are set could believe a number of persons."""
    persons = counts[code].persons
    if marks[code] == SHOWN:
        return value == persons
    if marks[code] == FEW:
        return 1 <= value <= FEW_MAX
    return value > FEW_MAX if persons > FEW_MAX else value >= 1


def believable(
    counts: dict[str, Counts], parents: dict[str, str], marks: dict[str, str]
) -> dict[str, set[int]]:
    """Every value of every place that fits what is shown, by trying all of them."""
    leaves = [code for code in counts if code not in parents.values() and code != COUNTY]
    choices = [[value for value in VALUES if fits(code, value, counts, marks)] for code in leaves]
    found: dict[str, set[int]] = {code: set() for code in counts}
    for values in product(*choices):
        world = dict(zip(leaves, values, strict=True))
        for township in {above for above in parents.values() if above != COUNTY}:
            world[township] = sum(world[code] for code in leaves if parents[code] == township)
        world[COUNTY] = sum(value for code, value in world.items() if parents.get(code) == COUNTY)
        if all(fits(code, value, counts, marks) for code, value in world.items()):
            for code, value in world.items():
                found[code].add(value)
    return found


@settings(max_examples=120)
@given(townships=counties)
def test_every_hidden_number_of_persons_has_another_value(townships):
    counts, parents = tree(townships, factor=1)
    marks = suppress(counts, parents)
    worlds = believable(counts, parents, marks)
    for code, mark in marks.items():
        assert counts[code].persons in worlds[code] or counts[code].persons not in VALUES
        if mark == SHOWN:
            assert not 1 <= counts[code].persons <= FEW_MAX
        elif counts[code].persons < max(VALUES):
            assert len(worlds[code]) > 1, (code, marks)


@given(townships=counties, factor=st.integers(0, 3))
def test_marks_are_few_only_for_few_and_nobody_is_never_hidden(townships, factor):
    counts, parents = tree(townships, factor)
    marks = suppress(counts, parents)
    for code, mark in marks.items():
        persons = counts[code].persons
        assert mark != FEW or 1 <= persons <= FEW_MAX
        assert persons or mark == SHOWN
        assert mark in (SHOWN, FEW, HELD)


@given(townships=counties, factor=st.integers(0, 3))
def test_a_hidden_figure_is_never_alone_among_shown_ones(townships, factor):
    counts, parents = tree(townships, factor)
    marks = suppress(counts, parents)
    for code in counts:
        below = [each for each, above in parents.items() if above == code]
        hidden = [each for each in below if marks[each] != SHOWN]
        if marks[code] == SHOWN:
            assert len(hidden) != 1, (code, marks)
        elif any(counts[each].persons for each in below):
            assert hidden, (code, marks)


@given(townships=counties)
def test_the_order_of_places_does_not_matter(townships):
    counts, parents = tree(townships, factor=2)
    again = suppress(dict(reversed(counts.items())), dict(reversed(parents.items())))
    assert suppress(counts, parents) == again
