"""Rules: each clause with where it stands, each open question with the reading taken and those not taken."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yingjin.basics.language import chosen, speaks_english
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
            (_("{level}付").format(level=chosen(*levels[level].text)), percent(rate_bp))
            for level, rate_bp in terms.rates_bp.items()
        ]
        deductibles = sorted(set(terms.deductibles_fen.values()))
        said = _(" 或 ").join(in_yuan(each) for each in deductibles)
        return [*rates, (_("每次住院起付线"), said)]
    if isinstance(terms, Ratio):
        return [(_("支付比例"), percent(terms.rate_bp))]
    if isinstance(terms, Supplement):
        added = (
            points(terms.adds_bp, english=speaks_english())
            if terms.adds_bp
            else _("原比例的 {share}").format(share=percent(terms.raises_by_bp))
        )
        return [(_("在 {clause} 的比例上加").format(clause=terms.on), added)]
    if isinstance(terms, Band):
        return [
            (_("起付标准"), in_yuan(terms.threshold_fen)),
            (_("支付比例"), percent(terms.rate_bp)),
            (_("算哪一部分"), _("超过后全部") if terms.whole else _("超过的部分")),
            (_("怎样累计"), _("按年累计") if terms.stacked else _("每次单算")),
        ]
    if isinstance(terms, Bound):
        return [(_("比例最高"), percent(terms.rate_max_bp))]
    return []


def in_yuan(amount_fen: int) -> str:
    """Write an amount with its unit."""
    return _("{amount} 元").format(amount=yuan(amount_fen))
