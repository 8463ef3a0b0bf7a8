"""The stored versions of a person's insurance year: what each bill was due by each, and by how much it differs from before.

Only what the reader may see is told. Where a hidden illness changed the year, its versions without a visible difference
are left out and the others numbered anew: neither a number nor a sum says that there was more (R96).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yingjin.basics.access import allow
from yingjin.insight.queries.persons import person_for
from yingjin.insight.queries.sight import missing, sight_of
from yingjin.settlement.models import Bill, Replay, SettledBill

AMOUNTS = (
    "in_scope_fen", "deductible_fen", "basic_fen", "critical_illness_fen", "assistance_fen", "own_fen",
)  # fmt: skip
NOTHING = dict.fromkeys(AMOUNTS, 0)


@dataclass(frozen=True)
class AmountsFen:
    """What a bill, or a difference of one, comes to. Units: fen; a difference may be negative."""

    in_scope_fen: int
    deductible_fen: int
    basic_fen: int
    critical_illness_fen: int
    assistance_fen: int
    own_fen: int


@dataclass(frozen=True)
class ReplayedBill:
    """One bill in one version. `due` is zero where the version no longer has it, `delta` what changed since the version before."""

    bill_key: UUID
    bill_id: str
    discharged_on: date
    held: bool
    due: AmountsFen
    delta: AmountsFen


@dataclass(frozen=True)
class ReplayVersion:
    """One version of a year: when and by which rulebook it was worked out, every bill, and the sum of the differences."""

    version: int
    latest: bool
    replayed_at: datetime
    rulebook_version: str
    bills: list[ReplayedBill]
    delta: AmountsFen


def replays_of_year(reader: Any, person_key: UUID | str, year: int) -> list[ReplayVersion]:
    """Return the versions of a person's year, the first one first.

    Errors: NotAllowed; NotFound for a person, or a year of a person, of which the reader may see no bill; MergedInto.
    """
    allow(reader, "read_bills")
    sight = sight_of(reader)
    person = person_for(sight, person_key)
    of_year = Bill.objects.filter(person=person.key, discharged_on__year=year).values_list("pk", flat=True)
    visible = set(sight.bills_of([person.key]).filter(pk__in=of_year).values_list("pk", flat=True))
    if not visible:
        raise missing("年度", "year")
    whole = visible >= set(of_year)
    known = Bill.objects.in_bulk(visible)
    replays = list(Replay.objects.filter(person=person.key, year=year).order_by("version"))
    lines_of = _lines(replays, visible)
    versions: list[ReplayVersion] = []
    before: Mapping[UUID, Mapping[str, int]] = {}
    for replay in replays:
        lines = {line.bill_id: line for line in lines_of[replay.pk]}
        now = {key: {name: getattr(line, name) for name in AMOUNTS} for key, line in lines.items()}
        bills = [
            _bill(known[key], line.held, now[key], before.get(key, NOTHING)) for key, line in lines.items()
        ]
        bills += [_bill(known[key], False, NOTHING, was) for key, was in before.items() if key not in now]
        if whole or now != before:
            number = replay.version if whole else len(versions) + 1
            versions.append(_version(replay, number, bills))
        before = now
    return versions if whole else _last_is_latest(versions)


def _lines(replays: list[Replay], visible: set[UUID]) -> Mapping[int, list[SettledBill]]:
    """Return the visible lines of some replays, by replay, in their order."""
    found: dict[int, list[SettledBill]] = defaultdict(list)
    for line in SettledBill.objects.filter(replay__in=replays, bill__in=visible).order_by("position"):
        found[line.replay_id].append(line)
    return found


def _bill(one: Bill, held: bool, due: Mapping[str, int], before: Mapping[str, int]) -> ReplayedBill:
    return ReplayedBill(one.pk, one.bill_id, one.discharged_on, held, AmountsFen(**due), _less(due, before))


def _less(now: Mapping[str, int], before: Mapping[str, int]) -> AmountsFen:
    return AmountsFen(**{name: now[name] - before[name] for name in AMOUNTS})


def _version(replay: Replay, number: int, bills: list[ReplayedBill]) -> ReplayVersion:
    delta = {name: sum(getattr(bill.delta, name) for bill in bills) for name in AMOUNTS}
    return ReplayVersion(
        number, replay.latest, replay.replayed_at, replay.rulebook_version, bills, AmountsFen(**delta)
    )


def _last_is_latest(versions: list[ReplayVersion]) -> list[ReplayVersion]:
    """Let the last version that is told be the latest: those after it changed nothing that is seen."""
    return [replace(each, latest=each is versions[-1]) for each in versions]
