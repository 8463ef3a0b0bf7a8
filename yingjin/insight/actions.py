"""Find the four dues of a day and keep what its pages show: the finding, the gaps it turns, and the tallies."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from typing import Any
from uuid import UUID

from yingjin.basics.access import allow
from yingjin.basics.audit import record, recorded_last
from yingjin.basics.progress import track
from yingjin.gaps.actions import PersonFound, store_finding
from yingjin.gaps.domain.dues import dues_on
from yingjin.gaps.domain.rules import DUES
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import Finding
from yingjin.insight import counting
from yingjin.insight.counting import Row
from yingjin.insight.desk_tallies import desk_rows
from yingjin.insight.domain.tallies import STATUSES, DueTallies
from yingjin.insight.facts import BATCH, base_keys, person_days
from yingjin.insight.hiding import hide_in_others
from yingjin.insight.models import DueTally, Summary, Tally
from yingjin.insight.tallying import DueRow, due_rows, keep_due_rows, keep_rows, person_rows
from yingjin.policy.domain.compiling import Rulebook
from yingjin.settlement.queries import last_discharge_day


@dataclass(frozen=True)
class FindTally:
    """What a day found: the base, each due by status, and what became of the gaps."""

    on: date
    persons: int
    dues: Mapping[str, Mapping[str, int]]
    gaps: Mapping[str, int]
    changed: bool
    latest: bool
    counts: dict[str, int] = field(default_factory=dict)


def find_dues(
    *,
    on: date,
    region_code: str,
    by: Any,
    at: datetime,
    rulebook: Rulebook | None = None,
    title_zh: str = "",
) -> FindTally:
    """Judge the four dues of everybody in the base of a region on a day, and keep what was found with its tallies.

    `title_zh` is what pages call the rulebook, by default its own title.

    Facts are read first: the database is held for writing only while the finding is stored. Run again over the
    same facts, it writes nothing.
    """
    allow(by, "find_dues")
    tallies = DueTallies(on)
    try:
        found = list(_judged(on, region_code, tallies))
        title_zh = title_zh or (rulebook.contents.title.zh if rulebook else "")
        return _store(
            found, tallies, on=on, region_code=region_code, rulebook=rulebook, title_zh=title_zh, by=by, at=at
        )
    finally:
        gc.unfreeze()


def _store(
    found: list[PersonFound],
    tallies: DueTallies,
    *,
    on: date,
    region_code: str,
    rulebook: Rulebook | None,
    title_zh: str,
    by: Any,
    at: datetime,
) -> FindTally:
    hidden = counting.hidden_bill_keys(region_code)
    rows, dues = _rows(on, hidden, tallies, found), list(due_rows(tallies))
    version = rulebook.version_on(on).label if rulebook else ""
    with recorded_last():
        stored = store_finding(
            on=on, region_code=region_code, rulebook_version=version, found=found, by=by, at=at
        )
        desk_persons, desk_dues = desk_rows(stored.finding)
        summary = Summary(
            finding=stored.finding,
            built_at=at,
            data_until=last_discharge_day(),
            rulebook_title_zh=title_zh,
            rulebook_version=version,
            registers=counting.register_states(),
        )
        built = _keep(summary, [*rows, *desk_persons], [*dues, *desk_dues], by=by, at=at)
        if also := hide_in_others(stored.finding, hidden):
            record("dues_hidden", target=f"finding:{on}", by=by, at=at, dues=also)
    return _tally(found, on, stored.gaps, changed=stored.changed or built, latest=stored.latest)


def _judged(on: date, region_code: str, tallies: DueTallies) -> Iterator[PersonFound]:
    rules, keys = due_rules(), base_keys(on, region_code)
    for batch in track(person_days(keys, on), "找缺口 find dues", total=-(-len(keys) // BATCH)):
        for day in batch:
            if states := dues_on(day, on, rules):
                tallies.add(day.region_code, states)
                yield PersonFound(day.person, day.region_code, states)
        # What was found stays until it is stored: without this the collector would look all of it through again
        # and again, a third of the whole time at 200,000 people.
        gc.freeze()


def _rows(on: date, hidden: set[UUID], tallies: DueTallies, found: Iterable[PersonFound]) -> list[Row]:
    """Return every tally of one figure a place, in a fixed order."""
    return list(
        chain(
            counting.base_rows(tallies.base, (each.person for each in found), on),
            person_rows(tallies),
            counting.money_rows(on, hidden),
            counting.disease_rows(on, hidden),
            counting.quality_rows(hidden),
        )
    )


def _keep(summary: Summary, rows: list[Row], dues: list[DueRow], *, by: Any, at: datetime) -> bool:
    """Write the summary and the tallies of a finding in the place of those before; return whether they differ."""
    finding: Finding = summary.finding
    facts = (summary.data_until, summary.rulebook_title_zh, summary.rulebook_version, summary.registers)
    summary.digest = sha256(repr((facts, rows, dues)).encode()).hexdigest()
    if Summary.objects.filter(finding=finding, digest=summary.digest).exists():
        return False
    for model in (Summary, Tally, DueTally):
        model._default_manager.filter(finding=finding).delete()
    summary.save(force_insert=True)
    kept = keep_rows(finding, rows) + keep_due_rows(finding, dues)
    record("summary_built", target=f"finding:{finding.on}", by=by, at=at, tallies=kept)
    return True


def _tally(
    found: list[PersonFound], on: date, gaps: Mapping[str, int], *, changed: bool, latest: bool
) -> FindTally:
    counted = Counter((state.due, state.status) for person in found for state in person.states)
    dues = {due: {status: counted[due, status] for status in STATUSES} for due in DUES}
    lacking = sum(by["open"] + by["unknown"] for by in dues.values())
    counts = {"base": len(found), "dues": sum(counted.values()), "lacking": lacking, **gaps}
    return FindTally(on, len(found), dues, dict(gaps), changed, latest, counts)
