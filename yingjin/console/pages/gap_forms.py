"""What the forms of the desk offer: which acts, whom a gap may be given to, and what is filled in already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.access import OWN_LISTS_ONLY, WORKS_ON_GAPS, may
from yingjin.insight import queries
from yingjin.insight.queries.work_words import assignee_name, granted_reason
from yingjin.registry.queries.workers import role_name, workers_over

ROLE, USER = "role:", "user:"
# What may be done, and the action each asks for.
DOES = {
    "work": "work_on_gap",
    "assign": "assign_gap",
    "due": "work_on_gap",
    "note": "work_on_gap",
    "except": "except_gap",
    "end": "except_gap",
    "letter": "write_letter",
}


@dataclass(frozen=True)
class Bulk:
    """One button of the bar under the list."""

    do: str
    label: str | Promise

    @property
    def action(self) -> str:
        """Return the action it asks for."""
        return DOES[self.do]


BULK = (
    Bulk("assign", gettext_lazy("指派…")),
    Bulk("due", gettext_lazy("约定日期…")),
    Bulk("note", gettext_lazy("记说明…")),
    Bulk("except", gettext_lazy("除外…")),
    Bulk("letter", gettext_lazy("写函…")),
)
BULK_OF_EXCEPTED = (Bulk("end", gettext_lazy("提前结束除外…")),)


def bulk_of(by: Any, status: str) -> list[Bulk]:
    """Return what somebody may do about the ticked rows of a list."""
    return [each for each in (BULK_OF_EXCEPTED if status == "excepted" else BULK) if may(by, each.action)]


def panel(by: Any, detail: queries.GapDetail) -> dict[str, Any] | None:
    """Return what the panel of one gap offers, None where there is nothing to work on."""
    desk, row = detail.desk, detail.row
    if desk is None or not may(by, "work_on_gap"):
        return None
    granted = desk.granted
    return {
        "seen": desk.seen,
        "typed": typed_of(desk.worked),
        "assignees": assignees(by, [row]),
        "lacking": row.status in ("open", "unknown"),
        "granted": granted,
        "reason": granted_reason(granted.reason) if granted else "",
        "excepts": may(by, "except_gap"),
        "writes": may(by, "write_letter"),
        "letters": desk.letters,
    }


def typed_of(worked: queries.Worked) -> dict[str, str]:
    """Return how the work on a gap stands as the form's values."""
    assign = f"{USER}{worked.username}" if worked.username else f"{ROLE}{worked.role}" if worked.role else ""
    return {"assign": assign, "due_on": worked.due_on.isoformat() if worked.due_on else ""}


def task_of(worked: queries.Worked | None) -> str:
    """Say whose task a gap is and by when; nothing where nobody has it and no day is agreed on."""
    if worked is None or not (worked.role or worked.due_on):
        return ""
    who = assignee_name(worked.role, worked.name)
    if worked.due_on is None:
        return who
    return _("{who}，约定 {day}").format(who=who, day=worked.due_on)


def assignees(by: Any, rows: Sequence[queries.GapRow]) -> list[tuple[str, str]]:
    """Return whom gaps may be given to: nobody, a role, or a person whose place holds all of them."""
    if not may(by, "assign_gap"):
        return []
    roles = sorted(WORKS_ON_GAPS - OWN_LISTS_ONLY)
    found = [("", _("不派给谁")), *((f"{ROLE}{role}", role_name(role)) for role in roles)]
    place = common_place([row.village.code or row.township.code for row in rows])
    people = workers_over(place) if place else []
    return found + [
        (f"{USER}{each.username}", f"{role_name(each.role)} {each.display_name}") for each in people
    ]


def common_place(codes: Sequence[str]) -> str:
    """Return what the codes of some places have in common."""
    if not codes:
        return ""
    low, high = min(codes), max(codes)
    same = next(
        (at for at, (one, other) in enumerate(zip(low, high, strict=False)) if one != other), len(low)
    )
    return low[:same]


def title_of(do: str) -> str:
    """Return the heading of an act's form."""
    return {
        "work": _("办理"),
        "assign": _("指派"),
        "due": _("约定日期"),
        "note": _("记一笔说明"),
        "except": _("记为除外"),
        "end": _("提前结束除外"),
        "letter": _("写函"),
    }[do]
