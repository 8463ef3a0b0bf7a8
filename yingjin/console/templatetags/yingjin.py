"""How the console writes money, counts, days and marks (the words of UI section 6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yingjin.basics import money
from yingjin.basics.language import CHINESE, chosen, speaks_english
from yingjin.registry.queries import latin, place_written

register = template.Library()

NO_BREAK = "\u00a0"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DUES = {"insured": "保", "treated": "治", "contracted": "签", "covered": "兜"}
DUE_NAMES = {
    "insured": gettext_lazy("应保尽保"),
    "treated": gettext_lazy("应治尽治"),
    "contracted": gettext_lazy("应签尽签"),
    "covered": gettext_lazy("应兜尽兜"),
}
DUE_WORDS = {
    "insured": gettext_lazy("保"),
    "treated": gettext_lazy("治"),
    "contracted": gettext_lazy("签"),
    "covered": gettext_lazy("兜"),
}
SIGNS = {"<=": " ≤ ", "=": " ＝ ", "*": " × ", "/": " ÷ ", "+": " ＋ ", "-": " − "}
WIDE_SIGNS = str.maketrans("＝＋＜（）", "=+<()")
SLIP_WORDS = {
    "basic": gettext_lazy("医保"),
    "critical_illness": gettext_lazy("大病保险"),
    "assistance": gettext_lazy("民政救助"),
}
PEOPLES = re.compile(
    r"((?:汉|回|彝|苗|白|侗|水|壮|瑶|满|羌|畲|藏|傣|布依|土家|仡佬|蒙古|毛南|仫佬)族)+(?=乡$|镇$|民族乡$)"
)
SEXES = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}
WRITTEN_SEXES = {"男": SEXES["male"], "女": SEXES["female"]}


@dataclass(frozen=True)
class Mark:
    """A one-character stamp, its colour and what it says in full."""

    char: str
    colour: str
    word: str | Promise


MARKS = {
    "done": Mark("已", "done", gettext_lazy("有凭据")),
    "open": Mark("缺", "gap", gettext_lazy("该有而没有")),
    "in_time": Mark("待", "wait", gettext_lazy("在期限内办理")),
    "unknown": Mark("待", "wait", gettext_lazy("身份待核")),
    "excepted": Mark("免", "", gettext_lazy("除外")),
    "not_due": Mark("免", "", gettext_lazy("当天不应享此项")),
}


@register.filter
def yuan(amount_fen: int | None) -> str:
    """Write fen as yuan with two decimals; 空 when unknown."""
    return _("空") if amount_fen is None else money.yuan(amount_fen)


@register.filter
def wan(amount_fen: int | None) -> str:
    """Write fen as 万元 with two decimals, for summaries whose heading names the unit."""
    return _("空") if amount_fen is None else money.ten_thousand_yuan(amount_fen)


@register.filter
def wan_plain(amount_fen: int) -> str:
    """Write fen as 万元 for a machine: no thousands mark."""
    return money.ten_thousand_yuan(amount_fen).replace(",", "").replace("−", "-")


@register.filter
def count(number: int | None) -> str:
    """Write a count with thousands marks; 空 when unknown."""
    return _("空") if number is None else f"{number:,}"


@register.filter
def negated(number: int) -> int:
    """Return a number with its sign turned, to say how many fewer."""
    return -number


@register.filter
def day(value: date | None) -> str:
    """Write a day as 2026-11-11; 空 when unknown."""
    return _("空") if value is None else value.isoformat()


@register.filter
def day_or_now(value: date | None) -> str:
    """Write the end of an interval: a day, or 至今 when it is open."""
    return _("至今") if value is None else value.isoformat()


@register.filter
def day_zh(value: date | None) -> str:
    """Write a day as patients read it: 11 月 11 日, 11 Nov."""
    if value is None:
        return _("空")
    if speaks_english():
        return f"{value.day}{NO_BREAK}{MONTHS[value.month - 1]}"
    return f"{value.month}{NO_BREAK}月{NO_BREAK}{value.day}{NO_BREAK}日"


@register.simple_tag
def day_in(value: date | None, on: date | None) -> str:
    """Write a day as 11-16 within the year of `on`, else in full."""
    if value is None:
        return _("空")
    return f"{value:%m-%d}" if on is not None and value.year == on.year else value.isoformat()


@register.simple_tag
def percent(part: int, whole: int) -> str:
    """Write part ÷ whole as 99.57 %; a dash when the whole is 0; never 100 unless it is."""
    text = money.part_of(part, whole)
    return text if whole == 0 else f"{text}{NO_BREAK}%"


@register.simple_tag
def thousandths(part: int, whole: int) -> str:
    """Return part ÷ whole in the units of a bar a thousand wide."""
    return f"{1000 * part / whole:.1f}" if whole > 0 else "0"


@register.simple_tag
def difference(computed_fen: int, reported_fen: int | None) -> str:
    """Write computed less reported; a dash when nothing was reported or nothing differs."""
    if reported_fen is None or computed_fen == reported_fen:
        return "–"
    return money.yuan(computed_fen - reported_fen)


@register.simple_tag
def published(value: int | None, unit: str) -> str:
    """Write a value of a published bill: fen as yuan, bp as a percentage; a dash where there is none."""
    if value is None:
        return "–"
    if unit == "fen":
        return money.yuan(value)
    sign = "−" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02}{NO_BREAK}%"


@register.filter
def slip_words(layer: str, label: str) -> str:
    """Name a payer in a patient's words."""
    return str(SLIP_WORDS.get(layer, label))


