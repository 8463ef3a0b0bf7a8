"""The rows of the gap list: the part of the page that repeats.

Drawn here and not in a template, as the overview's places are: it is half the work of a page opened all day. Every
text is escaped.
"""

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from yingjin.console.templatetags.yingjin import deadline, due_stamp, place, sex, short_place, stamp
from yingjin.insight import queries
from yingjin.insight.queries.work_words import assignee_name

IN_TIME_OR_LATE = frozenset({"open", "unknown"})
AT = ' class="at"'
OWNER, PROOF = gettext_lazy("责任"), gettext_lazy("凭")
RECOUNTED, AGREED, TICK = (
    gettext_lazy("已除外，待重算"),
    gettext_lazy("约定 {day}"),
    gettext_lazy("选中 {name}"),
)
NO_DEADLINE = '<span class="soft drop">–</span>'


def rows(
    page: queries.GapsPage, *, chosen: str, day: str, here: str, lists_lacking: bool, works: bool = False
) -> SafeString:
    """Draw the rows of a page; `here` is the present query, `chosen` the gap shown beside the list.

    With `works` each row can be ticked.
    """
    drawn = [_row(row, row.gap_id == chosen, day, escape(here), lists_lacking, works) for row in page.rows]
    return mark_safe("\n".join(drawn))


def _row(row: queries.GapRow, at: bool, day: str, here: str, lists_lacking: bool, works: bool) -> str:
    state = "" if lists_lacking else f" {stamp(row.status)}"
    worked, task, agreed = row.worked, "", ""
    if worked is not None:
        if lists_lacking and worked.excepted_until is not None:
            state = f" {stamp('excepted')}"
            agreed = f'<br><small class="wait">{RECOUNTED}</small>'
        elif worked.due_on is not None:
            agreed = f'<br><small class="soft nb">{AGREED.format(day=worked.due_on)}</small>'
        if worked.role:
            task = f'<br><small class="soft">→ {escape(assignee_name(worked.role, worked.name))}</small>'
    opens = f"?{here}&amp;gap={escape(row.gap_id)}"
    age = "" if row.age_years is None else row.age_years
    until = deadline(row.days_late) if row.status in IN_TIME_OR_LATE else NO_DEADLINE
    proof = row.closes_with_zh if lists_lacking else row.reason_zh
    return (
        f'<tr role="row"{AT if at else ""}>'
        f"{_tick(row) if works else ''}"
        f'<td role="cell">{due_stamp(row.due)}{state}</td>'
        f'<th role="rowheader" scope="row"><a href="{reverse("person", args=[row.person_key])}?on={day}">'
        f'{escape(row.name)}</a> <small class="soft nb">{sex(row.sex)} {age}</small></th>'
        f'<td role="cell" class="wide soft">{escape(short_place(row.township.name))} {escape(place(row.village.name))}</td>'
        f'<td role="cell" class="wide"><a class="what" data-opens href="{opens}" hx-get="{opens}"'
        f' hx-select="#one-in" hx-target="#one" hx-swap="innerHTML">{escape(row.what_zh)}</a></td>'
        f'<td role="cell" class="wide task{" lab" if row.owner_zh else ""}" data-label="{OWNER}">{escape(row.owner_zh)}{task}</td>'
        f'<td role="cell" class="n wide">{until}{agreed}</td>'
        f'<td role="cell" class="wide lab soft drop" data-label="{PROOF}">{escape(proof)}</td></tr>'
    )


def _tick(row: queries.GapRow) -> str:
    """Draw the box by which a row is chosen; it belongs to the bar below the list."""
    label = escape(TICK.format(name=row.name))
    return (
        f'<td role="cell"><span class="pick"><input type="checkbox" name="gap" value="{escape(row.gap_id)}"'
        f' form="bulk" aria-label="{label}"></span></td>'
    )
