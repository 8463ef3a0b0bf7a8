"""Check one row after another of a table by its declared columns, and name it by its register's own key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from yingjin.fusion.domain.cells import LONGEST_OF, YEAR, ColumnRule, Lookups, check_of
from yingjin.fusion.domain.reasons import Reason, reason
from yingjin.fusion.domain.rows import RULES, Facts

DIGEST_BYTES = 16
BETWEEN_TITLE_AND_CELL, BETWEEN_CELLS = "\x1f", "\x1e"
BAR = "|"  # between the parts of a key
BEYOND = 1 << 30  # where a column stands that is not there
TEXTS = frozenset({"text", "identity"})
TYPES_KEPT_AS_TEXT = frozenset({"identity", "code", "region"})
SHORT_ENOUGH_FOR_ALL = min(LONGEST_OF.values())
FIELDS_KEPT_AS_TEXT = frozenset(
    {"register_no", "household_no", "bill_no", "cancels", "facility", "code", "visit_no"}
)


class KindRule(Protocol):
    """What the checks need of a kind's declaration."""

    @property
    def name(self) -> str:
        """The kind's word."""

    @property
    def key(self) -> tuple[str, ...]:
        """The titles of the columns by which the register names a row."""

    @property
    def columns(self) -> Sequence[ColumnRule]:
        """Its columns in order."""


@dataclass(slots=True)
class Checked:
    """One row as it was read: what it holds, how its register names it, and what is wrong with it."""

    payload: dict[str, str]
    number: str = ""
    key: str = ""
    year: int | None = None
    digest: str = ""
    reasons: list[Reason] = field(default_factory=list)
    written: str = ""  # the payload as JSON, where checking wrote it along

    @property
    def accepted(self) -> bool:
        """Say whether nothing refuses the row; remarks may stand."""
        return not self.reasons or not any(each.refuses for each in self.reasons)


def digest_of_payload(payload: Mapping[str, str], key: bytes) -> str:
    """Return the hash of a row that has no cell beyond its titles, from what was kept of it."""
    return _digest([f"{title}{BETWEEN_TITLE_AND_CELL}{payload[title]}" for title in sorted(payload)], key)


def _digest(parts: Sequence[str], key: bytes) -> str:
    return blake2b(BETWEEN_CELLS.join(parts).encode(), digest_size=DIGEST_BYTES, key=key).hexdigest()


class RowChecker:
    """Checks the rows of one table: a kind, with its columns in the order they have in this file."""

    def __init__(
        self,
        kind: KindRule,
        titles: Sequence[str],
        lookups: Lookups,
        person_number: str | None,
        digest_key: bytes = b"",
    ) -> None:
        """Prepare the checks of the columns present.

        `person_number` is the title of the person's number. With a `digest_key` nobody without it can try guesses
        on the hash of a row.
        """
        self.kind = kind
        self._digest_key = digest_key
        self.titles = tuple(titles)
        self._place = {title: index for index, title in enumerate(titles)}
        present = [column for column in kind.columns if column.name in self._place]
        self._field_titles = {column.field: column.name for column in kind.columns}
        self._columns = {column.name: column for column in present}
        self._required = frozenset(column.name for column in present if column.required)
        checks = [(column.name, column.type, check_of(column, lookups)) for column in present]
        self._typed = [(title, check) for title, kind_of, check in checks if kind_of not in TEXTS]
        self._texts = [(title, check) for title, kind_of, check in checks if kind_of in TEXTS]
        self._in_order = sorted(self._place.items())
        self._key_places = [self._place.get(title, BEYOND) for title in kind.key]
        self._key_needed = [title in self._required for title in kind.key]
        self._number = person_number if person_number in self._place else None
        self._rules = RULES.get(kind.name, ())
        self._lookups = lookups

    def check(self, cells: Sequence[str], numeric: Sequence[int] = ()) -> Checked:
        """Check a row's cells, spaces around them already gone; `numeric` lists the cells stored as numbers."""
        payload = {title: text for title, text in zip(self.titles, cells, strict=False) if text}
        row = Checked(payload, digest=self.digest_of(cells))
        if len(cells) != len(self.titles):
            row.reasons.append(reason("ragged_row", found=len(cells), wanted=len(self.titles)))
        wrong = self._check_cells(payload, row.reasons)
        for index in numeric:
            self._check_stored_as_number(index, payload, row.reasons, wrong)
        facts = Facts(payload, self._field_titles, wrong, self._place)
        for rule in self._rules:
            row.reasons.extend(rule(facts, self._lookups))
        self._name(row, facts, wrong)
        return row

    def digest_of(self, cells: Sequence[str]) -> str:
        """Return a hash of what the row holds, whatever order the columns have; a blank cell is no cell."""
        known = len(cells)
        parts = [
            f"{title}{BETWEEN_TITLE_AND_CELL}{cells[index]}"
            for title, index in self._in_order
            if index < known and cells[index]
        ]
        parts += cells[len(self.titles) :]
        return _digest(parts, self._digest_key)

    def key_of(self, cells: Sequence[str]) -> str:
        """Return the key a row has if its cells are good; empty when a part that may not be blank is."""
        known = len(cells)
        return self._joined([cells[place] if place < known else "" for place in self._key_places])

    @staticmethod
    def is_year(text: str) -> bool:
        """Say whether a cell holds a year that would be accepted."""
        return YEAR.match(text) is not None

    def _check_cells(self, payload: Mapping[str, str], reasons: list[Reason]) -> set[str]:
        """Check each cell by its column; return the titles of the refused ones."""
        wrong: set[str] = set()
        if not self._required <= payload.keys():
            blank = [title for title in self.titles if title in self._required and title not in payload]
            reasons += [reason("blank_value", title) for title in blank]
            wrong.update(blank)
        checks = self._typed
        if payload and max(map(len, payload.values())) > SHORT_ENOUGH_FOR_ALL:
            checks = checks + self._texts
        for title, check in checks:
            text = payload.get(title)
            found = check(text) if text is not None else None
            if found is not None:
                reasons.append(found)
                if found.refuses:
                    wrong.add(title)
        return wrong

    def _check_stored_as_number(
        self, index: int, payload: Mapping[str, str], reasons: list[Reason], wrong: set[str]
    ) -> None:
        """Refuse a number stored as a number: Excel keeps fifteen digits of it and no leading zero (D6)."""
        column = self._columns.get(self.titles[index]) if index < len(self.titles) else None
        if column is None or not (
            column.type in TYPES_KEPT_AS_TEXT
            or column.field in FIELDS_KEPT_AS_TEXT
            or column.name in self.kind.key
        ):
            return
        reasons[:] = [each for each in reasons if each.column != column.name]
        reasons.append(reason("number_cell", column.name, payload.get(column.name, "")))
        wrong.add(column.name)

    def _name(self, row: Checked, facts: Facts, wrong: set[str]) -> None:
        """Read the register's number, the key and the year, as far as they are readable."""
        if self._number is not None and self._number not in wrong:
            row.number = row.payload.get(self._number, "")
        if not wrong or not wrong.intersection(self.kind.key):
            row.key = self._joined([row.payload.get(title, "") for title in self.kind.key])
        year = facts["discharged_on"][:4] or facts["year"] or facts["admitted_on"][:4]
        row.year = int(year) if year else None

    def _joined(self, parts: Sequence[str]) -> str:
        for part, needed in zip(parts, self._key_needed, strict=True):
            if needed and not part:
                return ""
        if len(parts) == 1:
            return parts[0]
        return BAR.join([part.replace(BAR, BAR * 2) if BAR in part else part for part in parts])
