"""Letters to other departments as a reader may see them: those of the reader's place, without hidden illness."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from yingjin.basics.access import allow, inside, may, scope_of
from yingjin.gaps.models import GapLetter
from yingjin.insight.queries.shapes import LetterPage, LetterRow
from yingjin.insight.queries.sight import missing
from yingjin.insight.queries.work_words import department_name
from yingjin.registry.queries.workers import names_of

LISTED_MOST = 200


def letters(reader: Any) -> list[LetterRow]:
    """Return the letters of the reader's place, those that wait for an answer first, then the newest."""
    rows = list(_seen(reader).defer("lines").order_by("-year", "-number")[:LISTED_MOST])
    names = names_of({each.by for each in rows})
    return sorted((_row(each, names) for each in rows), key=lambda row: row.replied_on is not None)


def letter(reader: Any, key: UUID) -> LetterPage:
    """Return one letter whole. Errors: NotFound, the same for what is not there and for what may not be seen."""
    one = _seen(reader).filter(pk=key).first()
    if one is None:
        raise missing("函", "letter")
    return LetterPage(_row(one, names_of({one.by})), one.reason, one.reply or "", list(one.lines))


def openable(reader: Any, keys: Collection[UUID]) -> set[UUID]:
    """Return those of some letters that a reader may open; nobody else is told a key that leads nowhere."""
    if not keys or not may(reader, "write_letter"):
        return set()
    return set(_seen(reader).filter(pk__in=keys).values_list("pk", flat=True))


def number_of(one: GapLetter) -> str:
    """Return the number on a letter."""
    return f"{one.year}-{one.number:04}"


def _seen(reader: Any) -> QuerySet[GapLetter]:
    """Return the letters a reader may see: who writes them alone reads them, for each names many people."""
    allow(reader, "write_letter")
    scope = scope_of(reader)
    rows = inside(GapLetter.objects.all(), scope)
    return rows if scope.sees_sensitive else rows.filter(sensitive=False)


def _row(one: GapLetter, names: dict[str, str]) -> LetterRow:
    return LetterRow(
        key=one.key,
        number=number_of(one),
        department=department_name(one.department),
        count=one.count,
        written_on=timezone.localtime(one.at).date(),
        reply_by=one.reply_by,
        replied_on=one.replied_on,
        by=names.get(one.by, one.by),
    )
