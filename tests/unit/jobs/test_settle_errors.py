"""`yingjin settle`, given what is wrong: every error is named, and nothing but the list of errors is touched."""

import os
import stat

import pytest

from tests.support.settle_runs import BILL_COLUMNS, BILLS, CATEGORIES, PERSONS, runner
from yingjin.jobs.settle import problems

CODES = set(
    "missing_column bad_money bad_date bad_yes_no bad_setting blank_value unknown_category derived_category "
    "bad_interval unknown_level level_place_conflict out_of_scope_exceeds_total discharge_before_admission "
    "admission_before_birth before_rulebook unknown_person duplicate_id unknown_reading unreadable_file".split()
)
GOOD = dict(
    zip(BILL_COLUMNS.split(","), "b1,P1,inpatient,L2,yes,yes,yes,2017-04-01,2017-04-10,100.00,10".split(","), strict=True)
)  # fmt: skip


@pytest.fixture
def settle(tmp_path, capsys):
    return runner(tmp_path, capsys)


def bill(**changed):
    return BILL_COLUMNS + "\n" + ",".join((GOOD | changed).values()) + "\n"


def persons(*rows):
    return "\n".join(["person_id,born_on", *rows]) + "\n"


def categories(*rows):
    return "\n".join(["person_id,category,valid_from,valid_to", *rows]) + "\n"


BAD_BILLS = [
    ("total", "-1", "bad_money"),
    ("total", '"1,000.00"', "bad_money"),
    ("total", "1e3", "bad_money"),
    ("total", "+1", "bad_money"),
    ("total", "1.", "bad_money"),
    ("total", ".5", "bad_money"),
    ("total", "1.234", "bad_money"),
    ("total", "12345678901", "bad_money"),
    ("total", "１２", "bad_money"),
    ("total", " 12", "bad_money"),
    ("total", "¥12", "bad_money"),
    ("total", '"12\n"', "bad_money"),
    ("total", "", "blank_value"),
    ("out_of_scope", "NaN", "bad_money"),
    ("out_of_scope", "  ", "blank_value"),
    ("out_of_scope", "100.01", "out_of_scope_exceeds_total"),
    ("admitted_on", "2017-4-1", "bad_date"),
    ("admitted_on", "20170401", "bad_date"),
    ("admitted_on", "2017-02-29", "bad_date"),
    ("admitted_on", "2017-W14-6", "bad_date"),
    ("admitted_on", "２０１７-04-01", "bad_date"),
    ("admitted_on", '"2017-04-01\n"', "bad_date"),
    ("admitted_on", "0000-00-00", "bad_date"),
    ("admitted_on", "", "blank_value"),
    ("discharged_on", "2017/04/10", "bad_date"),
    ("discharged_on", "", "blank_value"),
    ("discharged_on", "2017-03-31", "discharge_before_admission"),
    ("in_county", "Yes", "bad_yes_no"),
    ("designated", "1", "bad_yes_no"),
    ("public", "是", "bad_yes_no"),
    ("public", "", "blank_value"),
    ("setting", "Inpatient", "bad_setting"),
    ("setting", "", "blank_value"),
    ("level", "L5", "unknown_level"),
    ("level", "l2", "unknown_level"),
    ("level", "", "blank_value"),
    ("bill_id", "", "blank_value"),
    ("person_id", "", "blank_value"),
    ("person_id", "p1", "unknown_person"),
    ("person_id", "P1 ", "unknown_person"),
]


@pytest.mark.parametrize(("column", "value", "code"), BAD_BILLS)
def test_a_bad_cell_of_a_bill_is_named(settle, column, value, code):
    settled = settle(bill(**{column: value}))
    assert settled.code == 2
    shown = value.strip('"').replace("\n", " ") if code != "blank_value" else value
    assert settled.errors == [("bills.csv", "2", column, shown, code)]


@pytest.mark.parametrize(
    ("changed", "column", "value", "code"),
    [
        ({"level": "L4"}, "in_county", "yes", "level_place_conflict"),
        (
            {"admitted_on": "2015-12-01", "discharged_on": "2015-12-31"},
            "discharged_on",
            "2015-12-31",
            "before_rulebook",
        ),
        ({"admitted_on": "1969-12-31"}, "admitted_on", "1969-12-31", "admission_before_birth"),
        (
            {"setting": "outpatient", "admitted_on": "", "person_id": "late"},
            "discharged_on",
            "2017-04-10",
            "admission_before_birth",
        ),
        (
            {"setting": "outpatient", "admitted_on": "2017-04-11"},
            "discharged_on",
            "2017-04-10",
            "discharge_before_admission",
        ),
    ],
)
def test_cells_that_contradict_each_other_are_named(settle, changed, column, value, code):
    settled = settle(bill(**changed), persons("P1,1970-01-01", "late,2017-04-11"), None)
    assert settled.code == 2
    assert settled.errors == [("bills.csv", "2", column, value, code)]


