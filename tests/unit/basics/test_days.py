from datetime import date

import pytest

from yingjin.basics.days import BadDate, Interval, age_on, birthday, parse_day, union


def test_a_day_is_read_as_written_in_iso():
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text", ["", "2023-02-29", "2024-2-9", "20240209", "2024/02/09", "2024-13-01", "0000-01-01"]
)
def test_any_other_writing_is_refused(text):
    with pytest.raises(BadDate):
        parse_day(text)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("1945-06-01", "2025-05-31", 79),
        ("1945-06-01", "2025-06-01", 80),
        ("1944-02-29", "2023-02-28", 78),
        ("1944-02-29", "2023-03-01", 79),
        ("1944-02-29", "2024-02-29", 80),
        ("2025-06-01", "2025-05-31", -1),
    ],
)
def test_an_age_is_reached_on_the_birthday_and_on_1_march_where_29_february_is_missing(born, on, age):
    assert age_on(date.fromisoformat(born), date.fromisoformat(on)) == age


def test_the_birthday_of_a_leap_day_stays_in_leap_years():
    assert birthday(date(1944, 2, 29), 80) == date(2024, 2, 29)
    assert birthday(date(1944, 2, 29), 79) == date(2023, 3, 1)


def test_an_interval_holds_its_first_day_and_not_its_last():
    held = Interval(date(2025, 1, 1), date(2025, 2, 1))
    assert held.holds(date(2025, 1, 1)) and held.holds(date(2025, 1, 31))
    assert not held.holds(date(2025, 2, 1)) and not held.holds(date(2024, 12, 31))
    assert Interval(date(2025, 1, 1)).holds(date(2999, 1, 1))


def test_intervals_that_overlap_or_touch_are_joined():
    def days(first: int, last: int | None) -> Interval:
        return Interval(date(2025, 1, first), last and date(2025, 1, last))

    assert union([days(5, 9), days(1, 3), days(3, 4)]) == [days(1, 4), days(5, 9)]
    assert union([days(1, 9), days(2, 4), days(8, 12)]) == [days(1, 12)]
    assert union([days(1, None), days(5, 9)]) == [days(1, None)]
    assert union([days(1, 6), days(5, None)]) == [days(1, None)]
    assert union([]) == []
