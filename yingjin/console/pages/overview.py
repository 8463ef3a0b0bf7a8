"""Overview: what is due, what is done, what is missing, and whether the figures can be trusted."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingjin.console.frame import as_of, asked_day
from yingjin.console.pages.places import trail
from yingjin.insight import queries

ASKS = {
    "insured": ("参保率", "人未参保", "已保 ÷ 应保", "应保", "已保"),
    "treated": ("救治率", "处未救治", "已治 ÷ 名单内确诊", "应治", "已治"),
    "contracted": ("签约率", "人未签约", "已签 ÷ 应签", "应签", "已签"),
    "covered": ("兜底到位率", "处未兜住", "各层付清 ÷ 该付的住院账单", "应兜", "已兜"),
}
BAR_WIDTH, BAR_STEP, BAR_TOP = 7, 10, 34
PAYER_KINDS = {"total": "total", "own_in_scope": "own", "own_out_of_scope": "out"}


@dataclass(frozen=True)
class Bar:
    """One township's gaps in a small chart: place from the left, height in the chart's units."""

    x: int
    y: float
    height: float
    hot: bool
    label: str


@dataclass(frozen=True)
class DueCard:
    """One of the four dues, as numerator over denominator, with a bar for each place below."""

    due: str
    count: queries.DueCount
    share_name: str
    lacking_words: str
    base_words: str
    should_word: str
    is_word: str
    bars: list[Bar]
    bars_label: str
    change: int | None

    @property
    def should(self) -> int:
        """What is due: done, open and unknown."""
        return self.count.done + self.count.open + self.count.unknown

    @property
    def lacking(self) -> int:
        """What is due and not done."""
        return self.count.open + self.count.unknown

    @property
    def chart_width(self) -> int:
        """Width of the small chart in its own units."""
        return max(len(self.bars), 1) * BAR_STEP - (BAR_STEP - BAR_WIDTH)


@dataclass(frozen=True)
class PlaceLine:
    """One row of the table of places; bars in hundredths of the longest."""

    row: queries.PlaceRow
    lacking: list[tuple[str, int]]
    total: int
    long: str
    late_long: str
    per_thousand: str


@dataclass(frozen=True)
class PaidLine:
    """One payer of the year's money and the colour of its bar."""

    line: queries.MoneyLine
    kind: str


def show(request: HttpRequest) -> HttpResponse:
    """Show the overview of the reader's region, or of a part of it, on a day that has been found."""
    known = as_of(request)
    if known.data_until is None:
        return render(request, "console/overview_empty.html")
    on = asked_day(request) or (known.found_days[0] if known.found_days else known.data_until)
    region_code = request.GET.get("region", "")
    if on not in known.found_days:
        return render(request, "console/not_found_day.html", {"on": on, "title": "总览"})
    page = queries.overview(request.user, on, region_code or None)
    return render(request, "console/overview.html", shape(request, page, on))


def shape(request: HttpRequest, page: queries.Overview, on: date) -> dict[str, object]:
    """Return what the template shows: nothing is counted here, only added up and laid out."""
    lines = place_lines(page.places)
    lacking = sum(each.open + each.unknown for each in page.dues)
    worst = max(lines, key=lambda line: line.total, default=None)
    return {
        "page": page,
        "on": on,
        "trail": trail(request.user, page.place),
        "cards": [card(each, page) for each in page.dues],
        "lines": lines,
        "lacking": lacking,
        "worst": worst if worst and worst.total and len(lines) > 1 else None,
        "sums": {due: sum(line.row.lacking[due] for line in lines) for due in ASKS},
        "paid": paid_lines(page.money),
        "whole_fen": page.money.lines[0].amount_fen if page.money.lines else 0,
        "own_fen": sum(line.amount_fen for line in page.money.lines if line.kind.startswith("own_")),
        "own_in_scope_fen": sum(line.amount_fen for line in page.money.lines if line.kind == "own_in_scope"),
        "per_thousand": per_thousand(lacking, page.persons_in_base),
        "change": None if page.previous is None else lacking - sum(page.previous.lacking.values()),
    }


def card(count: queries.DueCount, page: queries.Overview) -> DueCard:
    """Lay one due out."""
    share_name, lacking_words, base_words, should_word, is_word = ASKS[count.due]
    most = max((row.lacking[count.due] for row in page.places), default=0)
    bars = [bar(number, row, count.due, most) for number, row in enumerate(page.places)]
    tallest = next((row.place.name for row in page.places if row.lacking[count.due] == most), "")
    label = f"{len(bars)} 处地方的缺口" + (f"，最多的是{tallest}（{most:,} 处）" if most else "，都没有")
    before = page.previous.lacking[count.due] if page.previous else None
    change = None if before is None else count.open + count.unknown - before
    return DueCard(
        count.due, count, share_name, lacking_words, base_words, should_word, is_word, bars, label, change
    )  # fmt: skip


def bar(number: int, row: queries.PlaceRow, due: str, most: int) -> Bar:
    """Lay one place's bar out; the tallest is hot."""
    lacking = row.lacking[due]
    height = round(BAR_TOP * lacking / most, 1) if most else 0.0
    return Bar(
        number * BAR_STEP,
        round(36 - height, 1),
        height,
        0 < lacking == most,
        f"{row.place.name} {lacking:,} 处",
    )


def place_lines(rows: list[queries.PlaceRow]) -> list[PlaceLine]:
    """Lay the places out, most gaps first."""
    totals = [sum(row.lacking.values()) for row in rows]
    most = max(totals, default=0) or 1
    lines = [
        PlaceLine(
            row=row,
            lacking=[(due, row.lacking[due]) for due in ASKS],
            total=total,
            long=f"{100 * total / most:.1f}",
            late_long=f"{100 * row.late / most:.1f}",
            per_thousand=per_thousand(total, row.persons_in_base),
        )
        for row, total in zip(rows, totals, strict=True)
    ]
    return sorted(lines, key=lambda line: (-line.total, line.row.place.code))


def per_thousand(lacking: int, persons: int) -> str:
    """Return gaps per thousand persons with one decimal, half up; a dash where nobody lives."""
    if persons == 0:
        return "–"
    tenths = (lacking * 20_000 + persons) // (2 * persons)
    return f"{tenths // 10:,}.{tenths % 10}"


def paid_lines(flow: queries.MoneyFlow) -> list[PaidLine]:
    """Give each payer the colour of its place in the order of the law."""
    payers = [line.kind for line in flow.lines if line.kind not in PAYER_KINDS]
    colours = {kind: f"p{min(number, 4)}" for number, kind in enumerate(payers, 1)}
    return [PaidLine(line, PAYER_KINDS.get(line.kind) or colours[line.kind]) for line in flow.lines]
