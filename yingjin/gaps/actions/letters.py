"""Write to another department about gaps, and keep what it answered. A letter is numbered and never changed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from yingjin.basics.access import allow, inside, scope_of
from yingjin.basics.audit import record
from yingjin.gaps.actions.acting import Did, act_on, day_of, keep_events, locked_gaps, refuse_changed
from yingjin.gaps.actions.work import checked_note
from yingjin.gaps.errors import BadWork, GapNotFound
from yingjin.gaps.files import departments
from yingjin.gaps.models import Gap, GapLetter, GapLetterLine

LETTERED, REPLIED = "lettered", "replied"
REPLY_WITHIN = timedelta(days=183)
LINES_MOST = 2_000


@transaction.atomic
def write_letter(
    *,
    lines: Mapping[int, Mapping[str, Any]],
    department: str,
    reason: str,
    reply_by: date | None,
    seen: int | None = None,
    by: Any,
    at: datetime,
) -> GapLetter:
    """Write a letter about gaps: `lines` is what it says of each, by the gap's key, in its order.

    The next number of its place and year is given under a lock. Errors: NotAllowed, GapNotFound, GapChanged, BadWork.
    """
    allow(by, "write_letter")
    reason = checked_note(reason)
    today = day_of(at)
    _check(lines, department, reason, reply_by, today)
    gaps = locked_gaps(lines.keys(), by)
    refuse_changed(gaps, seen)
    place = scope_of(by).region_prefix
    letter = GapLetter.objects.create(
        key=uuid4(), region_code=place, year=today.year, number=_next_number(place, today.year),
        department=department, reason=reason, reply_by=reply_by, lines=[dict(line) for line in lines.values()],
        count=len(gaps), sensitive=any(gap.sensitive for gap in gaps), at=at, by=by.username,
    )  # fmt: skip
    GapLetterLine.objects.bulk_create([GapLetterLine(letter=letter, gap=gap) for gap in gaps], batch_size=500)
    act = act_on(gaps, LETTERED, by=by, at=at)
    facts = {"letter": str(letter.key), "number": number_of(letter), "department": department}
    keep_events(act, (Did(gap, LETTERED, facts) for gap in gaps))
    record(
        "letter_written", target=f"letter:{letter.key}", by=by, at=at, gaps=len(gaps), department=department
    )
    return letter


@transaction.atomic
def record_reply(*, letter: UUID, replied_on: date | None, reply: str, by: Any, at: datetime) -> GapLetter:
    """Keep what a department answered and when; once. Errors: NotAllowed, GapNotFound, BadWork."""
    allow(by, "write_letter")
    reply = checked_note(reply)
    one = inside(GapLetter.objects.select_for_update(), scope_of(by)).filter(pk=letter).first()
    if one is None:
        raise GapNotFound(1)
    today = day_of(at)
    if replied_on is None or not day_of(one.at) <= replied_on <= today:
        raise BadWork(
            "replied_on",
            f"复函日期要在发函日（{day_of(one.at)}）到今天（{today}）之间。改一个日期。",
            f"The answer must be dated between the letter ({day_of(one.at)}) and today ({today}).",
        )
    if not reply:
        raise BadWork("reply", "写一句对方答复了什么。", "Say in a sentence what they answered.")
    if one.replied_on is not None:
        raise BadWork("reply", "这封函已登记过复函。", "The answer to this letter was kept already.")
    one.replied_on, one.reply, one.reply_by_user = replied_on, reply, by.username
    one.save(update_fields=["replied_on", "reply", "reply_by_user"])
    gaps = list(Gap.objects.filter(letters__letter=one).order_by("pk"))
    act = act_on(gaps, REPLIED, by=by, at=at)
    facts = {"letter": str(one.key), "number": number_of(one), "department": one.department, "reply": reply}
    keep_events(act, (Did(gap, REPLIED, facts) for gap in gaps))
    record("letter_answered", target=f"letter:{one.key}", by=by, at=at, gaps=len(gaps))
    return one


def number_of(letter: GapLetter) -> str:
    """Return the number of a letter as people write it: 2026-0003."""
    return f"{letter.year}-{letter.number:04}"


def _check(lines: Collection[int], department: str, reason: str, reply_by: date | None, today: date) -> None:
    if department not in departments():
        raise BadWork("department", "选一个收函单位。", "Choose the department the letter goes to.")
    if not reason:
        raise BadWork("reason", "写一句请对方做什么、为什么。", "Say in a sentence what you ask for and why.")
    if reply_by is None or not today < reply_by <= today + REPLY_WITHIN:
        raise BadWork(
            "reply_by",
            "复函期限要在明天到半年之内。写一个日期。",
            "The answer must be due between tomorrow and half a year from now.",
        )
    if len(lines) > LINES_MOST:
        raise BadWork(
            "gaps",
            f"一封函最多列 {LINES_MOST:,} 处。用筛选分成几封。",
            f"A letter lists at most {LINES_MOST:,} gaps. Narrow the filter and write several.",
        )


def _next_number(place: str, year: int) -> int:
    """Return the next number of a place and year; the last letter is locked, so that two never get the same."""
    of_year = GapLetter.objects.filter(region_code=place, year=year)
    of_year.order_by("-number").select_for_update().first()
    return (of_year.aggregate(last=Max("number"))["last"] or 0) + 1