@register.filter
def minus(text: str) -> str:
    """Write a number's sign as people do: −."""
    return text.replace("-", "−")


@register.filter
def sum_words(text: str) -> str:
    """Write an expression with values as people do: 2497.86 ÷ 2775.27 × 100 ＝ 90.01."""
    for sign, written in SIGNS.items():
        text = text.replace(sign, written)
    return signs(" ".join(text.split()))


def signs(text: str) -> str:
    """Write the signs of a sum as the reader's language does: full width in Chinese, plain in English."""
    return text.translate(WIDE_SIGNS) if speaks_english() else text


@register.filter
def due_char(due: str) -> str:
    """Return 保 治 签 or 兜: the stamp of a due in either language."""
    return DUES[due]


@register.filter
def due_word(due: str) -> str:
    """Return 保, in English the short word: for heads and choices, where nothing else says it."""
    return str(DUE_WORDS[due])


@register.simple_tag
def due_stamp(due: str, colour: str = "") -> SafeString:
    """Show which due a line is of: 保 治 签 兜, in English said in full to screen readers and on hovering."""
    return _due_stamped(speaks_english(), due, colour)


@cache
def _due_stamped(english: bool, due: str, colour: str) -> SafeString:
    if not english:
        return format_html('<span class="{}">{}</span>', f"st {colour}".strip(), DUES[due])
    return format_html(
        '<span class="{}" title="{}"><span aria-hidden="true">{}</span><span class="hide">{}</span></span>',
        f"st {colour}".strip(),
        DUE_NAMES[due],
        DUES[due],
        DUE_NAMES[due],
    )


@register.filter
def due_name(due: str) -> str:
    """Return 应保尽保 and its like."""
    return str(DUE_NAMES[due])


@register.filter
def place(name: str) -> str:
    """Write a place: 赫章县, in English with its pinyin, 赫章县 Hezhang."""
    return place_written(name)


@register.filter
def short_place(name: str) -> str:
    """Write a township as people say it: 结构彝族苗族乡 becomes 结构乡. Lists only; heads keep the full name."""
    return _short_place(name, speaks_english())


@cache
def _short_place(name: str, english: bool) -> str:
    short = PEOPLES.sub("", name)
    return f"{short} {latin(name)}" if name and english else short


@register.filter
def listed(names: Iterable[str]) -> str:
    """Write names one after another: with 、, in English with commas."""
    return _("、").join(names)


@register.filter
def said(text: Any) -> str:
    """Return what has a text in both languages in the reader's, begun with a capital as English does."""
    return choose(text.zh, text.en)


