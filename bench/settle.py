"""What it costs to work out a bill from rulebook data, with and without its reasons, beside plain Python."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench.measure import interleaved
from bench.plain_settlement import settle_year_plainly
from bench.table import Limit, Table
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.policy.queries import rulebook

PERSONS = 6_000
SEED = 520527
PLAIN, BOOK, EXPLAINED = "plain Python function", "rulebook data", "rulebook data, with explanation"
CATEGORIES = tuple(f"C{number:02}" for number in (*range(1, 12), *range(14, 19)))

PersonYear = tuple[PersonFacts, list[BillFacts]]


def run() -> list[Table]:
    """Measure the three ways on the same bills; they must agree to the fen."""
    years = person_years(PERSONS, random.Random(SEED))
    count = sum(len(bills) for _, bills in years)
    book = rulebook("hezhang")
    ways: dict[str, Callable[[], Any]] = {
        PLAIN: lambda: [settle_year_plainly(person, bills) for person, bills in years],
        BOOK: lambda: [settle_year(person, bills, book) for person, bills in years],
        EXPLAINED: lambda: [None for person, bills in years for _ in settle_year(person, bills, book, True)],
    }
    refuse_difference(years)
    costs = interleaved(ways)
    per_bill = {name: cost.cpu / count * 1_000_000 for name, cost in costs.items()}
    ratio = {name: cpu / per_bill[PLAIN] for name, cpu in per_bill.items()}
    return [
        Table(
            title="settle: one bill from rulebook data",
            about=f"{count:,} bills of {len(years):,} person-years, the same results to the fen; "
            "median of 5 interleaved rounds.",
            columns=("way", "CPU µs a bill", "times plain Python", "wall s"),
            rows=tuple((name, per_bill[name], ratio[name], costs[name].wall) for name in ways),
            limits=(
                Limit("a bill from rulebook data, times plain Python", measured=ratio[BOOK], at_most=12),
                Limit("the same with explanation", measured=ratio[EXPLAINED], at_most=30),
            ),
        )
    ]


def refuse_difference(years: list[PersonYear]) -> None:
    """Stop the measurement if the ways do not agree: a fast wrong answer is no measurement."""
    book = rulebook("hezhang")
    for person, bills in years:
        expected = settle_year_plainly(person, bills)
        for explain in (False, True):
            found = [
                (it.bill_id, it.in_scope_fen, it.deductible_fen, *it.payments.values(), it.own_payment_fen)
                for it in settle_year(person, bills, book, explain)
            ]
            assert found == expected, (person, bills, expected, found)


def person_years(persons: int, chance: random.Random) -> list[PersonYear]:
    """Make person-years as a county has them: one to a dozen bills, most small, a few very large."""
    years = []
    for number in range(persons):
        year = chance.choice((2016, 2017, 2024))
        born_on = date(chance.randint(1930, 2015), 1, 1) + timedelta(days=chance.randrange(365))
        held = tuple(
            CategoryHeld(category, date(chance.randint(2014, 2017), chance.randint(1, 12), 1))
            for category in chance.sample(CATEGORIES, chance.choice((0, 0, 1, 1, 2, 3)))
        )
        person = PersonFacts(f"P{number}", born_on, held)
        count = min(12, 1 + int(chance.expovariate(0.5)))
        years.append((person, [_bill(f"{number}-{place}", year, chance) for place in range(count)]))
    return years


def _bill(bill_id: str, year: int, chance: random.Random) -> BillFacts:
    discharged_on = date(year, 1, 1) + timedelta(days=chance.randrange(365))
    level = chance.choice(("L1", "L1", "L2", "L2", "L2", "L3", "L4"))
    total_fen = int(chance.lognormvariate(13, 1.2))
    return BillFacts(
        bill_id,
        chance.choice(("inpatient",) * 9 + ("outpatient",)),
        level,
        level in ("L1", "L2"),
        chance.random() < 0.95,
        chance.random() < 0.9,
        discharged_on - timedelta(days=chance.randrange(20)),
        discharged_on,
        total_fen,
        int(total_fen * chance.random() * 0.2),
    )
