"""The found day behind a page, and the place a reader asks for, from stored tallies alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from yingjin.basics.access import inside
from yingjin.basics.errors import NotFound
from yingjin.basics.prepared import prepared
from yingjin.gaps.models import Due, Finding
from yingjin.insight.domain.tallies import ALL, PERSONS, PLAIN
from yingjin.insight.models import DueTally, Tally
from yingjin.insight.queries.places import place
from yingjin.insight.queries.shapes import Place
from yingjin.insight.queries.sight import Sight, missing, sight_of
from yingjin.registry.domain.regions import level_below, prefix_range
from yingjin.registry.queries import name_of


class DayNotFound(NotFound):
    """Nobody looked for the dues of this day yet."""

    code = "day_not_found"


@dataclass(frozen=True)
class FoundPlace:
    """One found day in one place inside a reader's scope: every query of Overview and Gaps starts here."""

    finding: Finding
    sight: Sight
    place: Place

    @property
    def own_lists(self) -> bool:
        """Say whether the reader sees own lists alone."""
        return bool(self.sight.scope.desk)

    @cached_property
    def counted(self) -> bool:
        """Say whether what this reader may see was counted when the dues were found: of an older finding, own lists were not."""
        mine = Tally.objects.filter(finding=self.finding, audience=self.audience, measure=PERSONS)
        return not self.own_lists or mine.exists()

    @property
    def audience(self) -> str:
        """Say whose tallies this reader may see: own lists have their own, so that nothing else is shown by mistake."""
        if self.own_lists:
            return self.sight.scope.desk
        return ALL if self.sight.scope.sees_sensitive else PLAIN

    @property
    def level_below(self) -> str:
        """Return the level of the places one below."""
        return str(level_below(self.place.code))

    def tallies(self) -> QuerySet[Tally]:
        """Return the tallies of the place itself."""
        return Tally.objects.filter(finding=self.finding, audience=self.audience, region_code=self.place.code)

    def tallies_below(self) -> QuerySet[Tally]:
        """Return the tallies of the places one level below."""
        return self._below(Tally.objects.filter(finding=self.finding, audience=self.audience))

    def due_tallies(self) -> QuerySet[DueTally]:
        """Return the counts of dues of the place itself."""
        return DueTally.objects.filter(
            finding=self.finding, audience=self.audience, region_code=self.place.code
        )

    def due_tallies_in(self, codes: Iterable[str]) -> QuerySet[DueTally]:
        """Return the counts of dues of some places inside the reader's scope."""
        rows = DueTally.objects.filter(
            finding=self.finding, audience=self.audience, region_code__in=sorted(codes)
        )
        return inside(rows, self.sight.scope)

    def due_tallies_below(self) -> QuerySet[DueTally]:
        """Return the counts of dues of the places one level below."""
        return self._below(DueTally.objects.filter(finding=self.finding, audience=self.audience))

    def dues(self, *, walked: bool = False) -> QuerySet[Due]:
        """Return the dues of the place, without those of a hidden illness.

        A finding holds the people of its own region alone. For a reader of all of it no range is asked, so that the
        database walks the deadlines in order instead of sorting the whole county. `walked` asks for the same in one
        county of several: right for the first pages of a long list alone.
        """
        rows, scope = Due.objects.filter(finding=self.finding), self.sight.scope
        if self.own_lists or not scope.sees_people:
            return self.sight.dues_of_people(rows)
        if not scope.covers(self.finding.region_code):
            return self.sight.dues_walked(rows) if walked else self.sight.dues_of_people(rows)
        return rows if scope.sees_sensitive else rows.filter(sensitive=False)

    def _below(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        low, high = prefix_range(self.place.code)
        return rows.filter(region_level=self.level_below, region_code__gte=low, region_code__lt=high)


def found_place(reader: Any, on: date, region_code: str = "") -> FoundPlace:
    """Return a found day in the reader's own region or a part of it.

    Errors: NotFound for a place that is not there or not in the reader's scope; DayNotFound.
    """
    sight = sight_of(reader)
    if region_code:
        sight = sight.narrowed(region_code)
    code = sight.scope.region_prefix
    name = name_of(code)
    if name is None:
        raise missing("地方", "place")
    return FoundPlace(finding_of(on), sight, place(code, name))


def found_at(finding: Finding) -> datetime:
    """Return when what pages say of a found day was worked out."""
    summary = getattr(finding, "summary", None)
    moment: datetime = summary.built_at if summary else finding.found_at
    return moment


def finding_of(on: date) -> Finding:
    """Return the finding of a day. Errors: DayNotFound."""
    finding: Finding | None = next(iter(_findings(on)), None)
    if finding is None:
        raise DayNotFound(
            f"还没有找过 {on} 的缺口。请先运行 yingjin run-county，并用 --on {on} 指定这一天。",
            f"Nobody looked for the dues of {on} yet. Run yingjin run-county with --on {on} first.",
            on=on.isoformat(),
        )
    return finding


@prepared
def _findings(on: date) -> QuerySet[Finding]:
    return Finding.objects.filter(on=on).select_related("summary")
