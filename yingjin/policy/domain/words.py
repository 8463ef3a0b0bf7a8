"""Put a step into plain Chinese: a title, a sentence, and the sum with its operands."""

from typing import Any

from yingjin.basics.money import yuan
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import Step
from yingjin.policy.domain.terms import Clause, Layer

Token = dict[
    str, Any
]  # one of {"sign": "×"}, {"fen": 200}, {"bp": 8000}; the result also says {"result": True}

PLACES = {True: "县内", False: "县外"}
DESIGNATED = {True: "定点", False: "非定点"}
PUBLIC = {True: "公立", False: "非公立"}
SETTINGS = {"inpatient": "住院", "outpatient": "门诊"}


def percent(rate_bp: int) -> str:
    """Write a rate for people: 8000 becomes 80 %, 7875 becomes 78.75 %, the space before % never breaking."""
    whole, part = divmod(rate_bp, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "\u00a0%"


def points(rate_bp: int) -> str:
    """Write a difference of rates: 500 becomes 5 个百分点."""
    return percent(rate_bp).removesuffix("\u00a0%") + " 个百分点"


def title(step: Step, book: Rulebook) -> str:
    """Return the step's heading."""
    kind = step["kind"]
    if kind in TITLES:
        return TITLES[kind]
    layer = _layer(step, book).text.zh
    return f"{layer}付 {percent(step['rate_bp'])}" if step["result_fen"] else f"{layer}不付"


TITLES = {
    "in_scope": "先分出目录外的费用",
    "counted": "看这张单据该不该付",
    "deductible": "减起付线",
    "own_payment": "本人付",
}


def sentence(step: Step, book: Rulebook) -> str:
    """Return why the step is so, in one or two plain sentences."""
    return SENTENCES[step["kind"]](step, book)


def _in_scope(step: Step, book: Rulebook) -> str:
    return "总费用减去目录外费用，剩下的是目录内费用。"


def _counted(step: Step, book: Rulebook) -> str:
    if not step["counted"]:
        return f"{step['why_zh']}。"
    it, contents = step["inputs"], book.contents
    place = "、".join((PLACES[it["in_county"]], DESIGNATED[it["designated"]], PUBLIC[it["public"]]))
    held = "、".join(contents.categories[key].text.zh for key in it["categories"]) or "没有登记的身份"
    moved = "" if it["moves"] else "这张单据暂不入账，只试算，不动累计。"
    return (
        f"{contents.levels[it['level']].text.zh}（{place}）{SETTINGS[it['setting']]}。"
        f"{it['reference_day']} 这天 {_age(it['age_years'])}，{held}。{moved}"
    )


def _age(age_years: int | None) -> str:
    return "不知道年龄（登记册没有出生日期）" if age_years is None else f"{age_years} 岁"


def _deductible(step: Step, book: Rulebook) -> str:
    line, left = step["inputs"]["deductible_fen"], step["inputs"]["left_fen"]
    if left < line:
        return f"起付线 {yuan(line)} 元，目录内费用不到这个数，全由本人付。"
    return f"起付线 {yuan(line)} 元由本人付，以上的部分才报销。"


def _rate(step: Step, book: Rulebook) -> str:
    return f"{_clause(step, book).plain.zh}。{_raised(step, book)}{_instead(step, book)}"


def _raised(step: Step, book: Rulebook) -> str:
    """Say how a raised rate came about: the level's own, what is added, the bound where it holds."""
    rate = step.get("rate_from")
    if rate is None:
        return ""
    added = rate["adds_bp"] or rate["base_bp"] * rate["raises_by_bp"] // 10_000
    bounded = "，最多 " + percent(rate["most_bp"]) if rate["base_bp"] + added > rate["most_bp"] else ""
    return f"同级 {percent(rate['base_bp'])}，加 {points(added)}{bounded}。"


def _instead(step: Step, book: Rulebook) -> str:
    """Say that another clause would have applied and would have paid less."""
    less = [
        book_clause.title.zh
        for each in step["considered"]
        if each["clause"] != step["clause"] and each["result_fen"] < step["result_fen"]
        for book_clause in [_clause(each, book)]
    ]
    return f"也符合“{'”“'.join(less)}”，取对病人最有利的一条。" if less else ""


def _above(step: Step, book: Rulebook) -> str:
    it = step["inputs"]
    sums = "按年累计，" if it["stacked_before_fen"] else ""
    if not it["part_fen"]:
        total = it["stacked_before_fen"] + it["base_fen"]
        return f"{_clause(step, book).plain.zh}。{sums}到这张是 {yuan(total)} 元，没有超过 {yuan(it['threshold_fen'])} 元。"
    counted = "超过以后全部算" if step["kind"] == "rate_of_whole" else "只算本次超过的部分"
    return f"{_clause(step, book).plain.zh}。{sums}{counted}。{_instead(step, book)}"


def _no_clause(step: Step, book: Rulebook) -> str:
    return f"这个人当天的身份不在{_layer(step, book).text.zh}的范围里。"


def _own_payment(step: Step, book: Rulebook) -> str:
    if not step["inputs"]["payments_fen"]:
        return "三张网都不付，总费用全由本人付。"
    return "目录内各方付完剩下的，加上目录外的费用。"


SENTENCES = {
    "in_scope": _in_scope,
    "counted": _counted,
    "deductible": _deductible,
    "rate": _rate,
    "rate_above": _above,
    "rate_of_whole": _above,
    "no_clause": _no_clause,
    "own_payment": _own_payment,
}


def operands(step: Step) -> list[Token]:
    """Return the step's sum as tokens, the result last; empty where there is nothing to reckon."""
    return SUMS[step["kind"]](step)


def formula(step: Step) -> str:
    """Return the step's sum as people write it: （27,224.12 − 200.00）× 80 % ＝ 21,619.30."""
    return "".join(_written(token) for token in operands(step))


def _written(token: Token) -> str:
    if "fen" in token:
        return yuan(token["fen"])
    if "bp" in token:
        return percent(token["bp"])
    return str(token["sign"])


def _sum(*parts: Any) -> list[Token]:
    """Make tokens of signs (text) and amounts (fen); a list is taken as it is."""
    tokens: list[Token] = []
    for part in parts:
        if isinstance(part, list):
            tokens += part
        else:
            tokens.append({"sign": part} if isinstance(part, str) else {"fen": part})
    return tokens


def _result(step: Step) -> list[Token]:
    return [{"sign": " ＝ "}, {"fen": step["result_fen"], "result": True}]


def _sum_in_scope(step: Step) -> list[Token]:
    it = step["inputs"]
    return _sum(it["total_fen"], " − ", it["out_of_scope_fen"], _result(step))


def _sum_counted(step: Step) -> list[Token]:
    return []


def _sum_deductible(step: Step) -> list[Token]:
    it = step["inputs"]
    if it["left_fen"] < it["deductible_fen"]:
        return _sum(it["left_fen"], " ＜ ", it["deductible_fen"], "，减 ", _result(step)[1:])
    return _sum(it["left_fen"], " ≥ ", it["deductible_fen"], "，减 ", _result(step)[1:])


def _times(step: Step) -> list[Token]:
    return [{"sign": " × "}, {"bp": step["rate_bp"]}, *_result(step)]


def _sum_rate(step: Step) -> list[Token]:
    left, base = step["inputs"]["left_fen"], step["inputs"]["base_fen"]
    if base in (left, 0):
        return _sum(base, _times(step))
    return _sum("（", left, " − ", left - base, "）", [{"sign": "× "}, *_times(step)[1:]])


def _sum_above(step: Step) -> list[Token]:
    it = step["inputs"]
    before, base, threshold = it["stacked_before_fen"], it["base_fen"], it["threshold_fen"]
    stacked = _sum(before, " ＋ ", base) if before else _sum(base)
    if not it["part_fen"]:
        return _sum(stacked, " ≤ ", threshold, "，付 ", _result(step)[1:])
    if it["part_fen"] == base:
        return _sum(base, _times(step))
    return _sum("（", stacked, " − ", threshold, "）", [{"sign": "× "}, *_times(step)[1:]])


def _sum_own_payment(step: Step) -> list[Token]:
    it = step["inputs"]
    if not it["payments_fen"]:
        return _sum(it["total_fen"], _result(step))
    return _sum("目录内 ", it["in_scope_own_fen"], " ＋ 目录外 ", it["out_of_scope_fen"], _result(step))


def _sum_nothing(step: Step) -> list[Token]:
    return _result(step)[1:]


SUMS = {
    "in_scope": _sum_in_scope,
    "counted": _sum_counted,
    "deductible": _sum_deductible,
    "rate": _sum_rate,
    "rate_above": _sum_above,
    "rate_of_whole": _sum_above,
    "no_clause": _sum_nothing,
    "own_payment": _sum_own_payment,
}


def accumulators(step: Step, book: Rulebook) -> list[tuple[str, int, int]]:
    """Return the year's sums a step reads or moves: the name in Chinese, before, after. Units: fen."""
    names = {each.id: each.text.zh for each in book.contents.accumulators}
    names |= {f"paid_{layer.id}": f"今年{layer.text.zh}已付" for layer in book.contents.layers}
    return [
        (names[each["name"]], each["before_fen"], each["after_fen"]) for each in step.get("accumulators", ())
    ]


def readings(step: Step) -> str:
    """Return the readings a step rests on: 读法 P06、P09; blank when there is none."""
    return f"读法 {'、'.join(sorted(step['readings']))}" if step["readings"] else ""


def _layer(step: Step, book: Rulebook) -> Layer:
    return next(layer for layer in book.contents.layers if layer.id == step["layer"])


def _clause(step: Step, book: Rulebook) -> Clause:
    """Return a clause in the wording that a step, or one of its considered clauses, cites."""
    cited = (step["clause"], step["clause_from"])
    clauses = book.contents.clauses
    return next(each for each in clauses if (each.id, each.valid.valid_from.isoformat()) == cited)
