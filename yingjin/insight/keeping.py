"""What readers keep for themselves: filters under a name, and which notices they have read."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.insight.models import NoticeRead, SavedFilter

# Lists whose filters may be kept, by the name of their address, and who may open each.
PAGES = {"gaps": "read_gaps", "find": "find", "export_new": "export"}
# A page, a chosen row and a day pass; what was searched for may be somebody's name, and so may a reason.
NOT_KEPT = frozenset({"page", "gap", "on", "q", "why", "numbers", "format", "csrfmiddlewaretoken"})
NAME_MOST, QUERY_MOST, FILTERS_MOST = 40, 500, 50
LIKE_A_NUMBER = re.compile(r"\d{15}|\d{11}")
READ_FOR = timedelta(days=60)  # longer than any notice lasts


class BadFilter(BadInput):
    code = "bad_saved_filter"


class FilterNotFound(NotFound):
    code = "saved_filter_not_found"


class FilterNameTaken(Conflict):
    code = "saved_filter_name_taken"


@transaction.atomic
def save_filter(*, page: str, query: str, name: str, shared: bool, by: Any, at: datetime) -> SavedFilter:
    """Keep a filter of a list under a name. Errors: NotAllowed, BadFilter, FilterNameTaken."""
    allow(by, "look")
    if page not in PAGES:
        raise BadFilter("这张名单的筛选不能存。", "The filter of this list cannot be kept.", page=page)
    allow(by, PAGES[page])
    if SavedFilter.objects.filter(owner=by.username).count() >= FILTERS_MOST:
        raise BadFilter(
            f"最多存 {FILTERS_MOST} 个筛选。先删掉不用的。",
            f"At most {FILTERS_MOST} filters are kept. Delete one you no longer use.",
        )
    plain = _checked_name(name, page, by)
    made = SavedFilter(
        owner=by.username,
        region_code=by.region_code,
        page=page,
        name=plain,
        name_index=plain,
        query=kept_part(query),
        shared=shared,
        at=at,
    )
    made.save(force_insert=True)
    _record("filter_saved", made, by=by, at=at)
    return made


@transaction.atomic
def change_filter(*, key: UUID, name: str, shared: bool, by: Any, at: datetime) -> SavedFilter:
    """Rename one of one's own filters, share it or share it no longer. Errors: FilterNotFound, BadFilter, FilterNameTaken."""
    found = _own(key, by)
    found.name = found.name_index = _checked_name(name, found.page, by, but=key)
    found.shared = shared
    found.save(update_fields=["name", "name_index", "shared"])
    _record("filter_changed", found, by=by, at=at)
    return found


@transaction.atomic
def delete_filter(*, key: UUID, by: Any, at: datetime) -> None:
    """Delete one of one's own filters. Errors: FilterNotFound."""
    found = _own(key, by)
    SavedFilter.objects.filter(pk=found.pk).delete()
    _record("filter_deleted", found, by=by, at=at)


@transaction.atomic
def mark_read(*, notices: Collection[str], by: Any, at: datetime) -> int:
    """Note that somebody has read some notices; return how many were new. What was read long ago is forgotten."""
    allow(by, "look")
    NoticeRead.objects.filter(owner=by.username, at__lt=at - READ_FOR).delete()
    read = set(
        NoticeRead.objects.filter(owner=by.username, notice__in=notices).values_list("notice", flat=True)
    )
    fresh = [NoticeRead(owner=by.username, notice=notice, at=at) for notice in notices if notice not in read]
    NoticeRead.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def kept_part(query: str) -> str:
    """Return what of a page's query is kept: the choices, neither page nor day nor words searched for.

    Errors: BadFilter for a query longer than any page writes.
    """
    if len(query) > QUERY_MOST:
        raise BadFilter("这个筛选太长，存不下。", "This filter is too long to be kept.")
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in NOT_KEPT]
    return urlencode(sorted(pairs))


def _own(key: UUID, by: Any) -> SavedFilter:
    found = SavedFilter.objects.filter(pk=key, owner=by.username).first()
    if found is None:
        raise FilterNotFound("没有这个筛选，或不是您存的。", "There is no such filter, or it is not yours.")
    return found


def _checked_name(name: str, page: str, by: Any, but: UUID | None = None) -> str:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= NAME_MOST:
        raise BadFilter(
            f"名字写 1 到 {NAME_MOST} 个字，现在是 {len(plain)} 个。",
            f"Write a name of 1 to {NAME_MOST} characters; it has {len(plain)}.",
        )
    if LIKE_A_NUMBER.search(plain):
        raise BadFilter(
            "名字里像有证件号或电话，别人也会看到。换一个说得出是哪些缺口的名字。",
            "The name seems to hold an identity or phone number, and others may see it. Say what the filter shows.",
        )
    taken = SavedFilter.objects.filter(owner=by.username, page=page, name_index=plain).exclude(pk=but)
    if taken.exists():
        raise FilterNameTaken(
            f"您已有一个叫“{plain}”的筛选。换一个名字。",
            f"You already have a filter called “{plain}”. Choose another name.",
        )
    return plain


def _record(what: str, kept: SavedFilter, *, by: Any, at: datetime) -> None:
    record(what, target=f"filter:{kept.key}", by=by, at=at, page=kept.page, shared=kept.shared)
