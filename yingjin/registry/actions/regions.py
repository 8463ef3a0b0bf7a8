"""Bring the tables of regions to what this package ships."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models.functions import Left

from yingjin.basics import bulk
from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.registry import files
from yingjin.registry.domain.regions import LEVELS
from yingjin.registry.models import Region, RegionSuccession

FIELDS = ("code", "name", "level", "pinyin", "initials", "valid_from", "valid_to")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class RegionsLoaded:
    """What a load found and wrote; `digest` is of the content now held."""

    regions: int
    successions: int
    written: int
    withdrawn: int
    digest: str


@transaction.atomic
def load_regions(*, by: Any, at: datetime, provinces: Collection[str] = ()) -> RegionsLoaded:
    """Bring regions and successions to the shipped state: write what is new or differs, remove what is no more.

    Every province, city and county is held; townships and villages are held of some provinces: those named, and
    those held before. All 165,000 would take seconds, and pages ask the tables shipped. A second load of the same
    content writes nothing, not even an audit line.
    """
    allow(by, "load_regions")
    wanted = {*provinces, *_provinces_held()}
    shipped = {row[0]: row for row in _shipped_regions(sorted(wanted))}
    held = {row[0]: row for row in Region.objects.values_list(*FIELDS)}
    became = set(_shipped_successions())
    stood = set(RegionSuccession.objects.values_list("old_code", "new_code", "on", "what"))
    written = [row for code, row in shipped.items() if held.get(code) != row]
    gone = [code for code in held if code not in shipped]
    if stood != became:
        RegionSuccession.objects.all().delete()
        bulk.insert(RegionSuccession, ("old_code", "new_code", "on", "what"), sorted(became))
    Region.objects.filter(code__in=gone).delete()
    bulk.insert(Region, FIELDS, (row for row in written if row[0] not in held))
    bulk.update(Region, FIELDS[1:], ((*row[1:], row[0]) for row in written if row[0] in held))
    loaded = RegionsLoaded(len(shipped), len(became), len(written), len(gone), _digest(shipped, became))
    if written or gone or stood != became:
        record("regions_loaded", target=f"regions:{loaded.digest}", by=by, at=at, **_facts(loaded))
    return loaded


def _provinces_held() -> set[str]:
    held = Region.objects.filter(level="township").values_list(Left("code", 2), flat=True)
    return set(held.distinct())


def _shipped_regions(provinces: Iterable[str]) -> Iterable[Row]:
    for level in LEVELS.values():
        upper = level not in files.BY_PROVINCE
        rows = (
            files.regions(level) if upper else chain(*(files.regions_in(each, level) for each in provinces))
        )
        for row in rows:
            days = (_day(row.valid_from), _day(row.valid_to))
            yield (row.code, row.name, level, row.pinyin, row.initials, *days)


def _shipped_successions() -> Iterable[Row]:
    for row in files.successions():
        yield (row.old_code, row.new_code, date.fromisoformat(row.on), row.what)


def _digest(regions: dict[str, Row], successions: set[Row]) -> str:
    content = repr((sorted(regions.values()), sorted(successions)))
    return blake2b(content.encode("utf-8"), digest_size=12).hexdigest()


def _facts(loaded: RegionsLoaded) -> dict[str, int]:
    return {
        "regions": loaded.regions,
        "successions": loaded.successions,
        "written": loaded.written,
        "withdrawn": loaded.withdrawn,
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
