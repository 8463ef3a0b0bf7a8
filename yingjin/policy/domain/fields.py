"""Read a rulebook's data field by field; whatever is missing, unknown or of a wrong kind is refused by name."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, NoReturn

from yingjin.basics.days import Interval
from yingjin.policy.domain.refusals import RulebookRefused, Where
from yingjin.policy.domain.terms import Text

MONEY_FEN_MAX = 10**12  # ten digits of yuan, as bills have: with a rate this stays far below 2**63
RATE_BP_MAX = 10_000
BY = "by"


class Readings:
    """The reading chosen for each parameter, and which parameters some field depends on."""

    def __init__(self, chosen: Mapping[str, str], supported: Mapping[str, tuple[str, ...]]) -> None:
        self.chosen = chosen
        self.supported = supported
        self.used: set[str] = set()

    @contextmanager
    def noted(self) -> Iterator[set[str]]:
        """Note which parameters are used inside the block."""
        before, self.used = self.used, set()
        inside = self.used
        yield inside
        self.used = before | inside

    def choose(self, options: Mapping[str, Any], where: Where) -> Any:
        """Return the option of the chosen reading; every supported reading must have one, and no other."""
        parameter = options[BY]
        if not isinstance(parameter, str) or parameter not in self.supported:
            raise RulebookRefused(
                where,
                f"的 by 指向没有列出的参数“{parameter}”。在 parameters 里加上它，或者改正。",
                f"depends by “{parameter}”, which is no listed parameter. List it under parameters or correct it.",
            )
        offered, supported = set(options) - {BY}, set(self.supported[parameter])
        if offered != supported:
            names = "、".join(sorted(str(name) for name in offered ^ supported))
            raise RulebookRefused(
                where,
                f"要给参数 {parameter} 的每个可用读法各写一个值，不多不少；对不上的是：{names}。",
                f"must give one value for each supported reading of {parameter}, no more, no less; at odds: {names}.",
            )
        self.used.add(parameter)
        return options[self.chosen[parameter]]


class Fields:
    """One mapping of the file. Take each field once, then call `done`, which refuses what was not taken."""

    def __init__(self, data: Any, where: Where, readings: Readings) -> None:
        self.where = where
        self.readings = readings
        data = self._resolved(data, where)
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise RulebookRefused(where, "要写成“字段: 值”的样子。", "must be written as fields with values.")
        self.data: dict[str, Any] = data
        self.taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.data

    def _resolved(self, value: Any, where: Where) -> Any:
        while isinstance(value, dict) and BY in value:
            value = self.readings.choose(value, where)
        return value

    def refuse(self, name: str, reason_zh: str, reason_en: str) -> NoReturn:
        """Refuse the file for one field of this mapping."""
        raise RulebookRefused(self.where.at(name), reason_zh, reason_en)

    def raw(self, name: str) -> Any:
        """Return a field's value whatever its kind, with the chosen reading in place."""
        self.taken.add(name)
        if name not in self.data:
            self.refuse(name, "没有写。加上它。", "is missing. Add it.")
        return self._resolved(self.data[name], self.where.at(name))

    def done(self) -> None:
        """Refuse every field that nothing has asked for."""
        for name in self.data:
            if name not in self.taken:
                self.refuse(
                    name,
                    "是不认识的字段。删去或改正拼写。",
                    "is an unknown field. Remove it or mend its spelling.",
                )

    def text(self, name: str) -> str:
        """Return a text that is not blank."""
        value = self.raw(name)
        if not isinstance(value, str) or not value.strip():
            self.refuse(name, f"要写文字，不是“{value}”。", f"must be text, not “{value}”.")
        return value

    def texts(self, name: str) -> Text:
        """Return a sentence in both languages."""
        return self.fields(name).whole_text()

    def whole_text(self) -> Text:
        """Return this mapping as a sentence in both languages, nothing else in it."""
        text = Text(self.text("zh"), self.text("en"))
        self.done()
        return text

    def number(self, name: str, most: int, least: int = 0) -> int:
        """Return a whole number within bounds; a decimal point is refused, for money and rates are never floats."""
        value = self.raw(name)
        if isinstance(value, float):
            self.refuse(
                name,
                f"写了带小数点的“{value}”。金额写成整数分，比例写成整数万分之一。",
                f"is written with a decimal point: “{value}”. Write whole fen or whole ten-thousandths.",
            )
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(name, f"要写整数，不是“{value}”。", f"must be a whole number, not “{value}”.")
        if not least <= value <= most:
            self.refuse(
                name, f"是 {value}，要在 {least} 到 {most} 之间。", f"is {value}, outside {least} to {most}."
            )
        return value

    def rate_bp(self, name: str) -> int:
        """Return a rate. Units: bp."""
        return self.number(name, RATE_BP_MAX)

    def money_fen(self, name: str) -> int:
        """Return an amount. Units: fen."""
        return self.number(name, MONEY_FEN_MAX)

    def flag(self, name: str) -> bool:
        """Return yes or no; a flag that is not written is no."""
        if name not in self.data:
            return False
        value = self.raw(name)
        if not isinstance(value, bool):
            self.refuse(name, f"要写 yes 或 no，不是“{value}”。", f"must be yes or no, not “{value}”.")
        return value

    def interval(self) -> Interval:
        """Return `valid_from` to `valid_to`, half open, the end blank when it is open."""
        valid_from, valid_to = self.raw("valid_from"), self.raw("valid_to")
        for name, day in (("valid_from", valid_from), ("valid_to", valid_to)):
            if type(day) is not date and not (day is None and name == "valid_to"):
                self.refuse(
                    name,
                    f"要写日期 2016-10-01，不是“{day}”。",
                    f"must be a day like 2016-10-01, not “{day}”.",
                )
        if valid_to is not None and valid_to <= valid_from:
            self.refuse(
                "valid_to",
                f"{valid_to} 不晚于开始的 {valid_from}。",
                f"{valid_to} is not after its start {valid_from}.",
            )
        return Interval(valid_from, valid_to)

    def word(self, name: str, allowed: Collection[str]) -> str:
        """Return one of the allowed words."""
        value = self.raw(name)
        if not isinstance(value, str) or value not in allowed:
            self.refuse(
                name,
                f"不能是“{value}”。可以写：{'、'.join(allowed)}。",
                f"may not be “{value}”. Choose from: {', '.join(allowed)}.",
            )
        return value

    def words(self, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return a list of different allowed words."""
        values = self.raw(name)
        if not isinstance(values, list) or len({str(value) for value in values}) < len(values):
            self.refuse(name, "要写成不重复的列表。", "must be a list without repeats.")
        for value in values:
            if not isinstance(value, str) or value not in allowed:
                self.refuse(
                    name,
                    f"里有“{value}”。可以写：{'、'.join(allowed)}。",
                    f"holds “{value}”. Choose from: {', '.join(allowed)}.",
                )
        return tuple(values)

    def fields(self, name: str) -> "Fields":
        """Return a mapping inside this one."""
        return Fields(self.raw(name), self.where.at(name), self.readings)

    def listed(self, name: str) -> list["Fields"]:
        """Return a list of mappings inside this one."""
        values = self.raw(name)
        if not isinstance(values, list):
            self.refuse(name, "要写成列表。", "must be a list.")
        return [
            Fields(value, self.where.at(f"{name}[{place}]"), self.readings)
            for place, value in enumerate(values, 1)
        ]

    def each(self, name: str) -> Iterator[tuple[str, "Fields"]]:
        """Yield every entry of a mapping of mappings; the entries' keys are names."""
        inside = self.fields(name)
        for key in inside.data:
            yield key, inside.fields(key)

    def keyed(self, name: str, keys: Collection[str]) -> "Fields":
        """Return a mapping that has exactly the given keys."""
        inside = self.fields(name)
        for key in (*inside.data, *keys):
            if key not in keys or key not in inside.data:
                inside.refuse(
                    key,
                    f"对不上：这里要写、也只能写 {'、'.join(keys)}。",
                    f"does not fit: exactly {', '.join(keys)} must be given.",
                )
        return inside
