"""What may be asked of the work on gaps, of letters and of held bills, for the walk of every query as every role."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from uuid import uuid4

from django.utils import timezone

from tests.support.known_county import BILLS, KnownCounty
from yingjin.gaps.models import Gap
from yingjin.insight import queries
from yingjin.insight.queries.held import KINDS

Call = Callable[[], object]
TOTALLED = queries.QualityPage | queries.FindPage | queries.GapsPage | queries.WeekPage | queries.HeldPage


def walk_of_the_desk(county: KnownCounty, reader: object) -> Iterator[tuple[str, str, Call]]:
    """Yield the query, what was asked, and the call."""
    keys = list(Gap.objects.values_list("pk", flat=True))
    for what in ("opened", "closed", "noted"):
        days = {"since": date(2020, 1, 1), "until": date(2100, 1, 1), "what": what}
        yield "gap_week", what, partial(queries.gap_week, reader, **days)
    yield "last_acts", "", lambda: queries.last_acts(reader, timezone.now())
    changes = [{"gap": key, "at": "2020-01-01T00:00:00+00:00"} for key in keys]
    yield "told_changes", "", lambda: queries.told_changes(reader, changes)
    yield "letters", "", lambda: queries.letters(reader)
    yield "letter", "", lambda: queries.letter(reader, uuid4())
    yield "evidence_seen", "", lambda: queries.evidence_seen(reader, uuid4())
    for kind in KINDS:
        yield "held_bills", kind, lambda kind=kind: queries.held_bills(reader, kind)
    for bill in BILLS:
        yield "held_bill", bill, partial(queries.held_bill, reader, county.bill(bill).key)
    yield "bill_of_decision", "", lambda: queries.bill_of_decision(reader, 0)
