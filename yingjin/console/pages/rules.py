"""Rules: each clause with where it stands, each open question with the reading taken and those not taken."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingjin.basics.money import yuan
from yingjin.policy import queries
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.terms import Band, Bound, Layer, Lookup, Ratio, Supplement, Terms
from yingjin.policy.domain.words import percent, points

RULEBOOK = "hezhang"


@dataclass(frozen=True)
class ClauseLine:
    """One clause with its figures in words."""

    clause: queries.ClauseOnPage
    numbers: list[tuple[str, str]]


@dataclass(frozen=True)
class LayerClauses:
    """A payer in the order of law, with the clauses of its layer; `layer` is None for what holds for all."""

    layer: Layer | None
    clauses: list[ClauseLine]


def show(request: HttpRequest) -> HttpResponse:
    """Show the rulebook as it is in force, and the two published bills beside it."""
    return render(request, "console/rules.html", shape(book()))


def book() -> Rulebook:
    """Return the rulebook pages speak of."""
    return queries.rulebook(RULEBOOK)


def shape(rulebook: Rulebook) -> dict[str, object]:
    """Return what the template shows."""
    clauses = queries.clauses_for_page(rulebook)
    of_clause = {each.id: each for each in rulebook.contents.clauses}
    lines = [
        (of_clause[each.id].layer, ClauseLine(each, numbers(of_clause[each.id].terms, rulebook)))
        for each in clauses
    ]
    groups = [
        LayerClauses(layer, [line for own, line in lines if own == (layer.id if layer else None)])
        for layer in (*rulebook.contents.layers, None)
    ]
    return {
        "book": rulebook,
        "contents": rulebook.contents,
        "groups": groups,
        "clauses": clauses,
        "questions": queries.parameters_for_page(rulebook),
        "cases": queries.published_bills(rulebook),
    }


def numbers(terms: Terms, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Write a clause's figures in words."""
    if isinstance(terms, Lookup):
        levels = rulebook.contents.levels
        rates = [
            (f"{levels[level].text.zh}付", percent(rate_bp)) for level, rate_bp in terms.rates_bp.items()
        ]
        deductibles = sorted(set(terms.deductibles_fen.values()))
        return [*rates, ("每次住院起付线", " 或 ".join(f"{yuan(each)} 元" for each in deductibles))]
    if isinstance(terms, Ratio):
        return [("支付比例", percent(terms.rate_bp))]
    if isinstance(terms, Supplement):
        added = points(terms.adds_bp) if terms.adds_bp else f"原比例的 {percent(terms.raises_by_bp)}"
        return [(f"在 {terms.on} 的比例上加", added)]
    if isinstance(terms, Band):
        return [
            ("起付标准", f"{yuan(terms.threshold_fen)} 元"),
            ("支付比例", percent(terms.rate_bp)),
            ("算哪一部分", "超过后全部" if terms.whole else "超过的部分"),
            ("怎样累计", "按年累计" if terms.stacked else "每次单算"),
        ]
    if isinstance(terms, Bound):
        return [("比例最高", percent(terms.rate_max_bp))]
    return []
