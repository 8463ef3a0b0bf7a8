"""Land a folder of register files: every register as one transaction, so that a stop at any point loses nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.memory import no_search_for_cycles
from yingjin.fusion.actions.marking import missing
from yingjin.fusion.actions.register_persons import PERSONS
from yingjin.fusion.actions.settlements import facility_state, land_settlements, waiting_rows
from yingjin.fusion.actions.sources import REFUSED, Batch, Survey, keep_refused, survey
from yingjin.fusion.actions.states import Track, land_state
from yingjin.fusion.actions.tally import ABSENT, UNCHANGED, LandTally, PartTally
from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files import Recognised
from yingjin.fusion.formats import kinds, registers
from yingjin.fusion.models import Landing, RegisterState, Row, SourceFile

SETTLEMENT, ENROLMENT = "settlement", "enrolment"


def untracked(things: Iterable[Any], label: str, total: int | None = None) -> Iterator[Any]:
    """Show no progress."""
    return iter(things)


def land(
    *,
    folder: Path,
    county_code: str,
    by: Any,
    at: datetime,
    track: Track = untracked,
    landing: Landing | None = None,
) -> LandTally:
    """Bring every register to what the files of a folder hold; return what was done. Whom rows mean is read at linking.

    Safe to run twice: a register whose files have not changed is left alone. Nothing of a register is withdrawn
    when the folder holds no file of it, when one is refused whole, or when a file that nobody can read may be one.
    An import names its own landing, begun before.
    """
    allow(by, "land")
    found = survey(folder)
    if landing is None:
        landing = _landing(found, by, at)
    else:
        keep_refused(_of_no_register(found), "", landing, at)
    tally = LandTally(landing, files_unknown=len(found.unknown))
    for batch in found.batches:
        with no_search_for_cycles():
            tally.parts.append(_land_part(batch, landing, county_code, by, at, track))
    return tally


@transaction.atomic
def finish_landing(*, landing: Landing, summary: dict[str, Any], by: Any, at: datetime) -> None:
    """Keep the summary of a main job that has ended well."""
    allow(by, "land")
    landing.finished_at, landing.summary = at, summary
    landing.save(update_fields=["finished_at", "summary"])
    record("landing_finished", target=f"landing:{landing.pk}", by=by, at=at)


@transaction.atomic
def _landing(found: Survey, by: Any, at: datetime) -> Landing:
    """Take up the latest landing when it is of the same files, else begin one; keep the files of no register."""
    latest = Landing.objects.filter(imported=None).order_by("-id").first()
    if latest is not None and latest.inputs_digest == found.digest:
        return latest
    landing = Landing.objects.create(started_at=at, inputs_digest=found.digest)
    refused = _of_no_register(found)
    keep_refused(refused, "", landing, at)
    record("landing_begun", target=f"landing:{landing.pk}", by=by, at=at, unknown=len(refused))
    return landing


def _of_no_register(found: Survey) -> list[tuple[Recognised, FileRefused]]:
    return [(each, each.refusal) for each in found.unknown if each.refusal is not None]


def _land_part(
    batch: Batch, landing: Landing, county_code: str, by: Any, at: datetime, track: Track
) -> PartTally:
    settlements = batch.part.name == SETTLEMENT
    more = (facility_state(),) if settlements else ()
    if batch.files and unchanged(batch, more):
        tally = _as_it_was(batch)
    elif batch.files or (settlements and any(waiting_rows())):
        lands = land_settlements if settlements else land_state
        tally = lands(batch, landing=landing, county_code=county_code, by=by, at=at, track=track)
    else:
        tally = PartTally(batch.part.register, batch.part.name, outcome=ABSENT)
    tally.notes += _notes(batch, tally, adds=settlements)
    return tally


def unchanged(batch: Batch, more: tuple[str, ...]) -> bool:
    """Say whether the part's present state was read from these very files, and its marked-up copies are there."""
    states = RegisterState.objects.filter(register=batch.part.register)
    if batch.part.name == ENROLMENT:
        # One landing sets all its years at once: when the latest was of these files, each of their years is.
        yearly = states.exclude(part__in=("", PERSONS))
        latest = yearly.aggregate(latest=Max("applied_at"))["latest"]
        digests = set(yearly.filter(applied_at=latest).values_list("files_digest", flat=True))
    else:
        digests = set(states.filter(part="").values_list("files_digest", flat=True))
    return digests == {batch.digest(*more)} and not missing(file.sha256 for file in batch.files)


def _as_it_was(batch: Batch) -> PartTally:
    """Count a part that did not change, as it stands."""
    tally = PartTally(batch.part.register, batch.part.name, outcome=UNCHANGED, files=len(batch.files))
    counted = Row.objects.filter(kind__in=batch.part.kinds, current=True).order_by()
    for kind, accepted, count in counted.values_list("kind", "accepted").annotate(count=Count("id")):
        tally.of(kind).rows += count
        if accepted:
            tally.of(kind).known += count
        else:
            tally.of(kind).refused += count
    digests = [file.sha256 for file in batch.files]
    named = SourceFile.objects.filter(sha256__in=digests, register=batch.part.register).order_by("id")
    latest = dict(named.values_list("sha256", "status"))
    tally.files_refused = sum(status == REFUSED for status in latest.values())
    return tally


def _notes(batch: Batch, tally: PartTally, *, adds: bool) -> Iterator[tuple[str, str]]:
    """Say why nothing was withdrawn where that is so."""
    if adds:
        return
    register = registers()[batch.part.register]
    zh, en = register.zh, f"the {register.en}"
    if batch.part.name == ENROLMENT:
        zh, en = kinds()[ENROLMENT].title_zh, kinds()[ENROLMENT].title_en
    if tally.outcome == ABSENT:
        yield (
            f"文件夹里没有{zh}的文件，原有的一行没有动。",
            f"The folder holds no file of {en}; what was there stays as it was.",
        )
    elif tally.files_refused:
        yield (
            f"{zh}有 {tally.files_refused} 个文件整个没有收，所以这次一行也不撤回。",
            f"{tally.files_refused} files of {en} were refused whole, so no row is withdrawn this time.",
        )
    elif batch.in_doubt:
        yield (
            f"文件夹里有读不出的文件，可能是{zh}的，所以这次一行也不撤回。",
            f"A file nobody can read may be of {en}, so no row is withdrawn this time.",
        )
