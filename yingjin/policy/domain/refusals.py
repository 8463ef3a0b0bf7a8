"""What a rulebook, or a question put to it, is refused for."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from yingjin.basics.errors import BadInput


class Where(NamedTuple):
    """A place in a rulebook file: the file, the clause (or section), the field."""

    file: str
    clause: str = ""
    field: str = ""

    def at(self, name: str) -> "Where":
        """Return the place of a field one level deeper."""
        return self._replace(field=f"{self.field}.{name}" if self.field else name)

    def words(self) -> tuple[str, str]:
        """Name the place in Chinese and in English."""
        zh = "".join(
            (
                f"{self.file}：",
                f"{self.clause} " if self.clause else "",
                f"“{self.field}”" if self.field else "",
            )
        )
        parts = (self.file, self.clause, f"“{self.field}”" if self.field else "")
        return zh.strip(), ": ".join(part for part in parts if part)


class RulebookRefused(BadInput):
    """A rulebook file that cannot be relied on; names file, clause, field and reason."""

    code = "rulebook_refused"

    def __init__(self, where: Where, reason_zh: str, reason_en: str) -> None:
        zh, en = where.words()
        super().__init__(f"{zh}{reason_zh}", f"{en} {reason_en}", **where._asdict())


class UnknownReading(BadInput):
    """A reading that the rulebook does not offer, or that cannot be worked out yet."""

    code = "unknown_reading"

    def __init__(self, parameter: str, reading: str, allowed: Collection[str]) -> None:
        choice = "、".join(allowed)
        super().__init__(
            f"参数 {parameter} 没有可用的读法“{reading}”。可以写：{choice}。",
            f"Parameter {parameter} has no reading “{reading}” to use. Choose from: {', '.join(allowed)}.",
            parameter=parameter,
            reading=reading,
            allowed=list(allowed),
        )


class UnknownLevel(BadInput):
    """A bill from a facility level that the rulebook has no line for."""

    code = "unknown_level"

    def __init__(self, level: str, allowed: Collection[str]) -> None:
        super().__init__(
            f"规则书没有医疗机构级别“{level}”。可以写：{'、'.join(allowed)}。",
            f"The rulebook knows no facility level “{level}”. Choose from: {', '.join(allowed)}.",
            level=level,
        )


class BeforeRulebook(BadInput):
    """A day before the rulebook's first."""

    code = "before_rulebook"

    def __init__(self, on: date, valid_from: date) -> None:
        super().__init__(
            f"{on} 早于规则书生效的 {valid_from}。改正日期，或者换一部当时有效的规则书。",
            f"{on} is before the rulebook's first day {valid_from}. Correct the day or use a rulebook in force then.",
            on=on.isoformat(),
        )


class AfterRulebook(BadInput):
    """A day after the rulebook's last."""

    code = "after_rulebook"

    def __init__(self, on: date, valid_to: date) -> None:
        super().__init__(
            f"规则书到 {valid_to} 为止，{on} 已经不管用。换一部当时有效的规则书。",
            f"The rulebook ended on {valid_to}, before {on}. Use a rulebook in force then.",
            on=on.isoformat(),
        )
