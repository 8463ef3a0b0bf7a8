"""The closing row of a settlement file: it counts the rows above it and sums their money (control totals)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from yingjin.basics.money import plain_yuan
from yingjin.fusion.domain.cells import SIGNED_MONEY, WHOLE
from yingjin.fusion.domain.rows import fen

SUM = re.compile(r"^-?\d{1,15}(\.\d{1,2})?$", re.ASCII)  # a sum may have more digits than a bill


class Disagreement(NamedTuple):
    """What does not agree with the closing row, by the code and the facts of its sentence."""

    code: str
    facts: Mapping[str, object]


@dataclass(slots=True)
class ControlTotals:
    """Adds up a file's rows and compares them with its closing row.

    Units: fen. An amount that cannot be read counts as nothing; where sums then differ, its row is named.
    """

    mark: str
    id_at: int
    count_at: int
    money_at: Mapping[str, int]
    rows: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    unreadable: list[int] = field(default_factory=list)
    closing: Sequence[str] | None = None
    rows_after: int = 0

    def add(self, row_number: int, cells: Sequence[str]) -> bool:
        """Add a row; return False when it is the closing row and so no settlement."""
        if len(cells) > self.id_at and cells[self.id_at] == self.mark:
            if self.closing is None:
                self.closing = cells
                return False
        if self.closing is not None:
            self.rows_after += 1
        self.rows += 1
        for title, index in self.money_at.items():
            text = cells[index] if index < len(cells) else ""
            if SIGNED_MONEY.match(text):
                self.sums[title] = self.sums.get(title, 0) + (fen(text) or 0)
            elif text and (not self.unreadable or self.unreadable[-1] != row_number):
                self.unreadable.append(row_number)
        return True

    def disagreement(self) -> Disagreement | None:
        """Return the first thing that does not agree, or None."""
        closing = self.closing
        if closing is None:
            return Disagreement("control_row_missing", {"mark": self.mark})
        if self.rows_after:
            return Disagreement("control_row_not_last", {"mark": self.mark, "rows": self.rows_after})
        counted = closing[self.count_at] if self.count_at < len(closing) else ""
        if not WHOLE.match(counted) or int(counted) != self.rows:
            return Disagreement("control_count_differs", {"stated": counted or "空", "rows": self.rows})
        for title, index in self.money_at.items():
            stated = closing[index] if index < len(closing) else ""
            if not self._agrees(title, stated):
                return Disagreement("control_sum_differs", self._difference(title, stated))
        return None

    def _agrees(self, title: str, stated: str) -> bool:
        """Say whether a column's sum is as stated; a blank one is right only where every cell is blank."""
        if not stated:
            return title not in self.sums
        return bool(SUM.match(stated)) and _sum_fen(stated) == self.sums.get(title, 0)

    def _difference(self, title: str, stated: str) -> Mapping[str, object]:
        unread = "、".join(str(number) for number in self.unreadable[:5])
        return {
            "column": title,
            "stated": stated or "空",
            "sum": plain_yuan(self.sums.get(title, 0)),
            "unread_zh": f"第 {unread} 行有金额读不出，先改正。" if unread else "",
            "unread_en": f"Amounts in row {unread} cannot be read: correct them first." if unread else "",
        }


def _sum_fen(text: str) -> int:
    whole, _, part = text.lstrip("-").partition(".")
    amount = int(whole) * 100 + int((part + "00")[:2])
    return -amount if text.startswith("-") else amount
