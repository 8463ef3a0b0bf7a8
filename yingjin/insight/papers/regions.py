"""The summary of a place: the four dues as should − is = gap, who paid the year's money, and every place below."""

from typing import Any

from yingjin.basics.money import part_of, ten_thousand_yuan, yuan
from yingjin.insight.queries import Overview
from yingjin.insight.queries.shapes import DueCount, PlaceRow

OWN = ("own_in_scope", "own_out_of_scope")


def summary(page: Overview, *, place: str, large: bool) -> dict[str, Any]:
    """Return the data of the summary of a place, which is written as `place`.

    The four dues come with should, is and gap; the money with each part's share of the whole; the places with what
    is lacking there, those with most of it first.
    """
    whole = page.money.lines[0].amount_fen if page.money.lines else 0
    places = sorted(page.places, key=lambda row: (-lacking_of(row), row.place.code))
    return {
        "title": place,
        "made_on": page.on.isoformat(),
        "large": large,
        "place": place,
        "on": page.on.isoformat(),
        "persons": f"{page.persons_in_base:,}",
        "households": f"{page.households_in_base:,}",
        "lacking": f"{sum(each.open + each.unknown for each in page.dues):,}",
        "persons_lacking": f"{page.persons_lacking:,}",
        "late": f"{page.late:,}",
        "dues": [due_line(each) for each in page.dues],
        "money": {
            "year": page.money.year,
            "bills": f"{page.money.bills:,}",
            "from": page.money.from_on.isoformat(),
            "until": page.money.until_on.isoformat(),
            "held": page.money.held_bills,
            "incomplete": page.money.incomplete_years,
            "lines": [
                {
                    "label": line.label_zh,
                    "amount": yuan(line.amount_fen),
                    "wan": ten_thousand_yuan(line.amount_fen),
                    "share": part_of(line.amount_fen, whole),
                    "own": line.kind in OWN,
                    "whole": line.kind == "total",
                }
                for line in page.money.lines
            ],
        },
        "places": [place_line(row) for row in places],
        "sums": place_sums(page.places),
        "late_sum": f"{sum(row.late for row in page.places):,}",
    }


def due_line(count: DueCount) -> dict[str, Any]:
    """Return one due: what should be, what is, the gap between them, and what is excepted."""
    should = count.done + count.open + count.unknown
    return {
        "due": count.due,
        "should": f"{should:,}",
        "done": f"{count.done:,}",
        "lacking": f"{count.open + count.unknown:,}",
        "unknown": f"{count.unknown:,}" if count.unknown else "",
        "excepted": f"{count.excepted:,}" if count.excepted else "",
        "share": part_of(count.done, should),
    }


def place_line(row: PlaceRow) -> dict[str, Any]:
    """Return what one place lacks, by due."""
    return {
        "name": row.place.name,
        "persons": f"{row.persons_in_base:,}",
        "lacking": [f"{number:,}" for number in row.lacking.values()],
        "all": f"{lacking_of(row):,}",
        "late": f"{row.late:,}",
    }


def place_sums(rows: list[PlaceRow]) -> dict[str, Any]:
    """Return the last line of the places."""
    by_due = [sum(numbers) for numbers in zip(*(row.lacking.values() for row in rows), strict=True)]
    return {
        "persons": f"{sum(row.persons_in_base for row in rows):,}",
        "lacking": [f"{number:,}" for number in by_due],
        "all": f"{sum(by_due):,}",
    }


def lacking_of(row: PlaceRow) -> int:
    """Return how much a place lacks of all four."""
    return sum(row.lacking.values())
