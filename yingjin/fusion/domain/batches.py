"""
Check many rows of one table at once, column by column.

Most rows of a register have nothing against them and share most of their cells with others: a village, a day, a year
is judged once. Whatever is not plainly good is left to `RowChecker`, which alone says why: both agree on every row.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, Protocol

from yingjin.fusion.domain.cells import CellCheck, Lookups, check_of
from yingjin.fusion.domain.checking import (
    BAR,
    BETWEEN_CELLS,
    BETWEEN_TITLE_AND_CELL,
    DIGEST_BYTES,
    SHORT_ENOUGH_FOR_ALL,
    TEXTS,
    Checked,
    KindRule,
    RowChecker,
)
from yingjin.fusion.domain.rows import READS, RULES, Facts, Rule

REMEMBERED = 65_536
ESCAPED_IN_JSON = re.compile(r'["\\\x00-\x1f]')
Column = Sequence[str]


class Cells(Protocol):
    """A row as it was read."""

    @property
    def cells(self) -> Sequence[str]:
        """Its cells, spaces around them gone."""

    @property
    def numeric(self) -> Sequence[int]:
        """The places of those that were stored as numbers."""


@dataclass(frozen=True, slots=True)
class Good:
    """Rows that nothing stands against, column by column. `places` are theirs among those they were checked with.

    `payloads` are written as JSON, as they are kept.
    """

    places: Sequence[int]
    numbers: Sequence[str]
    keys: Sequence[str]
    years: Sequence[int | None]
    digests: Sequence[str]
    payloads: Sequence[str]
    identities: Sequence[str]  # the identity numbers as they stand there


class _Form(NamedTuple):
    """How rows with cells in the same places are written: those places, and the texts that their cells are put into."""

    places: tuple[int, ...]
    in_order: tuple[int, ...]  # of the titles, as the digest takes them
    payload: str
    digest: str


class BatchChecker:
    """Checks the rows of one table, many at once: a kind, with its columns in the order they have in this file."""

    def __init__(
        self,
        kind: KindRule,
        titles: Sequence[str],
        lookups: Lookups,
        person_number: str | None,
        digest_key: bytes,
        as_json: Callable[[object], str],
        identity_titles: Sequence[str] = (),
    ) -> None:
        """Prepare what each column and each rule needs; see `RowChecker` for what is given.

        `as_json` writes a payload as it is kept; of `identity_titles` the first that has a cell holds the identity number.
        """
        self._as_json = as_json
        self.one = RowChecker(kind, titles, lookups, person_number, digest_key)
        self.is_year = RowChecker.is_year
        self._titles = tuple(titles)
        self._digest_key = digest_key
        place = {title: index for index, title in enumerate(titles)}
        present = [column for column in kind.columns if column.name in place]
        needed = [place[column.name] for column in present if column.required]
        checks = [(place[column.name], column.type, check_of(column, lookups)) for column in present]
        self._needed = needed
        self._typed = [_Typed(at, check) for at, type_of, check in checks if type_of not in TEXTS]
        self._texts = [(at, check) for at, type_of, check in checks if type_of in TEXTS]
        fields = {column.field: column.name for column in kind.columns}
        self._rules = [_Ruled(rule, fields, place, lookups) for rule in RULES.get(kind.name, ())]
        self._key = [place.get(title) for title in kind.key]
        self._key_needed = [place[title] for title in kind.key if place.get(title) in needed]
        self._number = place.get(person_number) if person_number else None
        self._identities = [place[title] for title in identity_titles if title in place]
        dated = [fields.get(name) for name in ("discharged_on", "year", "admitted_on")]
        self._years = [place[title] for title in dated if title in place]
        self._forms: dict[tuple[int, ...], _Form] = {}
        self._all = self._form(tuple(range(len(self._titles))))

    def check(self, rows: Sequence[Cells]) -> list[Checked]:
        """Check rows and return what each holds, how its register names it, and what is wrong with it."""
        good, rest = self.sort_out(rows)
        made: list[Checked | None] = [None] * len(rows)
        for place, checked in (*zip(good.places, self.each_of(good, rows), strict=True), *rest):
            made[place] = checked
        return [each for each in made if each is not None]

    def sort_out(self, rows: Sequence[Cells]) -> tuple[Good, list[tuple[int, Checked]]]:
        """Return the rows that nothing stands against, and each other by its place and checked alone."""
        width = len(self._titles)
        odd = {at for at, row in enumerate(rows) if len(row.cells) != width or row.numeric}
        places = [at for at in range(len(rows)) if at not in odd] if odd else range(len(rows))
        columns = list(zip(*[rows[at].cells for at in places], strict=True))
        doubtful = {places[at] for at in self._doubtful(columns)} if columns else set()
        if doubtful:
            places = [at for at in places if at not in doubtful]
            columns = list(zip(*[rows[at].cells for at in places], strict=True))
        rest = [(at, self.one.check(rows[at].cells, rows[at].numeric)) for at in sorted(odd | doubtful)]
        return self._made(places, columns), rest

    def each_of(self, good: Good, rows: Sequence[Cells]) -> Iterable[Checked]:
        """Yield good rows one by one; `rows` are those they were checked with."""
        for place, number, key, year, digest, payload in zip(
            good.places, good.numbers, good.keys, good.years, good.digests, good.payloads, strict=True
        ):
            cells = {title: text for title, text in zip(self._titles, rows[place].cells, strict=True) if text}
            yield Checked(cells, number, key, year, digest, [], payload)

    def keys_of(self, rows: Sequence[Cells]) -> list[str]:
        """Return the key that each row has if its cells are good; empty when a part that may not be blank is."""
        width = len(self._titles)
        cells = [row.cells for row in rows]
        if cells and all(len(each) == width for each in cells):
            columns = list(zip(*cells, strict=True))
            if all("" not in columns[place] for place in self._key_needed):
                return self._keys(columns)
        return [self.one.key_of(each) for each in cells]

    def _doubtful(self, columns: Sequence[Column]) -> set[int]:
        """Return the places of the rows that something may be said of."""
        found: set[int] = set()
        for place in self._needed:
            if "" in columns[place]:
                found.update(at for at, text in enumerate(columns[place]) if not text)
        for place, check in self._texts:
            if max(map(len, columns[place])) > SHORT_ENOUGH_FOR_ALL:
                found.update(at for at, text in enumerate(columns[place]) if text and check(text))
        for each in self._typed:
            found.update(each.doubtful(columns))
        for rule in self._rules:
            found.update(rule.doubtful(columns, found))
        return found

    def _made(self, places: Sequence[int], columns: Sequence[Column]) -> Good:
        """Return what is made of the rows in some places, all of them good."""
        if not columns:
            return Good((), (), (), (), (), (), ())
        payloads, texts = self._written(columns)
        make, key = blake2b, self._digest_key
        return Good(
            places=places,
            numbers=self._column(columns, self._number),
            keys=self._keys(columns),
            years=self._year_of_each(columns),
            digests=[make(text.encode(), digest_size=DIGEST_BYTES, key=key).hexdigest() for text in texts],
            payloads=payloads,
            identities=self._identity_of_each(columns),
        )

    def _identity_of_each(self, columns: Sequence[Column]) -> Column:
        if len(self._identities) < 2:
            return self._column(columns, next(iter(self._identities), None))
        rows = zip(*(columns[place] for place in self._identities), strict=True)
        return [next(filter(None, cells), "") for cells in rows]

    @staticmethod
    def _column(columns: Sequence[Column], place: int | None) -> Column:
        """Return a column; of blank cells where the file has none."""
        return [""] * len(columns[0]) if place is None else columns[place]

    def _keys(self, columns: Sequence[Column]) -> list[str]:
        parts = [self._column(columns, place) for place in self._key]
        if len(parts) == 1:
            return list(parts[0])
        doubled = [
            [text.replace(BAR, BAR * 2) for text in part] if BAR in "".join(part) else part for part in parts
        ]
        return list(map(BAR.join, zip(*doubled, strict=True)))

    def _year_of_each(self, columns: Sequence[Column]) -> list[int | None]:
        """Return the year of each row by the first of its days that is there."""
        found: list[int | None] = [None] * len(columns[0])
        for place in self._years:
            read = {text: int(text[:4]) if text else None for text in set(columns[place])}
            here = [read[text] for text in columns[place]]
            found = [before or after for before, after in zip(found, here, strict=True)]
            if None not in found:
                break
        return found

    def _written(self, columns: Sequence[Column]) -> tuple[list[str], list[str]]:
        """Return each row's payload as JSON, and what its digest is taken of."""
        escaped = any(ESCAPED_IN_JSON.search("".join(column)) for column in columns)
        if not escaped and all("" not in column for column in columns):
            form = self._all
            payloads = list(map(form.payload.__mod__, zip(*columns, strict=True)))
            ordered = zip(*(columns[place] for place in form.in_order), strict=True)
            return payloads, list(map(form.digest.__mod__, ordered))
        made = [self._one_written(cells) for cells in zip(*columns, strict=True)]
        return [payload for payload, _ in made], [digest for _, digest in made]

    def _one_written(self, cells: Sequence[str]) -> tuple[str, str]:
        form = self._form(tuple([place for place, text in enumerate(cells) if text]))
        digest = form.digest % tuple([cells[place] for place in form.in_order])
        if ESCAPED_IN_JSON.search("".join(cells)):
            return self._as_json({self._titles[place]: cells[place] for place in form.places}), digest
        return form.payload % tuple([cells[place] for place in form.places]), digest

    def _form(self, places: tuple[int, ...]) -> _Form:
        found = self._forms.get(places)
        if found is None:
            in_order = sorted(places, key=lambda place: self._titles[place])
            digest = BETWEEN_CELLS.join(
                f"{_literally(self._titles[place])}{BETWEEN_TITLE_AND_CELL}%s" for place in in_order
            )
            payload = ",".join(f'{_literally(self._as_json(self._titles[place]))}:"%s"' for place in places)
            found = _Form(places, tuple(in_order), f"{{{payload}}}", digest)
            if len(self._forms) < REMEMBERED:
                self._forms[places] = found
        return found


