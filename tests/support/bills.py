"""Random people and bills that crowd where the clauses begin and end."""

from datetime import date, timedelta

from hypothesis import strategies as st

from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts

MOST_FEN = 999_999_999_999  # ten digits of yuan
EDGE_DAYS = [date(year, month, day) for year in (2016, 2017, 2024) for month, day in ((1, 1), (12, 31))]
EDGE_DAYS += [date(2016, 9, 30), date(2016, 10, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
EDGE_DAYS += [date(2100, 2, 28), date(2100, 3, 1)]
# In-scope amounts that leave 200 (nothing paid), 3,000 and 5,000 yuan at each ratio, and a fen beside each.
EDGE_FEN = [0, 1, 2, 19_999, 20_000, 20_001, MOST_FEN]
for left_fen in (300_000, 500_000):
    for rate_bp in (5500, 6500, 7000, 7500, 8000, 8500, 9000):
        exact_fen = (left_fen - 20_000) * 10_000 // (10_000 - rate_bp) + 20_000
        EDGE_FEN += [exact_fen + step for step in (-4, -1, 0, 1, 2, 3, 4)]
CATEGORIES = [f"C{number:02}" for number in (*range(1, 12), *range(14, 19))]

amounts = st.one_of(
    st.sampled_from(EDGE_FEN), st.integers(0, 3_000_000), st.integers(0, 30_000), st.integers(0, MOST_FEN)
)
days_about = st.integers(-3, 3).map(timedelta)


@st.composite
def days_in(draw, year):
    """A day of a year, often one where something begins or ends."""
    edges = [day for day in EDGE_DAYS if day.year == year]
    whole_year = st.integers(0, 364).map(lambda number: date(year, 1, 1) + timedelta(number))
    return draw(st.one_of(st.sampled_from(edges), whole_year))


@st.composite
def births(draw, year):
    """A day of birth: any, eighty years before some day of the year, or 29 February."""
    eighty = days_in(year).map(lambda day: day.replace(year=year - 80, day=min(day.day, 28)))
    leap = st.sampled_from([date(1936, 2, 29), date(1944, 2, 29), date(1996, 2, 29), date(2012, 2, 29)])
    if year == 2100:
        leap = st.just(date(2020, 2, 29))
    born_on = draw(st.one_of(eighty, leap, st.integers(1920, 2015).map(lambda it: date(it, 7, 1))))
    return born_on + draw(days_about) if (born_on.month, born_on.day) != (2, 29) else born_on


@st.composite
def categories_held(draw, year):
    """A category over a time whose ends fall on or about days of the year, or open."""
    start = draw(st.one_of(st.just(date(2014, 1, 1)), days_in(year)))
    end = draw(st.one_of(st.none(), days_in(year)))
    if end is not None and end <= start:
        end = start + timedelta(draw(st.integers(1, 3)))
    return CategoryHeld(draw(st.sampled_from(CATEGORIES)), start, end)


@st.composite
def bills(draw, number, year):
    """A bill; the same few days and amounts come often, so that ties and thresholds are met."""
    discharged_on = draw(days_in(year))
    stay = timedelta(draw(st.sampled_from([0, 0, 1, 5, 40])))
    admitted_on = max(discharged_on - stay, date(2016, 1, 1))
    setting = draw(st.sampled_from(["inpatient"] * 7 + ["outpatient"]))
    level = draw(st.sampled_from(["L1", "L2", "L2", "L3", "L4"]))
    in_scope_fen = draw(amounts)
    out_fen = draw(st.one_of(st.just(0), st.integers(0, 50_000)))
    total_fen = min(in_scope_fen + out_fen, MOST_FEN)
    return BillFacts(
        draw(st.sampled_from(["b", "B", "10-", "9-", "甲"])) + str(number),
        setting,
        level,
        level != "L4" and draw(st.booleans()),
        draw(st.sampled_from([True, True, True, False])),
        draw(st.sampled_from([True, True, False])),
        None if setting == "outpatient" and draw(st.booleans()) else admitted_on,
        discharged_on,
        total_fen,
        min(out_fen, total_fen),
        draw(st.sampled_from([True] * 7 + [False])),
    )


@st.composite
def person_years(draw):
    """A person and the bills of one calendar year, in no order."""
    year = draw(st.sampled_from([2016, 2016, 2017, 2024, 2100]))
    held = tuple(draw(st.lists(categories_held(year), max_size=4)))
    person = PersonFacts("P1", draw(births(year)), held)
    count = draw(st.integers(1, 6))
    return person, [draw(bills(number, year)) for number in range(count)]
