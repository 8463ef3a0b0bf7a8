"""The two published bills: what was reported beside what the clauses give, every difference named."""

from datetime import date
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from yingjin.basics.money import WHOLE_BP, yuan
from yingjin.policy.domain.compiling import LayerPlan, Rulebook
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.paying import pay_layers


class PublishedRow(NamedTuple):
    """One line of a published bill. Units: fen or bp by `unit`; the difference is reported less computed.

    `computed` is None where the clauses give no figure, `reported` where the text gives none; the note says why.
    `figure` is the published figure's id, blank where there is none.
    """

    item_zh: str
    item_en: str
    unit: str
    reported: int | None
    computed: int | None
    difference: int | None
    note_zh: str
    note_en: str
    figure: str


class PublishedBill(NamedTuple):
    """A published bill, named by its case, never by a person."""

    case: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    assumed: tuple[str, ...]
    rows: tuple[PublishedRow, ...]


def published_bills(book: Rulebook) -> list[PublishedBill]:
    """Return both bills; each layer is worked out from the reported outcome of the layer before."""
    text = files("yingjin.policy").joinpath("data/published_bills.yaml").read_text(encoding="utf-8")
    return [_bill(data, book) for data in yaml.safe_load(text)]


def _bill(data: dict[str, Any], book: Rulebook) -> PublishedBill:
    computed = _computed(data, book)
    rows = tuple(_row(name, item, computed[name]) for name, item in data["items"].items())
    about = (data["about_zh"], data["about_en"], tuple(data["facts"]["assumed"]))
    return PublishedBill(data["case"], data["zh"], data["en"], *about, rows)


def _row(name: str, item: dict[str, Any], computed: int | None) -> PublishedRow:
    unit = "bp" if name.endswith("_bp") else "fen"
    reported = item["reported"]
    difference = None if reported is None or computed is None else reported - computed
    values = {"reported": _written(reported, unit), "computed": _written(computed, unit)}
    zh = item["note_zh"].format(difference=_difference(difference, unit, " 个百分点"), **values)
    en = item["note_en"].format(difference=_difference(difference, unit, " points"), **values)
    return PublishedRow(
        item["zh"], item["en"], unit, reported, computed, difference, zh, en, item.get("figure", "")
    )


def _written(value: int | None, unit: str) -> str:
    if value is None:
        return "–"
    return yuan(value) if unit == "fen" else f"{value // 100}.{value % 100:02}\u00a0%"


def _difference(value: int | None, unit: str, points: str) -> str:
    if value is None or unit == "fen":
        return _written(value, unit)
    return ("−" if value < 0 else "") + f"{abs(value) // 100}.{abs(value) % 100:02}" + points


def _computed(data: dict[str, Any], book: Rulebook) -> dict[str, int | None]:
    """Return every item as it follows from the reported items before it. Units: fen, bp."""
    said = {name: item["reported"] or 0 for name, item in data["items"].items()}
    total, out = said["total_fen"], said["out_of_scope_fen"]
    plans = _plans(data["facts"], total, out, book)
    due, left = {}, said["in_scope_fen"]
    for layer in book.layers:
        due[layer] = pay_layers((plans[layer],), left, [0] * len(book.layers))[0].paid_fen
        left -= said[layer]
    paid = sum(said[layer] for layer in book.layers)
    own, own_by_clause = total - paid, total - paid + said["assistance"] - due["assistance"]
    return {
        "total_fen": said["in_scope_fen"] + out,
        "out_of_scope_fen": total - said["in_scope_fen"],
        "in_scope_fen": total - out,
        **due,
        "basic": due["basic"] if data["facts"]["basic_computable"] else None,
        "own_after_basic_fen": total - said["basic"],
        "own_payment_fen": own,
        "own_by_clause_fen": own_by_clause,
        "share_paid_bp": _share_bp(paid, total),
        "share_paid_by_clause_bp": _share_bp(total - own_by_clause, total),
        "own_share_bp": _share_bp(said["own_payment_fen"], total),
        "own_share_by_payments_bp": _share_bp(own, total),
        "own_share_by_clause_bp": _share_bp(own_by_clause, total),
    }


def _share_bp(part_fen: int, whole_fen: int) -> int:
    """Return a share, rounded half up. Units: bp."""
    return (part_fen * WHOLE_BP * 2 + whole_fen) // (whole_fen * 2)


def _plans(facts: dict[str, Any], total_fen: int, out_fen: int, book: Rulebook) -> dict[str, LayerPlan]:
    on: date = facts["discharged_on"]
    since = book.contents.valid.valid_from
    person = PersonFacts(
        "published",
        on.replace(year=on.year - facts["aged_years"]),
        tuple(CategoryHeld(category, since) for category in facts["categories"]),
    )
    bill = BillFacts(
        "published", "inpatient", facts["level"], facts["in_county"], True, True, on, on, total_fen, out_fen
    )
    decision = book.version_on(on).decide(person, bill, on)
    return {plan.layer: plan for plan in decision.plans}
