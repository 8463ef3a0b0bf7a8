"""Write the tallies of a finding.

* person_rows, due_rows        what the dues of everybody add up to
* keep_rows, keep_due_rows     write them
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from yingjin.basics.bulk import insert
from yingjin.gaps.models import Finding
from yingjin.insight.counting import Row
from yingjin.insight.domain.tallies import PERSONS, DueGroup, DueTallies
from yingjin.insight.models import DueTally, Tally
from yingjin.registry.domain.regions import level_of

# In the order of counting.Row, and of DueGroup between the place and the counts.
TALLY_FIELDS = (
    "audience", "region_code", "measure", "subject", "status", "count", "persons", "amount_fen",
)  # fmt: skip
DUE_TALLY_FIELDS = (
    "audience", "region_code", "due", "status", "reason", "owner_role", "age", "late", "count", "shortfall_fen",
)  # fmt: skip


class DueRow(NamedTuple):
    """Dues of one place that stand alike, and what they lack in fen."""

    audience: str
    region_code: str
    group: DueGroup
    number: int
    short_fen: int


def person_rows(tallies: DueTallies) -> Iterator[Row]:
    """Yield how many persons are behind each kind of due, in every place."""
    for audience, place, due, kind, number in tallies.rolled_persons():
        yield Row(audience, place, PERSONS, due, kind, 0, number, 0)


def due_rows(tallies: DueTallies) -> Iterator[DueRow]:
    """Yield how many dues stand alike, in every place."""
    for each in tallies.rolled_groups():
        yield DueRow(*each)


def keep_rows(finding: Finding, rows: Iterable[Row]) -> int:
    """Write tallies of single figures; return how many."""
    values = ((finding.pk, level_of(row.region_code), *row) for row in rows)
    return insert(Tally, ("finding", "region_level", *TALLY_FIELDS), values)


def keep_due_rows(finding: Finding, rows: Iterable[DueRow]) -> int:
    """Write tallies of dues; return how many."""
    values = (
        (
            finding.pk,
            level_of(row.region_code),
            row.audience,
            row.region_code,
            *row.group,
            row.number,
            row.short_fen,
        )
        for row in rows
    )
    return insert(DueTally, ("finding", "region_level", *DUE_TALLY_FIELDS), values)
