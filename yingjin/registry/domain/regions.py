"""
Codes of the administrative division (D7).

A code is written by its significant digits: 52 province, 5205 city, 520527 county, 520527100 township,
520527100201 village. Its first digits are the region it lies in, so that a scope is a range on one column.

* canonical       the code behind a padded writing
* level_of        what kind of region a code is
* prefix_range    the range of codes that lie in a region
* resolve         the regions that a code stands for on a day
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

LEVELS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE = LEVELS.values()
AFTER_DIGITS = "~"  # sorts after every digit by byte

# City nodes of the code tree that are no cities: counties under them are spoken of by their province.
UNSPOKEN = frozenset({"市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划"})


class Life(NamedTuple):
    """The days on which a code is in force, half open; None is open."""

    valid_from: date | None
    valid_to: date | None

    def began(self, on: date | None) -> bool:
        """Say whether the code was in force on a day or before it; without a day, it was."""
        return on is None or self.valid_from is None or self.valid_from <= on

    def lasts(self, on: date | None) -> bool:
        """Say whether the code's end still lies ahead on a day; without a day, whether it has none."""
        return self.valid_to is None or (on is not None and on < self.valid_to)


class Heir(NamedTuple):
    """A code that took over from a retired one on a day; a blank code is an heir not recorded."""

    code: str
    on: date


@dataclass(frozen=True)
class Resolution:
    """The regions a code stands for, or why there are none.

    `outcome` is current, succeeded, divided (several regions, listed and not chosen from), earlier (the code did
    not exist yet; its forerunners), ended (no heir recorded) or unknown. `within` holds the regions around an
    unknown code, as far as its first digits are known.
    """

    asked: str
    outcome: str
    codes: tuple[str, ...]
    reason_zh: str
    reason_en: str
    within: tuple[str, ...] = ()


def canonical(text: str) -> str | None:
    """Return a code by its significant digits (520500 and 5205 are one), or None for what is no code."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in LEVELS or digits.startswith("00"):
        return None
    for longer, shorter in ((12, 9), (9, 6)):
        if len(digits) == longer and not digits[shorter:].strip("0"):
            digits = digits[:shorter]
    if len(digits) == 6 and digits.endswith("00"):
        digits = digits[:2] if digits.endswith("0000") else digits[:4]
    return digits


def level_of(code: str) -> str:
    """Return province, city, county, township or village. Errors: KeyError when the code is not canonical."""
    return LEVELS[len(code)]


def level_below(code: str) -> str:
    """Return the level under a code's own: that of provinces under none, and nothing under a village."""
    return next((level for digits, level in LEVELS.items() if digits > len(code)), "")


def parent_of(code: str) -> str:
    """Return the code one level up; a province's is empty."""
    return max(above_all(code), key=len, default="")


def above_all(code: str) -> list[str]:
    """List the codes a code lies in, the province first."""
    return [code[:digits] for digits in LEVELS if digits < len(code)]


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return the low and the high end of the codes in a region: low <= code < high, compared by byte."""
    return prefix, prefix + AFTER_DIGITS


def spoken(names: Iterable[str]) -> str:
    """Join names from the province down as people say them, without nodes that only the code tree has."""
    return "".join(name for name in names if name not in UNSPOKEN)


def resolve(
    code: str, *, on: date | None, lives: Mapping[str, Life], heirs: Mapping[str, Sequence[Heir]]
) -> Resolution:
    """Follow a code to the regions in force on a day, or today's when no day is given.

    Chains are followed to their end. Where a region was divided all parts are listed: which part somebody lives
    in cannot be told from the code. Errors: none; what cannot be resolved has its reason.
    """
    life = lives.get(code)
    if life is None:
        return _unknown(code, on, lives, heirs)
    if not life.began(on):
        return _earlier(code, on, lives, heirs)
    if life.lasts(on):
        return Resolution(code, "current", (code,), f"代码 {code} 在用。", f"Code {code} is in force.")
    found = sorted(_forward(code, on, lives, heirs))
    ended = f"代码 {code} 自 {life.valid_to} 起停用"
    ended_en = f"Code {code} was retired on {life.valid_to}"
    if not found:
        return Resolution(
            code,
            "ended",
            (),
            f"{ended}，去向没有记载，请按地名另行确认。",
            f"{ended_en}; what became of it is not recorded: confirm by the place's name.",
        )
    listed = "、".join(found)
    if len(found) == 1:
        return Resolution(
            code, "succeeded", tuple(found), f"{ended}，改为 {listed}。", f"{ended_en}; it is now {listed}."
        )
    return Resolution(
        code,
        "divided",
        tuple(found),
        f"{ended}，分到 {listed}，仅凭代码不能确定是哪一个。",
        f"{ended_en} and divided among {listed}; the code alone does not say which.",
    )


def _forward(
    code: str, on: date | None, lives: Mapping[str, Life], heirs: Mapping[str, Sequence[Heir]]
) -> set[str]:
    if lives[code].lasts(on):
        return {code}
    known = (heir.code for heir in heirs.get(code, ()) if heir.code)
    return {found for heir in known for found in _forward(heir, on, lives, heirs)}


def _backward(
    code: str, on: date | None, lives: Mapping[str, Life], heirs: Mapping[str, Sequence[Heir]]
) -> set[str]:
    if lives[code].began(on):
        return {code} if lives[code].lasts(on) else set()
    before = (old for old, found in heirs.items() if any(heir.code == code for heir in found))
    return {found for old in before for found in _backward(old, on, lives, heirs)}


def _earlier(
    code: str, on: date | None, lives: Mapping[str, Life], heirs: Mapping[str, Sequence[Heir]]
) -> Resolution:
    found = tuple(sorted(_backward(code, on, lives, heirs)))
    began = lives[code].valid_from
    then, then_en = ("、".join(found), ", ".join(found)) if found else ("没有记载", "not recorded")
    return Resolution(
        code,
        "earlier",
        found,
        f"代码 {code} 自 {began} 起启用，{on} 时对应：{then}。",
        f"Code {code} is in force from {began}; on {on} its forerunner was: {then_en}.",
    )


def _unknown(
    code: str, on: date | None, lives: Mapping[str, Life], heirs: Mapping[str, Sequence[Heir]]
) -> Resolution:
    around = next((above for above in reversed(above_all(code)) if above in lives), None)
    within = resolve(around, on=on, lives=lives, heirs=heirs).codes if around else ()
    return Resolution(
        code,
        "unknown",
        (),
        f"区划表里没有代码 {code}，请核对原登记。",
        f"Code {code} is not in the table of regions: check it against the register.",
        within,
    )
