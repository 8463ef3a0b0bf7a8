"""What may be asked at a hospital's window, of regions, and of what readers keep, for the walk of every query."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from django.utils import timezone

from tests.support.known_county import ON, KnownCounty
from yingjin.insight import queries
from yingjin.insight.queries.quotes import QuoteFacts
from yingjin.registry.models import Person

Call = Callable[[], object]
STAY = QuoteFacts("inpatient", date(2025, 12, 20), 1_000_000, 50_000, date(2025, 12, 10), "F2")


def walk_of_the_window(
    county: KnownCounty, reader: object, places: Sequence[str]
) -> Iterator[tuple[str, str, Call]]:
    """Yield the query, what was asked, and the call."""
    yield "window", "", lambda: queries.window(reader)
    for person in Person.objects.all():
        yield "window_person", person.name, partial(queries.window_person, reader, ON, person.key)
        yield "quote", person.name, partial(queries.quote, reader, person.key, STAY)
    for place in ("", *places):
        yield "region", place, partial(queries.region, reader, ON, place)
    if hasattr(reader, "region_code"):  # what somebody keeps: asked for a reader alone
        yield "notices", "", lambda: queries.notices(reader, timezone.now())
        yield "unread", "", lambda: queries.unread(reader, timezone.now())
        yield "saved_filters", "", lambda: queries.saved_filters(reader)
