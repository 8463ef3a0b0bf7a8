"""The lists of data quality and the table of places as they are taken away."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.errors import NotFound
from yingjin.basics.tables import FIGURE, TEXT, WHOLE, Column
from yingjin.insight.exports.taken import ROWS_AT_ONCE, Number, Query, Taken, day_in, place_in_words
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.overview import overview
from yingjin.insight.queries.quality import SHEETS, Sheet
from yingjin.insight.queries.shapes import PlaceRow
from yingjin.insight.queries.sight import sight_of
from yingjin.registry.queries import place_written


def quality_list(reader: Any, query: Query, number: Number) -> Taken:
    """Return a list of data quality; its numbers are masked always. Errors: NotFound."""
    allow(reader, "read_quality")
    kind, region, sight = query.get("kind", ""), query.get("region", ""), sight_of(reader)
    if kind not in SHEETS:
        raise NotFound(f"没有“{kind}”这张清单。", f"No list is called “{kind}”.", kind=kind)
    sheet = SHEETS[kind](sight.narrowed(region) if region else sight)
    return Taken(
        title=str(sheet.title_zh),
        filter=[place_in_words(region or sight.scope.region_prefix)],
        columns=[Column(str(title), FIGURE if numeric else TEXT, 18) for title, numeric in sheet.head],
        rows=quality_rows(sheet),
        total=sum(sheet.counts),
    )


def quality_rows(sheet: Sheet) -> Iterator[Sequence[Any]]:
    """Yield the rows of a list, page by page."""
    for start in range(0, sum(sheet.counts), ROWS_AT_ONCE):
        for row in sheet.rows(start, ROWS_AT_ONCE):
            yield row.cells


def place_table(reader: Any, query: Query, number: Number) -> Taken:
    """Return what each place one level below lacks. Errors: as `queries.overview`."""
    on = day_in(query, reader, found=True)
    page = overview(reader, on, query.get("region") or None)
    rules = said_rules().dues
    dues = list(page.places[0].lacking) if page.places else []
    return Taken(
        title=_("各地缺口"),
        filter=[on.isoformat(), place_written(page.place.name)],
        columns=[
            Column(_("编码"), TEXT, 14),
            Column(_("地名"), TEXT, 22),
            Column(_("人数"), WHOLE, 10),
            *(Column(rules[due].zh, WHOLE, 12) for due in dues),
            Column(_("合计"), WHOLE, 10),
            Column(_("逾期"), WHOLE, 10),
        ],
        rows=(place_cells(row) for row in page.places),
        total=len(page.places),
    )


def place_cells(row: PlaceRow) -> Sequence[Any]:
    """Return the cells of one place in the order of the columns."""
    numbers = list(row.lacking.values())
    return (
        row.place.code, place_written(row.place.name), row.persons_in_base, *numbers, sum(numbers), row.late
    )  # fmt: skip