class _Typed:
    """A column whose cells are checked by their type, each value once."""

    def __init__(self, place: int, check: CellCheck) -> None:
        self._place = place
        self._check = check
        self._good: set[str] = {""}

    def doubtful(self, columns: Sequence[Column]) -> Iterable[int]:
        """Return the places of the rows whose cell may not stand there, or is remarked on."""
        column = columns[self._place]
        fresh = set(column) - self._good
        if not fresh:
            return ()
        bad = {text for text in fresh if self._check(text) is not None}
        if len(self._good) > REMEMBERED:
            self._good = {""}
        self._good |= fresh - bad
        return [at for at, text in enumerate(column) if text in bad] if bad else ()


class _Ruled:
    """A rule between the cells of a row, asked once for the same cells."""

    def __init__(self, rule: Rule, titles: dict[str, str], place: dict[str, int], lookups: Lookups) -> None:
        reading = READS[rule]
        there = tuple(name for name in reading.fields if titles.get(name) in place)
        self._rule, self._lookups = rule, lookups
        self._plain = reading.plain if there == reading.fields[: len(there)] else None
        self._titles, self._present = titles, place
        self._named = [titles[name] for name in there]
        self._places = [place[title] for title in self._named]
        self._good: set[tuple[str, ...]] = set()

    def doubtful(self, columns: Sequence[Column], already: set[int]) -> Iterable[int]:
        """Return the places of the rows that the rule may speak of; it sees no cell that is doubtful already."""
        if not self._places:
            return () if self._is_good(()) else range(len(columns[0]))
        read = [columns[place] for place in self._places]
        if self._plain is not None:
            return [at for at, plain in enumerate(map(self._plain, *read)) if not plain]
        cells = list(zip(*read, strict=True))
        fresh = {each for at, each in enumerate(cells) if at not in already} if already else set(cells)
        fresh -= self._good
        if not fresh:
            return ()
        bad = {each for each in fresh if not self._is_good(each)}
        if len(self._good) > REMEMBERED:
            self._good = set()
        self._good |= fresh - bad
        return [at for at, each in enumerate(cells) if each in bad] if bad else ()

    def _is_good(self, cells: tuple[str, ...]) -> bool:
        payload = {title: text for title, text in zip(self._named, cells, strict=True) if text}
        facts = Facts(payload, self._titles, (), self._present)
        return next(iter(self._rule(facts, self._lookups)), None) is None


def _literally(text: str) -> str:
    return text.replace("%", "%%")
