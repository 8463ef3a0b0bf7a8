"""How the console writes money, counts, days and marks (the words of UI section 6)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yingjin.basics import money

register = template.Library()

NO_BREAK = "\u00a0"
DUES = {"insured": "保", "treated": "治", "contracted": "签", "covered": "兜"}
DUE_NAMES = {"insured": "应保尽保", "treated": "应治尽治", "contracted": "应签尽签", "covered": "应兜尽兜"}
SIGNS = {"<=": " ≤ ", "=": " ＝ ", "*": " × ", "/": " ÷ ", "+": " ＋ ", "-": " − "}
SLIP_WORDS = {"basic": "医保", "critical_illness": "大病保险", "assistance": "民政救助"}
PEOPLES = re.compile(
    r"((?:汉|回|彝|苗|白|侗|水|壮|瑶|满|羌|畲|藏|傣|布依|土家|仡佬|蒙古|毛南|仫佬)族)+(?=乡$|镇$|民族乡$)"
)
SEXES = {"male": "男", "female": "女"}


@dataclass(frozen=True)
class Mark:
    """A one-character stamp, its colour and what it says in full."""

    char: str
    colour: str
    word: str


MARKS = {
    "done": Mark("已", "done", "有凭据"),
    "open": Mark("缺", "gap", "该有而没有"),
    "in_time": Mark("待", "wait", "在期限内办理"),
    "unknown": Mark("待", "wait", "身份待核"),
    "excepted": Mark("免", "", "除外"),
    "not_due": Mark("免", "", "当天不应享此项"),
}


@register.filter
def yuan(amount_fen: int | None) -> str:
    """Write fen as yuan with two decimals; 空 when unknown."""
    return "空" if amount_fen is None else money.yuan(amount_fen)


@register.filter
def wan(amount_fen: int | None) -> str:
    """Write fen as 万元 with two decimals, for summaries whose heading names the unit."""
    return "空" if amount_fen is None else money.ten_thousand_yuan(amount_fen)


@register.filter
def wan_plain(amount_fen: int) -> str:
    """Write fen as 万元 for a machine: no thousands mark."""
    return money.ten_thousand_yuan(amount_fen).replace(",", "").replace("−", "-")


@register.filter
def count(number: int | None) -> str:
    """Write a count with thousands marks; 空 when unknown."""
    return "空" if number is None else f"{number:,}"


@register.filter
def negated(number: int) -> int:
    """Return a number with its sign turned, to say how many fewer."""
    return -number


@register.filter
def day(value: date | None) -> str:
    """Write a day as 2026-11-11; 空 when unknown."""
    return "空" if value is None else value.isoformat()


@register.filter
def day_or_now(value: date | None) -> str:
    """Write the end of an interval: a day, or 至今 when it is open."""
    return "至今" if value is None else value.isoformat()


@register.filter
def day_zh(value: date | None) -> str:
    """Write a day as patients read it: 11 月 11 日."""
    return "空" if value is None else f"{value.month}{NO_BREAK}月{NO_BREAK}{value.day}{NO_BREAK}日"


@register.simple_tag
def day_in(value: date | None, on: date | None) -> str:
    """Write a day as 11-16 within the year of `on`, else in full."""
    if value is None:
        return "空"
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
    return SLIP_WORDS.get(layer, label)


@register.filter
def minus(text: str) -> str:
    """Write a number's sign as people do: −."""
    return text.replace("-", "−")


@register.filter
def sum_words(text: str) -> str:
    """Write an expression with values as people do: 2497.86 ÷ 2775.27 × 100 ＝ 90.01."""
    for sign, written in SIGNS.items():
        text = text.replace(sign, written)
    return " ".join(text.split())


@register.filter
def due_char(due: str) -> str:
    """Return 保 治 签 or 兜."""
    return DUES[due]


@register.filter
def due_name(due: str) -> str:
    """Return 应保尽保 and its like."""
    return DUE_NAMES[due]


@register.filter
def short_place(name: str) -> str:
    """Write a township as people say it: 结构彝族苗族乡 becomes 结构乡. Lists only; heads keep the full name."""
    return PEOPLES.sub("", name)


@register.filter
def sex(value: str) -> str:
    """Write a sex; nothing when unknown."""
    return SEXES.get(value, value if value in SEXES.values() else "")


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
    mark = MARKS["in_time" if status == "open" and in_time else status]
    return format_html(
        '<span class="st {}" title="{}">{}<span class="hide">（{}）</span></span>',
        mark.colour,
        mark.word,
        mark.char,
        mark.word,
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
        return format_html('<span class="soft">{}</span>', "无期限")
    if days_late > 0:
        return format_html('<span class="gap"><b>逾期 {} 天</b></span>', f"{days_late:,}")
    if days_late == 0:
        return format_html('<span class="wait"><b>{}</b></span>', "今天")
    return format_html("还有 {} 天", f"{-days_late:,}")


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
    return format_html('<span class="soft" title="{}">略</span>', "为免推算出少数人的数，略去")
