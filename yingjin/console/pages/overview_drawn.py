"""The two parts of the overview that repeat for every place: its bars and its table rows.

Drawn here and not in a template: at a county's thirty places they are a thousand cells at every opening of the
most opened page. Names are escaped, all the rest are numbers and codes.
"""

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from yingjin.basics.language import speaks_english
from yingjin.console.templatetags.yingjin import DUES, PEOPLES, place
from yingjin.insight import queries
from yingjin.registry.queries import latin

BAR_WIDTH, BAR_STEP, BAR_TOP, BAR_FOOT = 7, 10, 34, 36


def bars_width(places: int) -> int:
    """Return how wide the bars of so many places are, in the chart's units."""
    return max(places, 1) * BAR_STEP - (BAR_STEP - BAR_WIDTH)


def bars(rows: list[queries.PlaceRow], due: str, most: int) -> SafeString:
    """Draw a bar for each place, in the same order on every card; the tallest is hot."""
    drawn = []
    for number, row in enumerate(rows):
        lacking = row.lacking[due]
        height = round(BAR_TOP * lacking / most, 1) if most else 0
        hot = ' class="hot"' if 0 < lacking == most else ""
        drawn.append(
            f'<rect{hot} x="{number * BAR_STEP}" y="{BAR_FOOT - height:.1f}" width="{BAR_WIDTH}" height="{height}">'
            f"<title>{escape(tip(row.place.name, lacking))}</title></rect>"
        )
    return mark_safe("".join(drawn))


def tip(name: str, lacking: int) -> str:
    """Say one bar in words."""
    return ngettext("{place} {gaps} 处", "{place} {gaps} 处", lacking).format(
        place=place(name), gaps=f"{lacking:,}"
    )


def place_rows(page: queries.Overview, totals: dict[str, int]) -> SafeString:
    """Draw the table's rows, most gaps first; every count opens into its list."""
    most = max(totals.values(), default=0) or 1
    ordered = sorted(page.places, key=lambda row: (-totals[row.place.code], row.place.code))
    urls = reverse("overview"), reverse("gaps")
    return mark_safe("".join(place_row(page, row, totals[row.place.code], most, urls) for row in ordered))


def place_row(
    page: queries.Overview, row: queries.PlaceRow, total: int, most: int, urls: tuple[str, str]
) -> str:
    """Draw one place: its people, its gaps by due, all of them, the late ones, and how many a thousand people."""
    asked = f"?on={page.on}&amp;region={escape(row.place.code)}"
    name, gaps = escape(PEOPLES.sub("", row.place.name)), f"{urls[1]}{asked}"
    if row.place.code != page.place.code:
        name = f'<a href="{urls[0]}{asked}">{name}</a>'
    if speaks_english():
        name = f'{name} <small class="soft">{escape(latin(row.place.name))}</small>'
    by_due = "".join(counted(row.lacking[due], f"{gaps}&amp;due={due}") for due in DUES)
    bar = (
        f'<rect width="{100 * total / most:.1f}" height="8"/><rect class="hot" width="{100 * row.late / most:.1f}" height="8"/>'
        if total
        else ""
    )
    return (
        f'<tr><th scope="row">{name}</th><td class="n">{row.persons_in_base:,}</td>{by_due}{counted(total, gaps, bold=True)}'
        f'<td class="barcell"><svg class="mini" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{bar}</svg></td>'
        f"{counted(row.late, f'{gaps}&amp;status=late', hot=True)}"
        f'<td class="n">{per_thousand(total, row.persons_in_base)}</td></tr>\n'
    )


def counted(number: int, url: str, *, bold: bool = False, hot: bool = False) -> str:
    """Draw a count that opens into its list; a zero opens nothing."""
    text = f"<b>{number:,}</b>" if bold else f"{number:,}"
    if number == 0:
        return f'<td class="n">{text}</td>'
    return f'<td class="n"><a{" class=gap" if hot else ""} href="{url}">{text}</a></td>'


def per_thousand(lacking: int, persons: int) -> str:
    """Return gaps per thousand persons with one decimal, half up; a dash where nobody lives."""
    if persons == 0:
        return "–"
    tenths = (lacking * 20_000 + persons) // (2 * persons)
    return f"{tenths // 10:,}.{tenths % 10}"
