"""Settle the landed bills person by person, and write results and explanations in the bills' order."""

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from yingjin.basics.money import plain_yuan
from yingjin.basics.progress import track
from yingjin.jobs.settle.inputs import Inputs, LandedBill
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import Outcome
from yingjin.policy.domain.year import settle_year

BEFORE_LAYERS = ("bill_id", "person_id", "total", "out_of_scope", "in_scope", "deductible")
AFTER_LAYERS = ("own_payment", "own_share_of_total", "rulebook_version")
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def settle_all(inputs: Inputs, out: IO[str], explain: IO[str] | None) -> None:
    """Settle every person's years and write one row, and one explanation where asked, for each bill."""
    rows: list[list[str]] = [[]] * len(inputs.bills)
    with Explanations(inputs, explain) as explanations:
        for places in track(person_years(inputs.bills), "结算 settling"):
            landed = {inputs.bills[place].facts.bill_id: place for place in places}
            person = inputs.people[inputs.bills[places[0]].person_id]
            bills = [inputs.bills[place].facts for place in places]
            for outcome in settle_year(person, bills, inputs.book, explain=explain is not None):
                place = landed[outcome.bill_id]
                rows[place] = _row(inputs.bills[place], outcome, inputs.book)
                explanations.keep(place, outcome)
        explanations.write()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*BEFORE_LAYERS, *inputs.book.layers, *AFTER_LAYERS])
    writer.writerows(rows)


def person_years(bills: list[LandedBill]) -> list[list[int]]:
    """Return the places of the bills of each person and calendar year of discharge."""
    groups: dict[tuple[str, int], list[int]] = {}
    for place, (person_id, facts) in enumerate(bills):
        groups.setdefault((person_id, facts.discharged_on.year), []).append(place)
    return list(groups.values())


def _row(bill: LandedBill, outcome: Outcome, book: Rulebook) -> list[str]:
    person_id, facts = bill
    return [
        facts.bill_id,
        person_id,
        plain_yuan(facts.total_fen),
        plain_yuan(facts.out_of_scope_fen),
        plain_yuan(outcome.in_scope_fen),
        plain_yuan(outcome.deductible_fen),
        *[plain_yuan(outcome.payments[layer]) for layer in book.layers],
        plain_yuan(outcome.own_payment_fen),
        share_of(outcome.own_payment_fen, facts.total_fen),
        outcome.rulebook_version,
    ]


def share_of(part_fen: int, whole_fen: int) -> str:
    """Return a share as a fraction with four places, rounded half up; blank when the whole is 0."""
    if whole_fen == 0:
        return ""
    units = (part_fen * 20_000 + whole_fen) // (whole_fen * 2)
    return f"{units // 10_000}.{units % 10_000:04}"


class Explanations:
    """Keep explanations on disk as they come, and write them in the bills' order at the end.

    A hundred thousand of them would fill the memory of a small machine.
    """

    def __init__(self, inputs: Inputs, target: IO[str] | None) -> None:
        self.inputs = inputs
        self.target = target
        self.places: list[tuple[int, int]] = [(0, 0)] * len(inputs.bills)
        folder = Path(target.name).parent if target else None  # as private as the result beside it
        self.kept = tempfile.TemporaryFile(dir=folder)

    def __enter__(self) -> "Explanations":
        return self

    def __exit__(self, *of_exception: object) -> None:
        self.kept.close()

    def keep(self, place: int, outcome: Outcome) -> None:
        """Keep the explanation of the bill that stands at a place of the file."""
        if self.target is None:
            return
        line = ENCODE(line_of(self.inputs.bills[place], outcome, self.inputs.book)).encode() + b"\n"
        self.places[place] = (self.kept.tell(), len(line))
        self.kept.write(line)

    def write(self) -> None:
        """Write what was kept."""
        if self.target is None:
            return
        for line in self._in_order():
            self.target.write(line.decode())

    def _in_order(self) -> Iterator[bytes]:
        for start, length in self.places:
            if self.kept.tell() != start:
                self.kept.seek(start)
            yield self.kept.read(length)


def line_of(bill: LandedBill, outcome: Outcome, book: Rulebook) -> dict[str, Any]:
    """Return one bill's explanation, as docs/generated/explain.schema.json describes it."""
    return {
        "bill_id": outcome.bill_id,
        "person_id": bill.person_id,
        "rulebook": book.name,
        "rulebook_version": outcome.rulebook_version,
        "source": book.contents.source.zh,
        "switched_readings": book.switched,
        "steps": outcome.steps,
    }
