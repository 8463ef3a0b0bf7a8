"""Keep a table of derived facts equal to what the landed rows say, writing only what differs (D5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models

from yingjin.basics import bulk

BATCH = 2_000
IDS_A_STATEMENT = 500
Draft = Mapping[str, Any]
Held = dict[tuple[Any, ...], tuple[Any, tuple[Any, ...]]]


@dataclass
class SyncTally:
    """How many facts were added, changed, removed and left as they were."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    @property
    def written(self) -> int:
        """Return how many rows were touched."""
        return self.added + self.changed + self.removed


def sync(
    model: type[models.Model],
    drafts: Iterable[Draft],
    *,
    match: tuple[str, ...],
    compare: tuple[str, ...],
    remove: bool = True,
) -> SyncTally:
    """Make the table hold exactly the drafts: same `match` fields are the same fact, `compare` fields may change.

    A draft names all the model's columns, a foreign key as `person_id`; the last of `match` finds a fact by an
    index. Call it inside the action's transaction. `remove=False` keeps facts that no draft speaks of.
    """
    tally = SyncTally()
    columns = [field.attname for field in model._meta.concrete_fields if not _numbers_itself(field)]
    left = set(model._default_manager.values_list("pk", flat=True).iterator(chunk_size=10_000))
    known = bool(left)
    waiting = iter(drafts)
    while batch := list(islice(waiting, BATCH)):
        held = _held(model, batch, match, compare) if known else {}
        new: list[Sequence[Any]] = []
        changed: list[Sequence[Any]] = []
        for draft in batch:
            pk, before = held.get(tuple([draft[name] for name in match]), (None, None))
            left.discard(pk)
            if pk is None:
                new.append([draft[name] for name in columns])
            elif before != (now := tuple([draft[name] for name in compare])):
                changed.append((*now, pk))
            else:
                tally.unchanged += 1
        tally.added += bulk.insert(model, columns, new)
        tally.changed += bulk.update(model, compare, changed)
    if remove:
        tally.removed = _remove(model, left)
    return tally


def _numbers_itself(field: Any) -> bool:
    return isinstance(field, models.AutoField)


def _held(
    model: type[models.Model], drafts: Sequence[Draft], match: tuple[str, ...], compare: tuple[str, ...]
) -> Held:
    """Return the facts that some drafts may be: by what they match, the key and the fields that may change."""
    wanted = {f"{match[-1]}__in": [draft[match[-1]] for draft in drafts]}
    rows = model._default_manager.filter(**wanted).values_list("pk", *match, *compare)
    width = 1 + len(match)
    return {row[1:width]: (row[0], row[width:]) for row in rows.iterator(chunk_size=BATCH)}


def _remove(model: type[models.Model], keys: Iterable[Any]) -> int:
    removed = 0
    left = iter(keys)
    while some := list(islice(left, IDS_A_STATEMENT)):
        model._default_manager.filter(pk__in=some).delete()
        removed += len(some)
    return removed