@pytest.mark.parametrize(
    "changed",
    [
        {"out_of_scope": "100.00"},
        {"total": "0", "out_of_scope": "0.00"},
        {"discharged_on": "2017-04-01"},
        {"admitted_on": "2015-12-01", "discharged_on": "2016-01-01"},
        {"admitted_on": "1970-01-01"},
        {"setting": "outpatient", "admitted_on": ""},
        {"level": "L3", "in_county": "yes"},
        {"level": "L4", "in_county": "no"},
    ],
)
def test_what_lies_just_inside_is_no_error(settle, changed):
    assert settle(bill(**changed)).code == 0


def test_read_as_admission_the_rulebook_must_hold_on_the_admission_day(settle):
    early = bill(admitted_on="2015-12-31", discharged_on="2016-01-02")
    assert settle(early).code == 0
    settled = settle(early, PERSONS, CATEGORIES, "--reading", "P02=admission")
    assert settled.errors == [("bills.csv", "2", "admitted_on", "2015-12-31", "before_rulebook")]


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        ("P1,C19,2014-01-01,", "category", "C19", "unknown_category"),
        ("P1,c02,2014-01-01,", "category", "c02", "unknown_category"),
        ("P1,,2014-01-01,", "category", "", "blank_value"),
        ("P1,C12,2014-01-01,", "category", "C12", "derived_category"),
        ("P1,C13,2014-01-01,", "category", "C13", "derived_category"),
        ("P1,C02,,", "valid_from", "", "blank_value"),
        ("P1,C02,,2014-01-01", "valid_from", "", "blank_value"),
        ("P1,C02,2014-13-01,", "valid_from", "2014-13-01", "bad_date"),
        ("P1,C02,2014-01-01,至今", "valid_to", "至今", "bad_date"),
        ("P1,C02,2014-01-02,2014-01-02", "valid_to", "2014-01-02", "bad_interval"),
        ("P1,C02,2014-01-02,2014-01-01", "valid_to", "2014-01-01", "bad_interval"),
        ("P9,C02,2014-01-02,", "person_id", "P9", "unknown_person"),
        (",C02,2014-01-02,", "person_id", "", "blank_value"),
    ],
)
def test_a_bad_category_is_named(settle, row, column, value, code):
    settled = settle(BILLS, PERSONS, categories("P1,C01,2014-01-01,", row))
    assert settled.code == 2
    assert settled.errors == [("categories.csv", "3", column, value, code)]


def test_every_registered_category_is_accepted_and_overlaps_are_their_union(settle):
    numbers = [*range(1, 12), *range(14, 19)]
    rows = [f"P1,C{number:02},2014-01-01,2014-02-01" for number in numbers]
    rows += ["P1,C03,2017-04-01,2017-04-10", "P1,C03,2017-04-05,2017-04-12"]
    settled = settle(BILLS, PERSONS, categories(*rows))
    assert (settled.code, settled.rows[0]["assistance"]) == (0, "5060.00")


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        (",1970-01-01", "person_id", "", "blank_value"),
        ("P3,", "born_on", "", "blank_value"),
        ("P3,1970-02-30", "born_on", "1970-02-30", "bad_date"),
        ("P1,1970-01-01", "person_id", "P1", "duplicate_id"),
    ],
)
def test_a_bad_person_is_named(settle, row, column, value, code):
    settled = settle(BILLS, PERSONS + row + "\n")
    assert settled.code == 2
    assert settled.errors == [("persons.csv", "4", column, value, code)]


def test_a_person_whose_birth_cannot_be_read_is_still_known(settle):
    settled = settle(BILLS, persons("P1,1970-13-01", "P2,1930-01-01"))
    assert [error[4] for error in settled.errors] == ["bad_date"]


def test_a_bill_id_may_stand_once_whoever_it_belongs_to(settle):
    settled = settle(bill() + "b1,P2" + bill().splitlines()[1].removeprefix("b1,P1") + "\n")
    assert settled.errors == [("bills.csv", "3", "bill_id", "b1", "duplicate_id")]
    assert "第 2 行" in settled.reasons[0]["reason_zh"] and "row 2" in settled.reasons[0]["reason_en"]


def test_all_errors_of_all_files_are_reported_at_once(settle):
    settled = settle(
        bill(total="x", level="L9") + ",".join((GOOD | {"bill_id": "b2", "person_id": "P9"}).values()) + "\n",
        persons("P1,1970-01-01", "P1,1970-01-01"),
        categories("P1,C12,2014-01-01,2013-01-01"),
        "--reading",
        "P09=both",
        "--reading",
        "P99=x",
    )
    assert settled.code == 2
    assert [(error[0], error[4]) for error in settled.errors] == [
        ("--reading", "unknown_reading"),
        ("--reading", "unknown_reading"),
        ("persons.csv", "duplicate_id"),
        ("categories.csv", "derived_category"),
        ("categories.csv", "bad_interval"),
        ("bills.csv", "unknown_level"),
        ("bills.csv", "bad_money"),
        ("bills.csv", "unknown_person"),
    ]
    assert all(code in settled.said for _, _, _, _, code in settled.errors)
    assert "8 处" in settled.said


