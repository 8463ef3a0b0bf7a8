"""Keep a table of derived facts equal to what the landed rows say, writing only what differs (D5)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.db import models, transaction

from yingjin.basics import bulk

BATCH = 2_000
IDS_A_STATEMENT = 500
MOST_READ_FIRST = 50_000
Draft = Mapping[str, Any]
Rows = list[Sequence[Any]]
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
    told: Callable[[SyncTally], object] = lambda tally: None,
) -> SyncTally:
    """Make the table hold exactly the drafts: same `match` fields are the same fact, `compare` fields may change.

    A draft names all the model's columns, a foreign key as `person_id`; the last of `match` finds a fact by an
    index. `remove=False` keeps facts that no draft speaks of. `told` is called with the tally at the end of the one
    transaction that writes. Outside one, all is read and compared before it begins, so that whoever else writes
    waits for the writing alone; only past MOST_READ_FIRST differences the rest is read while it runs.
    """
    tally = SyncTally()
    left = set(model._default_manager.values_list("pk", flat=True).iterator(chunk_size=10_000))
    batches = _differences(model, drafts, match, compare, left, tally)
    first, read = [], 0
    for new, changed in batches:
        first.append((new, changed))
        read += len(new) + len(changed)
        if read >= MOST_READ_FIRST:
            break
    columns = _columns(model)
    with transaction.atomic():
        for new, changed in chain(first, batches):
            tally.added += bulk.insert(model, columns, new)
            tally.changed += bulk.update(model, compare, changed)
        if remove:
            tally.removed = _remove(model, left)
        told(tally)
    return tally


def _differences(
    model: type[models.Model],
    drafts: Iterable[Draft],
    match: tuple[str, ...],
    compare: tuple[str, ...],
    left: set[Any],
    tally: SyncTally,
) -> Iterator[tuple[Rows, Rows]]:
    """Yield what is new and what has changed, batch by batch; what a draft speaks of is taken out of `left`."""
    columns, known, waiting = _columns(model), bool(left), iter(drafts)
    while batch := list(islice(waiting, BATCH)):
        held = _held(model, batch, match, compare) if known else {}
        new: Rows = []
        changed: Rows = []
        for draft in batch:
            pk, before = held.get(tuple([draft[name] for name in match]), (None, None))
            left.discard(pk)
            if pk is None:
                new.append([draft[name] for name in columns])
            elif before != (now := tuple([draft[name] for name in compare])):
                changed.append((*now, pk))
            else:
                tally.unchanged += 1
        yield new, changed


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not _numbers_itself(field)]


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
