"""Filters kept under a name: one's own, and those that somebody of the same region shared."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.db.models import Q, QuerySet

from yingjin.basics.access import may, scope_of
from yingjin.basics.prepared import prepared
from yingjin.insight.keeping import PAGES
from yingjin.insight.models import SavedFilter
from yingjin.registry.domain.regions import above_all


@dataclass(frozen=True)
class KeptFilter:
    """One filter as a page lists it; `mine` says whether it is the reader's own."""

    key: UUID
    page: str
    name: str
    query: str
    shared: bool
    mine: bool
    owner: str


def saved_filters(reader: Any, page: str = "") -> list[KeptFilter]:
    """List a reader's own filters and those shared in the regions the reader's lies in, of one list or of all.

    One that opens a place outside the reader's scope, or a list not for the reader, is left out: it would open nothing.
    """
    scope = scope_of(reader)
    listed = [
        KeptFilter(
            each.key, each.page, each.name, each.query, each.shared, each.owner == reader.username, each.owner
        )
        for each in _filters(reader.username, reader.region_code, page)
        if each.page in PAGES
        and may(reader, PAGES[each.page])
        and all(scope.covers(code) for code in _places(each.query))
    ]
    return sorted(listed, key=lambda each: (not each.mine, each.name, each.owner))


def _places(query: str) -> list[str]:
    """Return the places a kept query names."""
    named = parse_qs(query)
    return [code for blank in ("region", "village") for code in named.get(blank, ())]


@prepared
def _filters(owner: str, region_code: str, page: str) -> QuerySet[SavedFilter]:
    """Return somebody's own filters, and those shared in a region or in one that it lies in."""
    regions = [*above_all(region_code), region_code]
    shared = Q(shared=True, region_code__in=regions) if region_code else Q(pk__in=[])
    rows = SavedFilter.objects.filter(Q(owner=owner) | shared)
    return rows.filter(page=page) if page else rows
