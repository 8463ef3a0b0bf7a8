"""What other parts may ask of policy."""

from datetime import date
from functools import cache
from typing import NamedTuple

from yingjin.policy import rulebooks
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.terms import Clause, Text
from yingjin.policy.published_bills import PublishedBill, PublishedRow, published_bills

__all__ = [
    "ClauseOnPage",
    "ParameterOnPage",
    "PublishedBill",
    "PublishedRow",
    "ReadingOnPage",
    "clauses_for_page",
    "parameters_for_page",
    "published_bills",
    "rulebook",
]


class ReadingOnPage(NamedTuple):
    """One reading: whether it is the one taken, and whether it could be."""

    id: str
    text: Text
    taken: bool
    supported: bool


class ParameterOnPage(NamedTuple):
    """A question the text leaves open, with every reading; `clauses` are the clauses that depend on it."""

    id: str
    asks: Text
    assumed: bool
    taken: ReadingOnPage
    not_taken: tuple[ReadingOnPage, ...]
    clauses: tuple[str, ...]


class ClauseOnPage(NamedTuple):
    """One clause as people read it; `assumed` names in words what we set because the text does not."""

    id: str
    layer: Text | None
    title: Text
    text_zh: str
    plain: Text
    citation: Text
    valid_from: date
    valid_to: date | None
    assumed: tuple[Text, ...]
    parameters: tuple[ParameterOnPage, ...]


ASSUMED_WORDS = {
    "valid_from": Text("生效日", "first day"),
    "deductible_fen": Text("起付线金额", "deductible"),
    "rate_bp": Text("比例", "rate"),
    "rate_max_bp": Text("最高比例", "highest rate"),
    "pays": Text("付哪一部分", "what the rate goes on"),
    "stacks_on": Text("怎样累计", "accumulation"),
    "take": Text("取哪一条", "which clause is taken"),
}


@cache
def rulebook(name: str) -> Rulebook:
    """Return a shipped rulebook under its own readings; read from its file once."""
    return rulebooks.load(name)


def clauses_for_page(book: Rulebook) -> list[ClauseOnPage]:
    """Return every clause of a rulebook in its order, with its readings and the readings not taken."""
    parameters = {each.id: each for each in parameters_for_page(book)}
    layers = {layer.id: layer.text for layer in book.contents.layers}
    return [
        ClauseOnPage(
            clause.id,
            layers.get(clause.layer or ""),
            clause.title,
            clause.text_zh,
            clause.plain,
            clause.citation,
            clause.valid.valid_from,
            clause.valid.valid_to,
            tuple(ASSUMED_WORDS.get(name, Text(name, name)) for name in clause.assumed),
            tuple(parameters[key] for key in clause.parameters),
        )
        for clause in sorted(book.contents.clauses, key=_in_order)
    ]


def parameters_for_page(book: Rulebook) -> list[ParameterOnPage]:
    """Return every open parameter of a rulebook with all its readings."""
    pages = []
    for parameter in book.contents.parameters.values():
        readings = [
            ReadingOnPage(each.id, each.text, each.id == parameter.reading, each.supported)
            for each in parameter.readings
        ]
        named_by = [clause.id for clause in book.contents.clauses if parameter.id in clause.parameters]
        pages.append(
            ParameterOnPage(
                parameter.id,
                parameter.asks,
                parameter.assumed,
                next(each for each in readings if each.taken),
                tuple(each for each in readings if not each.taken),
                tuple(dict.fromkeys(named_by)),
            )
        )
    return pages


def _in_order(clause: Clause) -> tuple[int, date]:
    return clause.number, clause.valid.valid_from
