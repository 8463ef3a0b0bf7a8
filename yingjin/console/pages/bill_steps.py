"""Put the engine's steps into words and bars: the list of steps is itself the waterfall."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from yingjin.basics.language import chosen, speaks_english
from yingjin.basics.money import yuan
from yingjin.console.pages.rules import book
from yingjin.console.templatetags.yingjin import signs
from yingjin.insight import queries
from yingjin.policy.domain import words
from yingjin.policy.domain.compiling import Rulebook

WHOLE = 1000.0
LINE = 2.0  # width of the gap between two parts
LAYER_KINDS = ("rate", "rate_above", "rate_of_whole", "no_clause")
Step = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One part of the whole bill in the bar on top."""

    label: str
    amount_fen: int
    colour: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """Where a step's part lies in the whole bill, in thousandths."""

    colour: str
    x: float
    width: float


@dataclass(frozen=True)
class StepLine:
    """One step: why, by which clause, the sum, the year so far, and where its bar lies in the whole bill."""

    title: str
    clause_id: str
    clause_zh: str
    why: str
    formula: str
    result: str
    year_so_far: list[tuple[str, str, str]]
    readings: list[str]
    amount: str
    left: str
    bar: Bar


def plain_key(bill_id: str) -> str:
    """Return a bill's id as it may stand in a file's name."""
    return re.sub(r"[^0-9A-Za-z-]", "-", bill_id)


def parts(page: queries.BillPage) -> list[Part]:
    """Divide the bill among payers and patient; nothing to draw where the bill is nothing or below it."""
    if page.total_fen <= 0:
        return []
    amounts = [
        (line.label_zh, line.amount_fen, f"p{min(number, 4)}") for number, line in enumerate(page.lines, 1)
    ]
    amounts += [
        (_("本人·目录内"), page.own_in_scope_fen, "po"),
        (_("本人·目录外"), page.out_of_scope_fen, "px"),
    ]
    drawn, x = [], 0.0
    for label, amount_fen, colour in amounts:
        width = WHOLE * amount_fen / page.total_fen
        drawn.append(Part(label, amount_fen, colour, round(x, 1), round(max(width - LINE, 0), 1)))
        x += width
    return drawn


def whole_sum(page: queries.BillPage) -> str:
    """Write how the payers' amounts and the patient's add up to the whole bill."""
    added = " ＋ ".join(
        yuan(fen) for fen in (*(line.amount_fen for line in page.lines), page.own_payment_fen)
    )
    return signs(f"{added} ＝ {yuan(page.total_fen)}")


def steps(page: queries.BillPage) -> list[StepLine]:
    """Put every step of the engine into words, in its order; a deductible is told with the layer that takes it off."""
    if not page.steps or page.total_fen <= 0:
        return []
    rulebook = book()
    deductibles = {step["layer"]: step for step in page.steps if step["kind"] == "deductible"}
    colours = {line.layer: f"p{min(number, 4)}" for number, line in enumerate(page.lines, 1)}
    lines, left_fen = [], page.total_fen
    for step in page.steps:
        if step["kind"] == "in_scope":
            lines.append(_in_scope(step, page.total_fen, rulebook))
        elif step["kind"] == "counted" and not step["counted"]:
            lines.append(_told(step, rulebook))
        elif step["kind"] in LAYER_KINDS:
            left_fen -= step["result_fen"]
            bar = Bar(
                colours[step["layer"]],
                _share(left_fen, page.total_fen),
                _share(step["result_fen"], page.total_fen),
            )
            lines.append(_layer(step, deductibles.get(step["layer"]), bar, left_fen, rulebook))
    return lines


def _share(part_fen: int, total_fen: int) -> float:
    return round(WHOLE * part_fen / total_fen, 1)


def _told(step: Step, rulebook: Rulebook) -> StepLine:
    """Put a step into words; it moves no money unless the caller says so."""
    clause_id = step["clause"] or ""
    titles = {each.id: chosen(*each.title) for each in rulebook.contents.clauses}
    english = speaks_english()
    tokens = words.operands(step, english=english)
    return StepLine(
        title=words.title(step, rulebook, english=english),
        clause_id=clause_id,
        clause_zh=titles.get(clause_id, ""),
        why=words.sentence(step, rulebook, english=english),
        formula="".join(_written(token) for token in tokens if not token.get("result"))
        if len(tokens) > 1
        else "",
        result="".join(_written(token) for token in tokens if token.get("result")) if len(tokens) > 1 else "",
        year_so_far=[
            (name, yuan(before), yuan(after))
            for name, before, after in words.accumulators(step, rulebook, english=english)
        ],
        readings=sorted(step["readings"]),
        amount="0.00",
        left="",
        bar=Bar("pt", 0.0, 0.0),
    )


def _written(token: words.Token) -> str:
    if "fen" in token:
        return yuan(token["fen"])
    return words.percent(token["bp"]) if "bp" in token else signs(str(token["sign"]))


def _in_scope(step: Step, total_fen: int, rulebook: Rulebook) -> StepLine:
    in_fen = step["result_fen"]
    return replace(
        _told(step, rulebook),
        amount=yuan(in_fen),
        left=_("目录内"),
        bar=Bar("pt", 0.0, _share(in_fen, total_fen)),
    )


def _layer(step: Step, deductible: Step | None, bar: Bar, left_fen: int, rulebook: Rulebook) -> StepLine:
    told = _told(step, rulebook)
    paid_fen = step["result_fen"]
    return replace(
        told,
        why=_joined(told.why, words.sentence(deductible, rulebook, english=speaks_english()))
        if deductible
        else told.why,
        readings=sorted({*step["readings"], *(deductible["readings"] if deductible else ())}),
        amount=f"− {yuan(paid_fen)}" if paid_fen else "0.00",
        left=_("还剩 {amount}").format(amount=yuan(left_fen)),
        bar=bar,
    )


def _joined(*sentences: str) -> str:
    """Put sentences one after another: with a space in English, without in Chinese."""
    return chosen("", " ").join(sentences)
