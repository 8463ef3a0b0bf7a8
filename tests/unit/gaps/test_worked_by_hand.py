"""The examples of docs/algorithms/dues.md, worked out again."""

import re
from datetime import date
from pathlib import Path

import pytest

from yingjin.gaps.domain.dues import dues_on
from yingjin.gaps.domain.facts import Confirmed, Contracted, Evidence, Held, Paid, PersonDay, Stay, Treated
from yingjin.gaps.files import due_rules
from yingjin.insight.domain.suppression import FEW, HELD, SHOWN, Counts, suppress

PAGE = (Path(__file__).parents[3] / "docs" / "algorithms" / "dues.md").read_text(encoding="utf-8")
PERSON = PersonDay(
    person="p",
    categories=(Held("C02", date(2015, 1, 1), None),),
    conditions=(Confirmed("脑卒中", date(2023, 4, 12), date(2019, 1, 1)),),
    own=Evidence(
        enrolled_years=frozenset({2024}),
        treated=(Treated("脑卒中", date(2024, 6, 1)),),
        contracts=(Contracted(date(2024, 10, 25), date(2025, 10, 25)),),
    ),
    stays=(Stay("S1", date(2025, 5, 20), (Paid("basic", 1_584_000, 1_583_999),)),),
)


@pytest.mark.parametrize("due", ["insured", "contracted", "treated", "covered"])
def test_the_page_says_how_each_due_stands(due):
    (state,) = [each for each in dues_on(PERSON, date(2025, 12, 31), due_rules()) if each.due == due]
    said = re.search(rf"\| {due} \| (\w+): (\w+) \| (\S+) \| (\S+) \|", PAGE).groups()
    assert said == (state.status, state.reason, state.since_on.isoformat(), state.due_by.isoformat())


def test_the_page_says_what_is_shown_of_small_counts():
    said = dict(re.findall(r"^\| ((?:county|east|west)[^|]*?) \| \d+ \| (\S+) \|$", PAGE, re.M))
    persons = {"52": 84, "521": 34, "5211": 4, "5212": 30, "522": 50, "5221": 50}
    counts = {code: Counts(number, number, number) for code, number in persons.items()}
    marks = suppress(counts, {code: code[:-1] for code in counts if code != "52"})
    shown = {SHOWN: "{}", FEW: "<10", HELD: "略"}
    assert list(said.values()) == [shown[marks[code]].format(persons[code]) for code in sorted(persons)]
