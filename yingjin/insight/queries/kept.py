"""What pages show of a stored finding, kept in memory for as long as what was stored is the same.

The key holds the digest of every finding's tallies, so a new run, or a hiding, is seen by the next page; and the
language, for what is kept is already in words.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import get_language

from yingjin.basics.prepared import prepared
from yingjin.insight.models import Summary
from yingjin.insight.queries.findings import FoundPlace

Shown = TypeVar("Shown")
KEPT_MOST = 512
_memory: dict[Hashable, Any] = {}


def kept(at: FoundPlace, what: Hashable, make: Callable[[], Shown]) -> Shown:
    """Return what is shown of a found day in one place to one audience; made once for what is stored now.

    `what` names it, and holds whatever else of the reader or the question it depends on.
    """
    key = (
        tuple(_stored()),
        at.finding.on,
        at.finding.digest,
        at.place.code,
        at.audience,
        get_language(),
        what,
    )
    if key not in _memory:
        if len(_memory) >= KEPT_MOST:
            _memory.clear()
        _memory[key] = make()
    shown: Shown = _memory[key]
    return shown


@prepared
def _stored() -> QuerySet[Any]:
    return Summary.objects.order_by("finding").values_list("finding__on", "digest", "built_at")
