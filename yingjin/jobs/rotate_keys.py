"""`yingjin rotate-keys`: take new keys into use, seal everything anew with them, then forget the former ones.

Safe to stop and to run again: it goes on where it was. The pages go on working meanwhile, opening and finding with
both; the main job waits, because it compares what is found by one key.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from yingjin.basics.access import Robot
from yingjin.jobs import setup
from yingjin.jobs.run_county import only_one

PASSES = 3  # what pages write while the first pass runs may still be under the former key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(args: argparse.Namespace) -> int:
    """Replace the keys; return 0, or 2 when something still needs a former key."""
    setup.django()
    setup.migrate()
    from django.utils import timezone

    with only_one(rotating=True):
        left, tally = rotate(at=timezone.now())
    sealed = "，".join(f"{what} {count:,}" for what, count in sorted(tally.items())) or "—"
    print(f"重新加密 sealed anew：{sealed}")
    if left:
        print(
            f"还有 {left:,} 处用着旧密钥，旧密钥留着。再运行一次 yingjin rotate-keys。\n"
            f"{left:,} values still need a former key, which is kept. Run `yingjin rotate-keys` again."
        )
        return 2
    print(
        "新密钥已启用，旧密钥已删去。请马上把密钥文件另存一份：以前的备份要用以前的密钥文件才打得开。\n"
        "The new keys are in use and the former ones are gone. Save the key file elsewhere now: earlier backups "
        "open with the earlier key file only."
    )
    return 0


def rotate(*, at: datetime) -> tuple[int, Counter[str]]:
    """Go on with a rotation, or begin one; return how much still needs a former key, and how much was sealed anew."""
    from yingjin.basics.keys import provider

    keys, by = provider(), Robot()
    if not keys.rotating():
        keys.begin_rotation()
        _record("key_rotation_begun", keys.current(), by, at)
    tally: Counter[str] = Counter()
    left = 0
    for _ in range(PASSES):
        for counts in (_seal_rows_anew(), _seal_files_anew()):
            tally.update(counts)
        left = _needing_former_keys()
        if not left:
            keys.retire()
            _record("key_rotation_ended", keys.current(), by, at, **tally)
            break
    return left, tally


def _record(what: str, key_id: str, by: Any, at: datetime, **counts: int) -> None:
    from django.db import transaction

    from yingjin.basics.audit import record

    with transaction.atomic():
        record(what, target=f"key:{key_id}", by=by, at=at, **counts)


def _seal_rows_anew() -> Counter[str]:
    """Seal every row that needs a former key with the present one, batch by batch."""
    from yingjin.basics.progress import track
    from yingjin.basics.resealing import hiding_models, left_in, seal_anew

    tally: Counter[str] = Counter()
    for model in hiding_models():
        waiting = left_in(model)
        if waiting:
            batches = seal_anew(model, after=DIGESTS.get(model._meta.label))
            rows = chain.from_iterable(range(count) for count in batches)
            label = f"换密钥 {model._meta.db_table}"
            tally[model._meta.db_table] += sum(1 for _ in track(rows, label, total=waiting))
    return tally


def _seal_files_anew() -> Counter[str]:
    from yingjin.basics.progress import track
    from yingjin.basics.sealing import seal_file_anew

    tally: Counter[str] = Counter()
    for path in track(list(_files_of_former_keys()), "换密钥 文件"):
        seal_file_anew(path)
        tally["files"] += 1
    return tally


def _files_of_former_keys() -> Iterator[Path]:
    from django.conf import settings

    from yingjin.basics.keys import provider
    from yingjin.basics.sealing import is_sealed_file, sealed_file_head

    now = provider().current()
    for path in sorted(Path(settings.STORE).rglob("*")):
        if path.is_file() and is_sealed_file(path) and sealed_file_head(path).key_id != now:
            yield path


def _needing_former_keys() -> int:
    from yingjin.basics.resealing import hiding_models, left_in

    return sum(left_in(model) for model in hiding_models()) + sum(1 for _ in _files_of_former_keys())


def _digests_of_persons(persons: Any) -> Iterator[tuple[str, Any]]:
    from yingjin.registry.actions.persons import digest_of

    for person in persons:
        yield digest_of(person), person.pk


def _digests_of_rows(rows: Any) -> Iterator[tuple[str, Any]]:
    from yingjin.basics.sealing import digest_key
    from yingjin.fusion.domain.checking import digest_of_payload

    key = digest_key()
    for row in rows:
        yield digest_of_payload(row.payload, key), row.pk


# What the hashes of hidden content are worked out from; they are under the keys that find.
DIGESTS: Mapping[str, Callable[[Any], Iterator[tuple[str, Any]]]] = {
    "registry.Person": _digests_of_persons,
    "fusion.Row": _digests_of_rows,
}
