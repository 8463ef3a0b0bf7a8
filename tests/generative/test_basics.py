"""Money, days and identity numbers, on cases nobody thought of."""

from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from yingjin.basics.days import Interval, age_on, birthday, parse_day, union
from yingjin.basics.identity import born_on, check_digit, to18, valid
from yingjin.basics.money import parse_yuan, plain_yuan, share

AMOUNTS = st.integers(min_value=0, max_value=10**12 - 1)
DAYS = st.dates(min_value=date(2014, 1, 1), max_value=date(2014, 3, 1))


@st.composite
def numbers(draw):
    region = draw(st.integers(min_value=110_000, max_value=659_999))
    day = draw(st.dates(min_value=date(1900, 1, 1), max_value=date(2025, 12, 31)))
    first17 = f"{region}{day:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first17 + check_digit(first17)


@st.composite
def intervals(draw):
    start = draw(DAYS)
    return Interval(
        start, draw(st.none() | st.dates(min_value=start + timedelta(1), max_value=date(2014, 3, 9)))
    )


@given(amount_fen=AMOUNTS, rate_bp=st.integers(min_value=0, max_value=10_000))
def test_a_share_is_the_exact_one_rounded_half_up(amount_fen, rate_bp):
    assert share(amount_fen, rate_bp) == floor(Fraction(amount_fen * rate_bp, 10_000) + Fraction(1, 2))


@given(amount_fen=AMOUNTS)
def test_an_amount_written_for_a_file_reads_back(amount_fen):
    assert parse_yuan(plain_yuan(amount_fen)) == amount_fen


@given(on=st.dates())
def test_a_day_written_the_iso_way_reads_back(on):
    assert parse_day(on.isoformat()) == on


@given(born=st.dates(min_value=date(1900, 1, 1)), years=st.integers(min_value=0, max_value=120))
def test_an_age_begins_on_its_birthday_and_not_a_day_before(born, years):
    if born.year + years <= date.max.year:
        reached = birthday(born, years)
        assert age_on(born, reached) == years
        assert years == 0 or age_on(born, reached - timedelta(1)) == years - 1


@given(several=st.lists(intervals(), max_size=6), on=DAYS)
def test_a_union_holds_a_day_when_any_of_its_parts_does(several, on):
    assert any(one.holds(on) for one in union(several)) == any(one.holds(on) for one in several)


@given(several=st.lists(intervals(), max_size=6))
def test_a_union_is_sorted_and_leaves_a_day_between_its_parts(several):
    joined = union(several)
    assert all(
        earlier.valid_to is not None and earlier.valid_to < later.valid_from
        for earlier, later in zip(joined, joined[1:], strict=False)
    )


@given(number=numbers())
def test_a_number_with_its_check_digit_is_valid_however_it_is_written(number):
    assert to18(number) == to18(f" {number[:6]} {number[6:].lower()} ") == number
    assert born_on(number) == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@given(number=numbers(), place=st.integers(0, 16), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_found(number, place, digit):
    wrong = number[:place] + str(digit) + number[place + 1 :]
    assert valid(wrong) == (wrong == number)


@given(number=numbers())
def test_two_neighbours_that_changed_places_are_always_found(number):
    for place in range(16):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or not valid(swapped)
