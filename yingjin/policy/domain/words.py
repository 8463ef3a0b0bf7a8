"""Put a step into plain words, Chinese or English: a title, a sentence, and the sum with its operands."""

from typing import Any

from yingjin.basics.money import yuan
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import Step
from yingjin.policy.domain.phrases import phrase
from yingjin.policy.domain.terms import Clause, Text

Token = dict[
    str, Any
]  # one of {"sign": "×"}, {"fen": 200}, {"bp": 8000}; the result also says {"result": True}

HEADINGS = ("in_scope", "counted", "deductible", "own_payment")


def percent(rate_bp: int) -> str:
    """Write a rate for people: 8000 becomes 80 %, 7875 becomes 78.75 %, the space before % never breaking."""
    whole, part = divmod(rate_bp, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "\u00a0%"


def points(rate_bp: int, *, english: bool = False) -> str:
    """Write a difference of rates: 500 becomes 5 个百分点."""
    return phrase("points", english).format(points=percent(rate_bp).removesuffix("\u00a0%"))


def _of(text: Text, english: bool) -> str:
    return text.en if english else text.zh


def _joint(english: bool) -> str:
    """Return what stands between two sentences."""
    return " " if english else ""


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def title(step: Step, book: Rulebook, *, english: bool = False) -> str:
    """Return the step's heading."""
    if step["kind"] in HEADINGS:
        return phrase(step["kind"], english)
    name = "layer_pays" if step["result_fen"] else "layer_pays_nothing"
    said = phrase(name, english).format(layer=_layer(step, book, english), rate=percent(step["rate_bp"] or 0))
    return _first_upper(said)


def sentence(step: Step, book: Rulebook, *, english: bool = False) -> str:
    """Return why the step is so, in one or two plain sentences."""
    return SENTENCES[step["kind"]](step, book, english)


def _in_scope(step: Step, book: Rulebook, english: bool) -> str:
    return phrase("why_in_scope", english)


def _counted(step: Step, book: Rulebook, english: bool) -> str:
    if not step["counted"]:
        why = _first_upper(step["why_en"]) if english else step["why_zh"]
        return phrase("why_not_counted", english).format(why=why)
    it, contents = step["inputs"], book.contents
    listed = ", " if english else "、"
    place = listed.join(
        phrase(name if true else other, english)
        for true, name, other in (
            (it["in_county"], "in_county", "outside_county"),
            (it["designated"], "designated", "not_designated"),
            (it["public"], "public", "not_public"),
        )
    )
    held = listed.join(_of(contents.categories[key].text, english) for key in it["categories"])
    said = phrase("why_counted", english).format(
        level=_first_upper(_of(contents.levels[it["level"]].text, english)),
        place=place,
        setting=phrase(it["setting"], english),
        day=it["reference_day"],
        age=_age(it["age_years"], english),
        held=held or phrase("no_category", english),
    )
    return said if it["moves"] else said + _joint(english) + phrase("only_tried", english)


def _age(age_years: int | None, english: bool) -> str:
    return (
        phrase("age_unknown", english)
        if age_years is None
        else phrase("age", english).format(years=age_years)
    )


def _deductible(step: Step, book: Rulebook, english: bool) -> str:
    line, left = step["inputs"]["deductible_fen"], step["inputs"]["left_fen"]
    name = "below_deductible" if left < line else "above_deductible"
    return phrase(name, english).format(line=yuan(line))


def _plain(step: Step, book: Rulebook, english: bool) -> str:
    return _first_upper(_of(_clause(step, book).plain, english))


def _rate(step: Step, book: Rulebook, english: bool) -> str:
    why = phrase("why_clause", english).format(clause=_plain(step, book, english))
    said = (why, _raised(step, english), _instead(step, book, english))
    return _joint(english).join(filter(None, said))


def _raised(step: Step, english: bool) -> str:
    """Say how a raised rate came about: the level's own, what is added, the bound where it holds."""
    rate = step.get("rate_from")
    if rate is None:
        return ""
    added = rate["adds_bp"] or rate["base_bp"] * rate["raises_by_bp"] // 10_000
    name = "raised_at_most" if rate["base_bp"] + added > rate["most_bp"] else "raised"
    return phrase(name, english).format(
        base=percent(rate["base_bp"]), added=points(added, english=english), most=percent(rate["most_bp"])
    )


def _instead(step: Step, book: Rulebook, english: bool) -> str:
    """Say that another clause would have applied and would have paid less."""
    less = [
        _of(book_clause.title, english)
        for each in step["considered"]
        if each["clause"] != step["clause"] and each["result_fen"] < step["result_fen"]
        for book_clause in [_clause(each, book)]
    ]
    if not less:
        return ""
    return phrase("instead", english).format(clauses=phrase("between_clauses", english).join(less))


def _above(step: Step, book: Rulebook, english: bool) -> str:
    it = step["inputs"]
    stacked = "_stacked" if it["stacked_before_fen"] else ""
    if not it["part_fen"]:
        total = it["stacked_before_fen"] + it["base_fen"]
        return phrase(f"not_above{stacked}", english).format(
            clause=_plain(step, book, english), total=yuan(total), threshold=yuan(it["threshold_fen"])
        )
    name = "whole" if step["kind"] == "rate_of_whole" else "excess"
    why = phrase(f"{name}{stacked}", english).format(clause=_plain(step, book, english))
    return _joint(english).join(filter(None, (why, _instead(step, book, english))))


def _no_clause(step: Step, book: Rulebook, english: bool) -> str:
    return phrase("no_clause", english).format(layer=_layer(step, book, english))


def _own_payment(step: Step, book: Rulebook, english: bool) -> str:
    return phrase("why_own_payment" if step["inputs"]["payments_fen"] else "nobody_pays", english)


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


def operands(step: Step, *, english: bool = False) -> list[Token]:
    """Return the step's sum as tokens, the result last; empty where there is nothing to reckon."""
    return SUMS[step["kind"]](step, english)


def formula(step: Step, *, english: bool = False) -> str:
    """Return the step's sum as people write it: （27,224.12 − 200.00）× 80 % ＝ 21,619.30."""
    return "".join(_written(token) for token in operands(step, english=english))


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


def _sum_in_scope(step: Step, english: bool) -> list[Token]:
    it = step["inputs"]
    return _sum(it["total_fen"], " − ", it["out_of_scope_fen"], _result(step))


def _sum_counted(step: Step, english: bool) -> list[Token]:
    return []


def _sum_deductible(step: Step, english: bool) -> list[Token]:
    it = step["inputs"]
    if it["left_fen"] < it["deductible_fen"]:
        return _sum(it["left_fen"], " ＜ ", it["deductible_fen"], phrase("less", english), _result(step)[1:])
    return _sum(it["left_fen"], " ≥ ", it["deductible_fen"], phrase("less", english), _result(step)[1:])


def _times(step: Step) -> list[Token]:
    return [{"sign": " × "}, {"bp": step["rate_bp"]}, *_result(step)]


def _sum_rate(step: Step, english: bool) -> list[Token]:
    left, base = step["inputs"]["left_fen"], step["inputs"]["base_fen"]
    if base in (left, 0):
        return _sum(base, _times(step))
    return _sum("（", left, " − ", left - base, "）", [{"sign": "× "}, *_times(step)[1:]])


def _sum_above(step: Step, english: bool) -> list[Token]:
    it = step["inputs"]
    before, base, threshold = it["stacked_before_fen"], it["base_fen"], it["threshold_fen"]
    stacked = _sum(before, " ＋ ", base) if before else _sum(base)
    if not it["part_fen"]:
        return _sum(stacked, " ≤ ", threshold, phrase("paid", english), _result(step)[1:])
    if it["part_fen"] == base:
        return _sum(base, _times(step))
    return _sum("（", stacked, " − ", threshold, "）", [{"sign": "× "}, *_times(step)[1:]])


def _sum_own_payment(step: Step, english: bool) -> list[Token]:
    it = step["inputs"]
    if not it["payments_fen"]:
        return _sum(it["total_fen"], _result(step))
    return _sum(
        phrase("own_in_scope", english),
        it["in_scope_own_fen"],
        phrase("own_out_of_scope", english),
        it["out_of_scope_fen"],
        _result(step),
    )


def _sum_nothing(step: Step, english: bool) -> list[Token]:
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


def accumulators(step: Step, book: Rulebook, *, english: bool = False) -> list[tuple[str, int, int]]:
    """Return the year's sums a step reads or moves: their names, before, after. Units: fen."""
    names = {each.id: _of(each.text, english) for each in book.contents.accumulators}
    paid = phrase("paid_this_year", english)
    names |= {
        f"paid_{layer.id}": paid.format(layer=_of(layer.text, english)) for layer in book.contents.layers
    }
    return [
        (_first_upper(names[each["name"]]), each["before_fen"], each["after_fen"])
        for each in step.get("accumulators", ())
    ]


def readings(step: Step, *, english: bool = False) -> str:
    """Return the readings a step rests on: 读法 P06、P09; blank when there is none."""
    if not step["readings"]:
        return ""
    return phrase("readings", english).format(
        readings=(", " if english else "、").join(sorted(step["readings"]))
    )


def _layer(step: Step, book: Rulebook, english: bool) -> str:
    return next(_of(layer.text, english) for layer in book.contents.layers if layer.id == step["layer"])


def _clause(step: Step, book: Rulebook) -> Clause:
    """Return a clause in the wording that a step, or one of its considered clauses, cites."""
    cited = (step["clause"], step["clause_from"])
    clauses = book.contents.clauses
    return next(each for each in clauses if (each.id, each.valid.valid_from.isoformat()) == cited)
