"""A letter to another department about gaps: what it says of each, as a paper and as a workbook.

* letter_lines   what a letter says of some gaps, kept with it
* letter_data    the data of the paper `gap_letter`
* letter_book    the list as a workbook, every cell text
"""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from yingjin.basics.identity import masked
from yingjin.basics.language import CHINESE
from yingjin.insight.queries.gap_work import gap_keys
from yingjin.insight.queries.shapes import GapRow, LetterPage
from yingjin.registry.models import Person

BATCH = 500


def letter_lines(reader: Any, on: date, rows: Sequence[GapRow]) -> dict[int, dict[str, Any]]:
    """Return what a letter says of some gaps of the day found last, by the gap's key; numbers are masked.

    Letters go to departments here, so their lines are in Chinese whatever language the writer reads.
    """
    keys = gap_keys(reader, on, [row.gap_id for row in rows])
    numbers = _numbers([row.person_key for row in rows])
    return {
        keys[row.gap_id]: {
            "number": number,
            "due": row.due,
            "name": row.name,
            "masked": masked(numbers[row.person_key]) if numbers[row.person_key] else "",
            "place": f"{row.township.name}{row.village.name}",
            "what": row.what_zh,
            "since": row.since_on.isoformat() if row.since_on else "",
            "due_by": row.due_by.isoformat() if row.due_by else "",
            "late": max(0, row.days_late or 0),
        }
        for number, row in enumerate(rows, 1)
    }


def in_chinese() -> Any:
    """Return a context in which rows are read for a letter."""
    return translation.override(CHINESE)


def letter_data(
    page: LetterPage, *, place: str, contact: str, as_of: date | None, dues: dict[str, str]
) -> dict[str, Any]:
    """Return the data of the paper; `dues` names the four dues, `contact` who answers questions."""
    return {
        "number": page.row.number,
        "from": _("{place}应尽办").format(place=place),
        "to": page.row.department,
        "on": page.row.written_on.isoformat(),
        "made_on": page.row.written_on.isoformat(),
        "reply_by": page.row.reply_by.isoformat(),
        "title": _("关于商请核实办理 {count} 处待遇缺口的函").format(count=page.row.count),
        "region": place,
        "reason": page.reason,
        "contact": contact,
        "as_of": as_of.isoformat() if as_of else "",
        "rows": [{**line, "due": dues[line["due"]]} for line in page.lines],
        "large": False,
    }


def letter_book(page: LetterPage, *, dues: dict[str, str], written_by: str) -> bytes:
    """Return the list of a letter as a workbook: every cell is text, so that no number is rounded and no cell runs."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("名单"))
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet.write_string(
        0,
        0,
        _("函 {number}，致{department}").format(number=page.row.number, department=page.row.department),
        bold,
    )
    sheet.write_string(1, 0, written_by)
    heads = (
        _("序"),
        _("项"),
        _("姓名"),
        _("证件号"),
        _("住址"),
        _("缺什么"),
        _("从哪天起"),
        _("期限"),
        _("办理情况"),
    )
    for column, head in enumerate(heads):
        sheet.write_string(3, column, head, bold)
    for at, line in enumerate(page.lines, 4):
        cells = (
            str(line["number"]), dues[line["due"]], line["name"], line["masked"], line["place"], line["what"],
            line["since"], line["due_by"], "",
        )  # fmt: skip
        for column, cell in enumerate(cells):
            sheet.write_string(at, column, cell, text)
    sheet.set_column(3, 5, 26)
    sheet.freeze_panes(4, 0)
    book.close()
    return target.getvalue()


def _numbers(persons: Sequence[Any]) -> dict[Any, str]:
    keys = sorted(set(persons))
    return {
        person.key: person.identity_number
        for start in range(0, len(keys), BATCH)
        for person in Person.objects.filter(key__in=keys[start : start + BATCH]).only(
            "key", "identity_number"
        )
    }