@pytest.mark.parametrize(
    ("switch", "column", "value"),
    [
        ("P09=neither", "P09", "neither"),
        ("P16=catch_up", "P16", "catch_up"),
        ("P06=by_level", "P06", "by_level"),
        ("P77=x", "P77", "x"),
        ("P09", "", "P09"),
        ("relative", "", "relative"),
        ("P09=", "", "P09="),
    ],
)
def test_a_reading_that_cannot_be_chosen_is_refused_with_those_that_can(settle, switch, column, value):
    settled = settle(BILLS, PERSONS, CATEGORIES, "--reading", switch)
    assert settled.code == 2
    assert settled.errors == [("--reading", "", column, value, "unknown_reading")]
    if column in ("P09", "P16"):
        allowed = {"P09": "points、relative", "P16": "stack、per_stay"}[column]
        assert allowed in settled.reasons[0]["reason_zh"]


def test_a_parameter_cannot_be_read_in_two_ways_at_once(settle):
    settled = settle(BILLS, PERSONS, CATEGORIES, "--reading", "P09=points", "--reading", "P09=relative")
    assert [error[4] for error in settled.errors] == ["unknown_reading"]
    assert settle(BILLS, PERSONS, CATEGORIES, *(["--reading", "P09=relative"] * 2)).code == 0


@pytest.mark.parametrize("name", ["bijie", "nowhere/hezhang.yaml"])
def test_a_rulebook_that_is_not_there_is_named_beside_the_other_errors(settle, name):
    settled = settle(bill(total="x"), PERSONS, categories("P1,C12,2014-01-01,"), rulebook=name)
    assert [error[4] for error in settled.errors] == ["unreadable_file", "bad_money"]


def test_on_an_error_no_output_but_the_list_is_touched(settle):
    first = settle()
    before = {
        name: ((first.folder / name).read_bytes(), (first.folder / name).stat().st_mtime_ns)
        for name in ("settled.csv", "explain.jsonl")
    }
    settled = settle(bill(total="x"))
    assert settled.code == 2
    assert before == {
        name: ((first.folder / name).read_bytes(), (first.folder / name).stat().st_mtime_ns)
        for name in before
    }
    assert not [name for name in os.listdir(first.folder) if name.startswith(".")]


def test_an_output_may_not_take_the_place_of_another_file_or_of_a_device(settle, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (
        tmp_path / "bills.csv",
        folder,
        pipe,
        tmp_path / "no" / "out.csv",
        tmp_path / "explain.jsonl",
    ):
        settled = settle(BILLS, PERSONS, CATEGORIES, "--out", str(place))
        assert settled.code == 2
        assert [error[4] for error in settled.errors] == ["unreadable_file"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert (tmp_path / "bills.csv").read_text() == BILLS


def test_a_list_of_errors_that_cannot_be_written_is_said(settle, tmp_path):
    settled = settle(bill(total="x"), PERSONS, CATEGORIES, "--errors", str(tmp_path / "no" / "errors.csv"))
    assert settled.code == 2
    assert "--errors" in settled.said and "bad_money" in settled.said


IDENTITY = "11010519491231002X"


@pytest.mark.parametrize(
    "written",
    [
        IDENTITY,
        "110105491231002",
        "110105 19491231 002X",
        "110105-19491231-002x",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_what_looks_like_an_identity_number_is_masked_wherever_it_is_shown(settle, written):
    people = persons(f"{written},1970-01-01", f"{written},1970-01-01")
    settled = settle(bill(person_id="x" + written, level=written), people, None)
    shown = settled.said + (settled.folder / "errors.csv").read_text(encoding="utf-8")
    assert settled.code == 2
    for secret in ("19491231", "491231", "１９４９"):
        assert secret not in shown
    assert "········" in shown


def test_a_file_without_header_shows_no_identity_number_of_its_first_row(settle):
    settled = settle(BILLS, f"{IDENTITY},1949-12-31\n")
    assert "19491231" not in settled.said
    assert {error[4] for error in settled.errors} == {"missing_column"}


def test_values_are_shown_on_one_line_and_not_endlessly(settle):
    settled = settle(bill(setting='"a\nb\t' + "z" * 200 + '"'))
    value = settled.errors[0][3]
    assert value.startswith("a b z") and value.endswith("…") and len(value) == 81


def test_every_code_has_its_sentence_in_both_languages_and_there_is_no_other():
    said_by_others = {"before_rulebook", "unknown_reading", "unreadable_file"}
    assert set(problems.REASONS) == CODES - said_by_others
    for zh, en in problems.REASONS.values():
        assert zh.endswith("。") and en.endswith(".")
