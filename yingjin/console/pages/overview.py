"""Overview: what is due, what is done, what is missing, and whether the figures can be trusted."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yingjin.basics.access import may
from yingjin.console.frame import as_of, asked_day
from yingjin.console.pages import overview_drawn as drawn
from yingjin.console.pages.places import trail
from yingjin.console.templatetags.yingjin import place
from yingjin.insight import queries
from yingjin.registry.domain.regions import level_of

ASKS = {
    "insured": (
        gettext_lazy("参保率"), gettext_lazy("人未参保"), gettext_lazy("已保 ÷ 应保"), gettext_lazy("应保"), gettext_lazy("已保"),
    ),
    "treated": (
        gettext_lazy("救治率"), gettext_lazy("处未救治"), gettext_lazy("已治 ÷ 名单内确诊"), gettext_lazy("应治"),
        gettext_lazy("已治"),
    ),
    "contracted": (
        gettext_lazy("签约率"), gettext_lazy("人未签约"), gettext_lazy("已签 ÷ 应签"), gettext_lazy("应签"), gettext_lazy("已签"),
    ),
    "covered": (
        gettext_lazy("兜底到位率"), gettext_lazy("处未兜住"), gettext_lazy("各层付清 ÷ 该付的住院账单"), gettext_lazy("应兜"),
        gettext_lazy("已兜"),
    ),
}  # fmt: skip
ROWS_OF_A_SHORT_TABLE = 6
PAYER_KINDS = {"total": "total", "own_in_scope": "own", "own_out_of_scope": "out"}


@dataclass(frozen=True)
class DueCard:
    """One of the four dues, as numerator over denominator, with a bar for each place below."""

    due: str
    count: queries.DueCount
    share_name: str | Promise
    lacking_words: str | Promise
    base_words: str | Promise
    should_word: str | Promise
    is_word: str | Promise
    bars: SafeString
    bars_count: int
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
        return drawn.bars_width(self.bars_count)


@dataclass(frozen=True)
class PaidLine:
    """One payer of the year's money and the colour of its bar."""

    line: queries.MoneyLine
    kind: str


def show(request: HttpRequest) -> HttpResponse:
    """Show the overview of the reader's region, or of a part of it, on a day that has been found."""
    if not may(request.user, "read_overview"):
        return redirect("home")
    known = as_of(request)
    if known.data_until is None:
        return render(request, "console/overview_empty.html")
    on = asked_day(request) or (known.found_days[0] if known.found_days else known.data_until)
    region_code = request.GET.get("region", "")
    if on not in known.found_days:
        return render(request, "console/not_found_day.html", {"on": on, "title": _("总览")})
    page = queries.overview(request.user, on, region_code or None)
    return render(request, "console/overview.html", shape(request, page, on))


def shape(request: HttpRequest, page: queries.Overview, on: date) -> dict[str, object]:
    """Return what the template shows: nothing is counted here, only added up and laid out."""
    totals = {row.place.code: sum(row.lacking.values()) for row in page.places}
    lacking = sum(each.open + each.unknown for each in page.dues)
    worst = max(page.places, key=lambda row: totals[row.place.code], default=None)
    return {
        "page": page,
        # The registers lie whole in the county: below it their rows are nobody's own.
        "whole_county": level_of(page.place.code) == "county",
        "on": on,
        "trail": trail(request.user, page.place, on=on),
        "cards": [card(each, page) for each in page.dues],
        "rows": drawn.place_rows(page, totals),
        "lacking": lacking,
        "worst": worst if worst and totals[worst.place.code] and len(totals) > 1 else None,
        "worst_total": max(totals.values(), default=0),
        "sums": {due: sum(row.lacking[due] for row in page.places) for due in ASKS},
        "disease_columns": columns(page.diseases.rows),
        "paid": paid_lines(page.money),
        "whole_fen": page.money.lines[0].amount_fen if page.money.lines else 0,
        "own_fen": sum(line.amount_fen for line in page.money.lines if line.kind.startswith("own_")),
        "own_in_scope_fen": sum(line.amount_fen for line in page.money.lines if line.kind == "own_in_scope"),
        "per_thousand": drawn.per_thousand(lacking, page.persons_in_base),
        "change": None if page.previous is None else lacking - sum(page.previous.lacking.values()),
    }


def card(count: queries.DueCount, page: queries.Overview) -> DueCard:
    """Lay one due out."""
    share_name, lacking_words, base_words, should_word, is_word = ASKS[count.due]
    most = max((row.lacking[count.due] for row in page.places), default=0)
    tallest = next((row.place.name for row in page.places if row.lacking[count.due] == most), "")
    before = page.previous.lacking[count.due] if page.previous else None
    return DueCard(
        due=count.due,
        count=count,
        share_name=share_name,
        lacking_words=lacking_words,
        base_words=base_words,
        should_word=should_word,
        is_word=is_word,
        bars=drawn.bars(page.places, count.due, most),
        bars_count=len(page.places),
        bars_label=bars_label(len(page.places), tallest, most),
        change=None if before is None else count.open + count.unknown - before,
    )


def bars_label(places: int, tallest: str, most: int) -> str:
    """Say in words what the small chart of a due shows."""
    if not most:
        return _("{places} 处地方的缺口，都没有").format(places=places)
    said = ngettext(
        "{places} 处地方的缺口，最多的是{tallest}（{most} 处）",
        "{places} 处地方的缺口，最多的是{tallest}（{most} 处）",
        most,
    )
    return said.format(places=places, tallest=place(tallest), most=f"{most:,}")


def columns(rows: list[queries.DiseaseRow]) -> list[list[queries.DiseaseRow]]:
    """Divide a long table into three that stand side by side, read downwards; a short one stays one."""
    if len(rows) <= ROWS_OF_A_SHORT_TABLE:
        return [rows] if rows else []
    height = -(-len(rows) // 3)
    return [rows[at : at + height] for at in range(0, len(rows), height)]


def paid_lines(flow: queries.MoneyFlow) -> list[PaidLine]:
    """Give each payer the colour of its place in the order of the law."""
    payers = [line.kind for line in flow.lines if line.kind not in PAYER_KINDS]
    colours = {kind: f"p{min(number, 4)}" for number, kind in enumerate(payers, 1)}
    return [PaidLine(line, PAYER_KINDS.get(line.kind) or colours[line.kind]) for line in flow.lines]
