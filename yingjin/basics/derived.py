"""Keep a table of derived facts equal to what the landed rows say, writing only what differs (D5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

BATCH = 2_000


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
    drafts: Iterable[Mapping[str, Any]],
    *,
    match: tuple[str, ...],
    compare: tuple[str, ...],
    remove: bool = True,
) -> SyncTally:
    """Make the table hold exactly the drafts: same `match` fields are the same fact, `compare` fields may change.

    A draft names the model's fields; a foreign key by its column (`person_id`). Call it inside the action's transaction. `remove=False` keeps facts that no draft speaks of.
    """
    tally = SyncTally()
    rows = model._default_manager.values_list("pk", *match, *compare)
    width = len(match)
    held = {row[1 : 1 + width]: (row[0], row[1 + width :]) for row in rows.iterator(chunk_size=10_000)}
    new: list[models.Model] = []
    changed: list[models.Model] = []
    for draft in drafts:
        key = tuple(draft[name] for name in match)
        pk, values = held.pop(key, (None, None))
        if pk is None:
            new.append(model(**draft))
        elif values != tuple(draft[name] for name in compare):
            changed.append(model(**{**draft, model._meta.pk.name: pk}))
        else:
            tally.unchanged += 1
        if len(new) >= BATCH:
            tally.added += _create(model, new)
    tally.added += _create(model, new)
    for start in range(0, len(changed), 200):
        model._default_manager.bulk_update(changed[start : start + 200], compare)
    tally.changed = len(changed)
    if remove and held:
        gone = [pk for pk, _ in held.values()]
        for start in range(0, len(gone), 500):
            model._default_manager.filter(pk__in=gone[start : start + 500]).delete()
        tally.removed = len(gone)
    return tally


def _create(model: type[models.Model], new: list[models.Model]) -> int:
    model._default_manager.bulk_create(new, batch_size=BATCH)
    count = len(new)
    new.clear()
    return count
