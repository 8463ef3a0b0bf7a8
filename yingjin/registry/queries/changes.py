"""
What became of codes: the yearly table of changes, read forwards and backwards.

* history     a code with every change that led to it and every one that led on from it
* changes     the table of changes by year and province
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from yingjin.registry import files
from yingjin.registry.domain.regions import Resolution, canonical, level_of
from yingjin.registry.files import Change
from yingjin.registry.queries.places import LIVES, name_of, resolve


@dataclass(frozen=True)
class History:
    """A code: what it is, from when to when, what it stands for today, and the changes around it in order of time."""

    code: str
    name: str
    level: str
    valid_from: date | None
    valid_to: date | None
    statistical: bool
    today: Resolution
    before: tuple[Change, ...]
    after: tuple[Change, ...]
    earlier_names: tuple[str, ...]


def history(text: str) -> History | None:
    """Return what is known of a code, padded or not; None when the table does not hold it."""
    code = canonical(text) or ""
    life = LIVES.get(code)
    if life is None:
        return None
    before = _followed(code, _by_new(), lambda change: change.old_code)
    after = _followed(code, _by_old(), lambda change: change.new_code)
    return History(
        code=code,
        name=name_of(code) or "",
        level=level_of(code),
        valid_from=life.valid_from,
        valid_to=life.valid_to,
        statistical=code in files.statistical_units(),
        today=resolve(code),
        before=before,
        after=tuple(change for change in after if change not in before),
        earlier_names=tuple(row.name for row in files.earlier_names() if row.code == code),
    )


def changes(*, year: str = "", province: str = "") -> list[Change]:
    """Return the changes of a year, of a province, or all, the newest first."""
    rows = [
        change
        for change in files.changes()
        if (not year or change.year == year)
        and (not province or (change.old_code or change.new_code).startswith(province))
    ]
    return rows[::-1]


@cache
def change_years() -> tuple[str, ...]:
    """Return the years that have changes, the newest first."""
    return tuple(sorted({change.year for change in files.changes()}, reverse=True))


def _followed(
    code: str, index: dict[str, list[Change]], onward: Callable[[Change], str]
) -> tuple[Change, ...]:
    """Return the changes met by following a code from one to the next, in order of time."""
    seen, waiting, met = {code}, [code], dict[Change, None]()
    while waiting:
        for change in index.get(waiting.pop(), ()):
            met[change] = None
            further = onward(change)
            if further and further not in seen:
                seen.add(further)
                waiting.append(further)
    return tuple(sorted(met, key=lambda change: (change.year, change.old_code, change.new_code)))


def _indexed(code_of: Callable[[Change], str]) -> dict[str, list[Change]]:
    index: dict[str, list[Change]] = defaultdict(list)
    rows: Iterable[Change] = files.changes()
    for change in rows:
        if code_of(change):
            index[code_of(change)].append(change)
    return dict(index)


@cache
def _by_old() -> dict[str, list[Change]]:
    return _indexed(lambda change: change.old_code)


@cache
def _by_new() -> dict[str, list[Change]]:
    return _indexed(lambda change: change.new_code)
