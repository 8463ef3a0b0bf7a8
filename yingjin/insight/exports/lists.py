"""Which lists can be taken away, and what is asked of one."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from yingjin.basics.access import allow
from yingjin.basics.errors import BadInput, NotFound
from yingjin.insight.exports.bill_list import bill_list
from yingjin.insight.exports.gap_list import gap_list
from yingjin.insight.exports.other_lists import place_table, quality_list
from yingjin.insight.exports.people_list import people_list
from yingjin.insight.exports.taken import Number, Query, Taken, hidden, whole

Listed = Callable[[Any, Query, Number], Taken]
XLSX, CSV = "xlsx", "csv"
FORMATS = (XLSX, CSV)
LISTS: Mapping[str, Listed] = {
    "gaps": gap_list,
    "people": people_list,
    "bills": bill_list,
    "quality": quality_list,
    "places": place_table,
}
HAS_NUMBERS = frozenset({"gaps", "people", "bills"})
WHY_SHORTEST, WHY_LONGEST = 4, 200


class NoWhy(BadInput):
    """Numbers in full were asked for without a reason."""

    code = "no_why"


@dataclass(frozen=True)
class Wanted:
    """What is asked for: which list, as which file, by the query of its page; `why` asks for numbers in full."""

    list: str
    format: str = XLSX
    query: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    def as_facts(self) -> dict[str, Any]:
        """Return what JSON can hold of it."""
        return asdict(self)


def taken(reader: Any, wanted: Wanted) -> Taken:
    """Return a list for a reader; no row is read yet. Errors: NotAllowed, NotFound, NoWhy, and those of the list."""
    allow(reader, "export")
    if wanted.list not in LISTS or wanted.format not in FORMATS:
        raise NotFound(
            f"没有“{wanted.list}”这张清单，或不能存成 {wanted.format}。从页面上的“导出”重新选。",
            f"There is no list “{wanted.list}”, or no file of kind {wanted.format}. Choose again from the page.",
            list=wanted.list,
        )
    if wanted.why:
        allow(reader, "unmask")
        check_why(wanted.why)
    return LISTS[wanted.list](reader, wanted.query, whole if wanted.why else hidden)


def check_why(why: str) -> None:
    """Pass when a reason says something. Errors: NoWhy."""
    if not WHY_SHORTEST <= len(why.strip()) <= WHY_LONGEST:
        raise NoWhy(
            f"要写明为什么要完整的证件号：{WHY_SHORTEST} 到 {WHY_LONGEST} 个字，会留痕。",
            f"Say why whole identity numbers are needed, in {WHY_SHORTEST} to {WHY_LONGEST} characters; it is recorded.",
        )
