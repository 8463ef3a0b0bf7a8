"""The household's sheet: who lives there, what each is due, the doctor, whom to call, and the year's bills."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import segno

from yingjin.basics.money import yuan
from yingjin.insight.queries import HouseholdPage, household
from yingjin.insight.queries.shapes import DueState, MemberRow
from yingjin.insight.queries.sheets import family_doctors, household_dues

CORRECTION = "m"  # a sheet on a door gets dirty: 15 % of the code may be lost

LACKING = ("open", "unknown")


def sheet(reader: Any, on: date, key: UUID | str, *, link: str, large: bool) -> dict[str, Any]:
    """Return the data of the sheet of a household on a day; `link` is what its code opens.

    Errors: NotFound.
    """
    page = household(reader, on, key)
    states = household_dues(reader, on, [each.person_key for each in page.members])
    doctors = family_doctors(reader, on, [each.person_key for each in page.members])
    return {
        "title": page.masked_number,
        "made_on": on.isoformat(),
        "large": large,
        "on": on.isoformat(),
        "year": on.year,
        "head": page.head,
        "number": page.masked_number,
        "place": "".join(each.name for each in page.path[1:]),
        "members": [member(each, states.get(each.person_key, [])) for each in page.members],
        "lacking": sum(each.open + each.unknown for each in page.states),
        "doctors": [list(each) for each in doctors],
        "layers": [layer.short_zh for layer in page.layers],
        "bills": bills(page),
        "years": [
            {
                "total": yuan(total.total_fen),
                "payments": [yuan(total.payments.get(layer.layer, 0)) for layer in page.layers],
                "own": yuan(total.own_payment_fen),
                "incomplete": total.incomplete,
            }
            for total in page.years
        ],
        "token": link.rstrip("/").rsplit("/", 1)[-1],
        "code": code_svg(link),
    }


def member(row: MemberRow, states: list[DueState]) -> dict[str, Any]:
    """Return one member with the four dues, each in a line."""
    return {
        "name": row.name,
        "relation": row.relation_zh,
        "age": row.age_years,
        "sex": row.sex,
        "categories": row.categories,
        "dues": [
            {
                "due": each.due,
                "mark": mark(each.status, in_time=row.in_time.get(each.due, False)),
                "title": each.title_zh,
                "text": each.text_zh,
                "items": [
                    {"title": item.title_zh, "due_by": item.due_by.isoformat() if item.due_by else ""}
                    for item in each.items
                    if item.status in LACKING
                ],
                "exception": exception(each),
            }
            for each in states
        ],
    }


def mark(status: str, *, in_time: bool) -> str:
    """Return which stamp stands for a state: done, gap, wait or free."""
    if status == "open":
        return "wait" if in_time else "gap"
    return {"done": "done", "unknown": "wait"}.get(status, "free")


def exception(state: DueState) -> dict[str, str] | None:
    """Return why a due does not bind, by which paper and until when."""
    if state.status in LACKING or state.exception is None:
        return None
    until = state.exception.until_on.isoformat() if state.exception.until_on else ""
    return {"reason": state.exception.reason_zh, "paper": state.exception.evidence_zh, "until": until}


def bills(page: HouseholdPage) -> list[dict[str, Any]]:
    """Return the year's bills of everybody, amounts as text; one that does not count says so."""
    return [
        {
            "on": row.discharged_on.isoformat(),
            "who": who.name,
            "where": row.facility_zh,
            "aside": "" if row.state == "counted" else row.state_zh,
            "total": yuan(row.total_fen),
            "payments": [yuan(row.payments.get(layer.layer, 0)) for layer in page.layers],
            "own": yuan(row.own_payment_fen),
        }
        for who, row in page.bills
    ]


def code_svg(link: str) -> str:
    """Return a square code of a link as a drawing."""
    drawn = BytesIO()
    segno.make(link, error=CORRECTION, micro=False).save(
        drawn, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, dark="#1b2321"
    )
    return drawn.getvalue().decode("ascii")
