"""Days are dates, never moments. An interval is half open: from a day, up to but not including another."""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date

from yingjin.basics.errors import BadInput

DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)


class BadDate(BadInput):
    code = "bad_date"


def parse_day(text: str) -> date:
    """Read a day written as 2026-11-22.

    Errors: BadDate for any other writing and for a day no calendar has.
    """
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadDate(
        f"“{text}”不是日期。写成 2026-11-22，月日都是两位。",
        f"“{text}” is not a day. Write 2026-11-22, month and day with two digits.",
        value=text,
    )


def birthday(born_on: date, age_years: int) -> date:
    """Return the day on which an age is reached; 29 February gives 1 March where the year has none (P02)."""
    year = born_on.year + age_years
    if born_on.month == 2 and born_on.day == 29 and not isleap(year):
        return date(year, 3, 1)
    return born_on.replace(year=year)


def age_on(born_on: date, on: date) -> int:
    """Return the age in whole years on a day; below 0 before birth."""
    years = on.year - born_on.year
    return years if on >= birthday(born_on, years) else years - 1


@dataclass(frozen=True, order=True)
class Interval:
    """From `valid_from` up to, not including, `valid_to`; open at the end when that is None."""

    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether a day lies inside."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def union(intervals: list[Interval]) -> list[Interval]:
    """Join intervals that overlap or touch; the result is sorted and disjoint."""
    joined: list[Interval] = []
    for one in sorted(intervals, key=lambda each: (each.valid_from, each.valid_to or date.max)):
        last = joined[-1] if joined else None
        if last is None or (last.valid_to is not None and last.valid_to < one.valid_from):
            joined.append(one)
        elif last.valid_to is not None and (one.valid_to is None or one.valid_to > last.valid_to):
            joined[-1] = Interval(last.valid_from, one.valid_to)
    return joined
