"""The parts of a region's page that repeat for every place: its rows and its outlines.

Drawn here and not in a template, as the overview's places are. Names are escaped, all the rest are numbers and codes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.console.pages.overview_drawn import per_thousand
from yingjin.console.templatetags.yingjin import DUES, short_place
from yingjin.insight import queries
from yingjin.registry.domain.outlines import Drawing, Outline, Ring, drawn
from yingjin.registry.domain.places import stem

WIDTH = 360
LETTER = 12  # room a character of a name takes in a picture
NOTHING = '<td class="n soft">–</td>'
QUALITY = {
    "unlinked": gettext_lazy("未对上"),
    "disagreements": gettext_lazy("登记册互相矛盾"),
    "held": gettext_lazy("暂不计的账单"),
    "incomplete": gettext_lazy("账不全的人年"),
}


@dataclass(frozen=True)
class State:
    """How a place stands as a whole: a stamp, its colour, and the words."""

    char: str
    colour: str
    word: str


def state_of(row: queries.RegionRow) -> State:
    """Return how a place stands: unknown, nobody there, complete, all still in time, or late."""
    if not row.known:
        return State("空", "", _("没有数据"))
    if row.persons == 0:
        return State("–", "", _("没有应享的人"))
    if row.lacking == 0:
        return State("已", "done", _("没有缺口"))
    if row.late == 0:
        return State("待", "wait", _("有缺口，都在期限内"))
    return State("缺", "gap", _("有缺口已过期限"))


def rows(page: queries.RegionPage, on: date, *, lists: bool) -> SafeString:
    """Draw a row for each place below, most gaps first; what is not known stands last.

    A figure opens its list, for who may see `lists`.
    """
    ordered = sorted(page.parts, key=lambda row: (not row.known, -row.lacking, row.place.code))
    return mark_safe("\n".join(_row(row, on, opens=True, lists=lists) for row in ordered))


def total(page: queries.RegionPage, on: date, *, lists: bool) -> SafeString:
    """Draw the row of the region itself: its own tallies, which those below add up to."""
    return mark_safe(_row(page.whole, on, opens=False, lists=lists))


def _row(row: queries.RegionRow, on: date, *, opens: bool, lists: bool) -> str:
    name = escape(short_place(row.place.name))
    if opens:
        name = f'<a href="{reverse("region", args=[row.place.code])}?on={on}">{name}</a>'
    else:
        name = escape(_("合计"))
    state = state_of(row)
    said = _("（{word}）").format(word=state.word)
    stamp = f'<span class="st {state.colour}" title="{escape(state.word)}">{escape(state.char)}<span class="hide">{escape(said)}</span></span>'
    head = f'<tr><th scope="row">{name}</th><td>{stamp}</td>'
    if not row.known:
        return f"{head}{NOTHING * (6 + 3 * len(DUES))}</tr>"
    gaps = f"{reverse('gaps')}?on={on}&amp;region={escape(row.place.code)}" if lists else ""
    return (
        f'{head}<td class="n">{row.persons:,}</td>'
        + "".join(_due(row.dues[due], gaps) for due in DUES)
        + _counted(row.lacking, gaps, bold=True)
        + _counted(row.late, gaps and f"{gaps}&amp;status=late", hot=True)
        + f'<td class="n">{per_thousand(row.lacking, row.persons)}</td>'
        + f'<td class="n">{row.households:,}</td><td class="n">{row.doubtful:,}</td></tr>'
    )


def _due(count: queries.DueCount, gaps: str) -> str:
    lacking = count.open + count.unknown
    of_due = gaps and f"{gaps}&amp;due={count.due}"
    return (
        _counted(count.done + lacking, of_due and f"{of_due}&amp;status=due", first=True)
        + _counted(count.done, of_due and f"{of_due}&amp;status=done")
        + _counted(lacking, of_due, hot=True)
    )


def _counted(number: int, url: str, *, bold: bool = False, hot: bool = False, first: bool = False) -> str:
    """Draw a count that opens into its list; a zero opens nothing, nor does a count without an address."""
    text = f"<b>{number:,}</b>" if bold else f"{number:,}"
    kind = "n first" if first else "n"
    if number == 0 or not url:
        return f'<td class="{kind}">{text}</td>'
    return f'<td class="{kind}"><a{" class=gap" if hot else ""} href="{url}">{text}</a></td>'


def quality_kinds(row: queries.RegionRow) -> list[tuple[str, str, int]]:
    """Return what is to be mended in the region's data: kind, words, number."""
    return [(kind, str(words), row.quality[kind]) for kind, words in QUALITY.items()]


def below(page: queries.RegionPage, rings: Mapping[str, Sequence[Ring]]) -> SafeString:
    """Draw the outlines of the places below; the state of each is its colour, its stamp and its number."""
    by_code = {row.place.code: row for row in page.parts}
    picture = drawn(rings, WIDTH)
    shapes = "".join(_shape(each, by_code[each.code]) for each in picture.outlines)
    names = "".join(_name(each, by_code[each.code]) for each in picture.outlines)
    label = _("%(place)s示意图：%(number)s 处地方各有多少缺口，数字与表相同") % {
        "place": page.whole.place.name,
        "number": len(picture.outlines),
    }
    return _svg(picture, label, shapes + names)


def among(page: queries.RegionPage, rings: Mapping[str, Sequence[Ring]]) -> SafeString:
    """Draw a region among its neighbours, of which nothing is said."""
    picture = drawn(rings, WIDTH)
    here = page.whole.place.code
    shapes = "".join(
        f'<path class="o {state_of(page.whole).colour or "none"}" d="{each.path}"/>'
        if each.code == here
        else f'<path class="o none" d="{each.path}"/>'
        for each in picture.outlines
    )
    names = "".join(_name(each, page.whole) for each in picture.outlines if each.code == here)
    label = _("%(place)s在上一级地方里的位置示意图") % {"place": page.whole.place.name}
    return _svg(picture, label, shapes + names)


def _svg(picture: Drawing, label: str, inside: str) -> SafeString:
    return mark_safe(
        f'<svg class="outline" viewBox="0 0 {picture.width:g} {picture.height:g}" role="img" aria-label="{escape(label)}">{inside}</svg>'
    )


def _shape(outline: Outline, row: queries.RegionRow) -> str:
    state = state_of(row)
    number = f" {row.lacking:,}" if row.known else ""
    return (
        f'<path class="o {state.colour or "none"}" d="{outline.path}">'
        f"<title>{escape(row.place.name)} {escape(state.word)}{number}</title></path>"
    )


def _shortened(name: str) -> tuple[str, ...]:
    """Return a name and what people shorten it to: 威宁彝族回族苗族自治县, 威宁县, 威宁."""
    level = next((level for level in ("city", "county", "township") if stem(name, level) != name), "village")
    return name, short_place(name), stem(name, level)


def _name(outline: Outline, row: queries.RegionRow) -> str:
    """Draw name, stamp and number where there is room for them; the table has them all."""
    state, name = state_of(row), row.place.name
    number = f"{state.char} {row.lacking:,}" if row.known and row.persons else state.char
    if outline.room < LETTER * len(number) / 2:
        return ""
    short = next((each for each in _shortened(name) if outline.room >= LETTER * len(each)), "")
    lines = [short, number] if short else [number]
    return "".join(
        f'<text class="{state.colour}" x="{outline.x:g}" y="{outline.y + 13 * place:g}" text-anchor="middle">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
