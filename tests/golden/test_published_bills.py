"""The two published bills: as reported, beside what the clauses give from the reported outcome before."""

import csv
from decimal import Decimal

import pytest

from tests.support.tree import ROOT
from yingjin.policy.queries import published_bills, rulebook

FILES = (
    "yingjin/policy/data/published_bills.yaml",
    "yingjin/policy/published_bills.py",
    "tests/golden/test_published_bills.py",
)
PATIENTS = ("\u8d3a\u9075\u8d24", "\u5f90\u98de")  # spelt so that no file of ours holds a name


@pytest.fixture(scope="module")
def rows():
    """Every line by case and item: reported, computed, difference."""
    return {
        (bill.case, row.item_en): (row.reported, row.computed, row.difference)
        for bill in published_bills(rulebook("hezhang"))
        for row in bill.rows
    }


def test_case_a_agrees_to_the_fen_but_for_the_out_of_scope_cost(rows):
    assert {item: row for (case, item), row in rows.items() if case == "A"} == {
        "total bill": (3946700, 3946700, 0),
        "out of scope": (73300, 73300, 0),
        "in scope": (3873400, 3873400, 0),
        "paid by basic insurance": (3853400, 3853400, 0),
        "own cost after basic insurance (of the total)": (93300, 93300, 0),
        "paid by critical illness insurance": (None, 0, None),
        "paid by medical assistance": (93300, 20000, 73300),
        "own payment (total less the payments as reported)": (0, 0, 0),
        "own payment (assistance by the clause)": (0, 73300, -73300),
        "share of the total that was paid": (10000, 10000, 0),
        "share of the total that was paid (assistance by the clause)": (10000, 9814, 186),
    }


def test_case_b_shows_each_difference_and_what_cannot_be_computed(rows):
    assert {item: row for (case, item), row in rows.items() if case == "B"} == {
        "total bill": (11463448, 11463408, 40),
        "out of scope": (298741, 298781, -40),
        "in scope": (11164667, 11164707, -40),
        "paid by basic insurance": (7276986, None, None),
        "paid by critical illness insurance": (2057300, 2152609, -95309),
        "paid by medical assistance": (1500000, 1281267, 218733),
        "own payment (total less the payments as reported)": (929162, 629162, 300000),
        "own payment (assistance by the clause)": (929162, 847895, 81267),
        "own share of the total (own payment as reported)": (811, 811, 0),
        "own share of the total (total less the payments as reported)": (811, 549, 262),
        "own share of the total (assistance by the clause)": (811, 740, 71),
    }


def test_every_line_has_a_note_and_every_difference_is_named_in_it():
    for bill in published_bills(rulebook("hezhang")):
        assert bill.assumed == ("aged_years", "discharged_on")
        for row in bill.rows:
            assert row.note_zh and row.note_en and "{" not in row.note_zh + row.note_en
            if row.difference:
                amount = f"{Decimal(abs(row.difference)) / 100:,.2f}"
                assert amount in row.note_zh and amount in row.note_en
    basic = next(row for row in bill.rows if row.item_en == "paid by basic insurance")
    assert basic.note_en == "not computable: split and deductibles unpublished"


def test_no_patient_is_named():
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not [patient for patient in PATIENTS if patient in text]


def test_the_reported_values_are_those_of_the_published_figures():
    with (ROOT / "yingjin/insight/data/figures.csv").open(encoding="utf-8", newline="") as file:
        values = {row["id"]: row["value"] for row in csv.DictReader(file)}
    for bill in published_bills(rulebook("hezhang")):
        for row in bill.rows:
            if row.figure:
                assert row.reported == Decimal(values[row.figure]) * 100, row
