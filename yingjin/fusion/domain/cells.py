"""
One cell at a time: does it hold what its column declares?

* ColumnRule     what of a column's declaration the checks need
* Lookups        the value lists and the table of regions
* check_of       the check of a column
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from yingjin.basics.days import BadDate, parse_day
from yingjin.basics.money import MONEY
from yingjin.fusion.domain.reasons import Reason, reason

CellCheck = Callable[[str], Reason | None]

YEAR = re.compile(r"^(19|20)\d{2}$", re.ASCII)
WHOLE = re.compile(r"^\d{1,18}$", re.ASCII)
SIGNED_MONEY = re.compile(r"^-?\d{1,10}(\.\d{1,2})?$", re.ASCII)
# Insurance edition 2.0 of ICD-10: I63.900, A00.000x001, M80.x00, and pairs such as A18.000x001+M49.0*.
DIAGNOSIS = re.compile(r"^[A-Z]\d{2}(\.[0-9x]{1,3}(x\d{1,3})?)?(\+[A-Z][0-9.x]{1,10}\*)?$", re.ASCII)

# No table of ours holds longer texts; what is not named here may have LONGEST characters.
LONGEST = 200
LONGEST_OF: Mapping[str, int] = {
    "name": 64,
    "register_no": 64,
    "household_no": 64,
    "bill_no": 64,
    "cancels": 64,
    "identity_no": 64,
    "doctor": 64,
    "team": 100,
    "code": 32,
    "facility": 32,
    "phone": 32,
    "household_phone": 32,
    "relation": 32,
}


class ColumnRule(Protocol):
    """What the checks need to know of a column."""

    @property
    def name(self) -> str:
        """The title in the file."""

    @property
    def field(self) -> str:
        """The code's word for it."""

    @property
    def type(self) -> str:
        """What kind of cell it is."""

    @property
    def required(self) -> bool:
        """Whether it may not be blank."""

    @property
    def values(self) -> str | None:
        """The value list of a code column."""

    @property
    def signed(self) -> bool:
        """Whether money may be below zero."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What cells are looked up in: value lists by name, and the table of regions."""

    values: Mapping[str, Mapping[str, Mapping[str, Any]]]
    region_known: Callable[[str], bool]
    place_known: Callable[
        [str, str, str], tuple[str, str] | None
    ]  # county, township, village -> reasons, or None


def check_of(column: ColumnRule, lookups: Lookups) -> CellCheck:
    """Return the check of a column's cells that are not blank."""
    most = LONGEST_OF.get(column.field, LONGEST)
    match column.type:
        case "day":
            return lambda text: None if _is_day(text) else reason("bad_date", column.name, text)
        case "money":
            form = SIGNED_MONEY if column.signed else MONEY
            return lambda text: None if form.match(text) else reason("bad_money", column.name, text)
        case "year":
            return lambda text: None if YEAR.match(text) else reason("bad_year", column.name, text)
        case "whole":
            return lambda text: None if WHOLE.match(text) else reason("bad_whole", column.name, text)
        case "yes_no":
            return lambda text: None if text in ("yes", "no") else reason("bad_yes_no", column.name, text)
        case "icd10":
            return lambda text: None if DIAGNOSIS.match(text) else reason("bad_diagnosis", column.name, text)
        case "code":
            return _code_check(column, lookups)
        case "region":
            # A facility's county decides payments; where somebody lives only says whose list they stand on.
            refuses = column.field == "county"
            return lambda text: (
                None
                if lookups.region_known(text)
                else reason("unknown_region", column.name, text, refuses=refuses)
            )
    return lambda text: None if len(text) <= most else _too_long(column.name, text, most)


@lru_cache(maxsize=65_536)
def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except BadDate:
        return False
    return True


def _too_long(title: str, text: str, most: int) -> Reason:
    return reason("too_long", title, text, length=len(text), most=most)


def _code_check(column: ColumnRule, lookups: Lookups) -> CellCheck:
    allowed = lookups.values[column.values or ""]
    listed = "、".join(allowed)
    of_categories = column.values == "category"

    def check(text: str) -> Reason | None:
        if text in allowed:
            return None
        if of_categories and text in DERIVED_CATEGORIES:
            return reason("derived_category", column.name, text)
        return reason(
            "unknown_category" if of_categories else "unknown_value", column.name, text, allowed=listed
        )

    return check


DERIVED_CATEGORIES = ("C12", "C13")
