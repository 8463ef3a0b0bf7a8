"""A region with the places below it on a found day: what is due, done, lacking and doubtful in each, from stored tallies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Sum

from yingjin.basics.access import allow, may
from yingjin.gaps.domain.rules import DUES
from yingjin.insight.domain.tallies import BASE, LACKING, PERSONS, QUALITY
from yingjin.insight.domain.tallies import DUE as ALL_DUE
from yingjin.insight.models import DueTally, Tally
from yingjin.insight.queries.find import find
from yingjin.insight.queries.findings import FoundPlace, found_place
from yingjin.insight.queries.kept import kept
from yingjin.insight.queries.places import COUNTY_DIGITS, VILLAGE_DIGITS, place
from yingjin.insight.queries.shapes import DueCount, FindPage, Place, RegionPage, RegionRow
from yingjin.registry.domain.regions import level_of
from yingjin.registry.queries import parts_of

MENDED = ("unlinked", "disagreements", "held", "incomplete")  # cancelled bills are settled, not to be mended
Counted = Mapping[tuple[str, str], int]  # due, status -> dues


def region(reader: Any, on: date, region_code: str = "", page: int = 1) -> RegionPage:
    """Return the reader's own region, or a part of it, on a found day; `page` is of a village's people.

    Who reads figures alone is shown nobody. Errors: NotFound for a place outside the scope; DayNotFound; NotAllowed.
    """
    allow(reader, "read_overview")
    at = found_place(reader, on, region_code)
    whole, *parts = kept(at, "region", lambda: _rows(at))
    return RegionPage(level_of(at.place.code), on, whole, parts, _people(reader, at, page))


def _people(reader: Any, at: FoundPlace, page: int) -> FindPage | None:
    if len(at.place.code) < VILLAGE_DIGITS or not may(reader, "find"):
        return None
    return find(reader, at.finding.on, "", at.place.code, page)


def _rows(at: FoundPlace) -> list[RegionRow]:
    """Return the region itself and then every place below it, the complete and the unknown ones too."""
    below = [place(code, name) for code, name in parts_of(at.place.code)]
    codes = [at.place.code, *(each.code for each in below)]
    tallies, dues = _tallies(at, codes), _dues(at, codes)
    heard = _heard(tallies, codes)
    return [
        _row(each, tallies.get(each.code, ()), dues.get(each.code, {}), known=each.code in heard)
        for each in (at.place, *below)
    ]


def _tallies(at: FoundPlace, codes: Sequence[str]) -> dict[str, list[Tally]]:
    rows: dict[str, list[Tally]] = defaultdict(list)
    measured = Tally.objects.filter(
        finding=at.finding, audience=at.audience, measure__in=(BASE, PERSONS, QUALITY), region_code__in=codes
    )
    for row in measured:
        rows[row.region_code].append(row)
    return rows


def _dues(at: FoundPlace, codes: Sequence[str]) -> dict[str, dict[tuple[str, str, bool], int]]:
    counted: dict[str, dict[tuple[str, str, bool], int]] = defaultdict(dict)
    rows = DueTally.objects.filter(finding=at.finding, audience=at.audience, region_code__in=codes)
    groups = rows.values_list("region_code", "due", "status", "late").annotate(dues=Sum("count")).order_by()
    for code, due, status, late, dues in groups:
        counted[code][due, status, late] = dues
    return counted


def _heard(tallies: Mapping[str, Sequence[Tally]], codes: Iterable[str]) -> set[str]:
    """Return the places that registers came from: those with people, and below a county all of them."""
    return {code for code in codes if tallies.get(code) or len(code) > COUNTY_DIGITS}


def _row(
    where: Place, tallies: Iterable[Tally], dues: Mapping[tuple[str, str, bool], int], *, known: bool
) -> RegionRow:
    rows = list(tallies)
    base = next((row for row in rows if row.measure == BASE), None)
    return RegionRow(
        place=where,
        known=known,
        persons=base.persons if base else 0,
        households=base.count if base else 0,
        dues={due: _due(due, dues, rows) for due in DUES},
        late=sum(number for (_, _, late), number in dues.items() if late),
        quality={
            kind: sum(row.count for row in rows if row.measure == QUALITY and row.subject == kind)
            for kind in MENDED
        },
    )


def _due(due: str, dues: Mapping[tuple[str, str, bool], int], rows: Iterable[Tally]) -> DueCount:
    def number(status: str) -> int:
        return sum(dues.get((due, status, late), 0) for late in (False, True))

    persons = {row.status: row.persons for row in rows if row.measure == PERSONS and row.subject == due}
    return DueCount(
        due=due,
        done=number("done"),
        open=number("open"),
        unknown=number("unknown"),
        excepted=number("excepted"),
        persons_due=persons.get(ALL_DUE, 0),
        persons_lacking=persons.get(LACKING, 0),
    )