@register.filter
def said_all(texts: Iterable[Any]) -> list[str]:
    """Return several texts in the reader's language."""
    return [said(text) for text in texts]


@register.simple_tag
def choose(zh: str, en: str) -> str:
    """Return the one of two texts that the reader chose."""
    return chosen(zh, en[:1].upper() + en[1:])


@register.filter
def sex(value: str) -> str:
    """Write a sex; nothing when unknown."""
    return str(SEXES.get(value) or WRITTEN_SEXES.get(value, ""))


@register.filter
def unlocalised(number: float) -> str:
    """Write a number for an attribute of SVG."""
    return f"{number:g}"


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """Return what a mapping holds under a key, None when nothing."""
    return mapping.get(key)


@register.simple_tag
def stamp(status: str, in_time: bool = False) -> SafeString:
    """Show the state of a due: 已 缺 待 免, said in full to screen readers and on hovering."""
    return _stamped(translation.get_language() or "", "in_time" if status == "open" and in_time else status)


@cache
def _stamped(language: str, name: str) -> SafeString:
    """Return a stamp in one language: a list of people shows the same four over and over."""
    mark = MARKS[name]
    return format_html(
        '<span class="st {}" title="{}">{}<span class="hide">{}</span></span>',
        mark.colour,
        mark.word,
        mark.char,
        _("（{word}）").format(word=mark.word),
    )


@register.simple_tag
def state_mark(state: Any, on: date) -> Mark:
    """Return the mark of a due's state; open but every open item still before its deadline counts as in time."""
    late = [
        item for item in state.items if item.status == "open" and (item.due_by is None or item.due_by < on)
    ]
    return MARKS["in_time" if state.status == "open" and not late else state.status]


@register.simple_tag
def member_stamp(member: Any, due: str) -> SafeString:
    """Show how one due of a member of the household stands."""
    return stamp(member.states.get(due, "not_due"), bool(member.in_time.get(due)))


@register.simple_tag
def who(user: Any) -> str:
    """Name who is signed in: the role, and the name where it says more."""
    with translation.override(CHINESE):
        in_chinese = str(user.get_role_display())
    role = str(user.get_role_display())
    return role if user.display_name == in_chinese else f"{role} · {user.display_name}"


@register.simple_tag
def due_sum(counted: Any) -> dict[str, int]:
    """Return what is due and what is missing of a count by status."""
    lacking = counted.open + counted.unknown
    return {"should": counted.done + lacking, "lacking": lacking}


@register.simple_tag
def deadline_on(due_by: date, on: date) -> SafeString:
    """Say how a deadline stands on a day."""
    return deadline((on - due_by).days)


@register.simple_tag
def deadline(days_late: int | None) -> SafeString:
    """Say how a deadline stands: late in the hot colour, today, or how many days are left."""
    if days_late is None:
        return format_html('<span class="soft">{}</span>', _("无期限"))
    if days_late > 0:
        late = ngettext("逾期 {days} 天", "逾期 {days} 天", days_late).format(days=f"{days_late:,}")
        return format_html('<span class="gap"><b>{}</b></span>', late)
    if days_late == 0:
        return format_html('<span class="wait"><b>{}</b></span>', _("今天"))
    left = ngettext("还有 {days} 天", "还有 {days} 天", -days_late).format(days=f"{-days_late:,}")
    return format_html("{}", left)


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """Return the present query with some values changed; an empty value takes its name away."""
    query = {**context["request"].GET.dict(), **changes}
    return f"?{urlencode({name: value for name, value in query.items() if value not in ('', None)})}"


@register.simple_tag
def cell(figure: Any, money_unit: bool = False) -> SafeString | str:
    """Show a figure of a small group: itself, <10, or 略 where it would tell another."""
    if figure.value is not None:
        return wan(figure.value) if money_unit else count(figure.value)
    if figure.few and not money_unit:
        return format_html("{}", "<10")
    return format_html('<span class="soft" title="{}">{}</span>', _("为免推算出少数人的数，略去"), _("略"))
