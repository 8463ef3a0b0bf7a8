"""`yingjin settle`: what other people's scripts rely on."""

import json
import os
import stat
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from tests.support.replaying import replay_year
from tests.support.settle_runs import BILL_COLUMNS, BILLS, CATEGORIES, PERSONS, runner
from tests.support.tree import ROOT
from yingjin.basics.money import parse_yuan
from yingjin.jobs import cli
from yingjin.jobs.settle.schema import SCHEMA
from yingjin.jobs.settle.settling import share_of
from yingjin.policy.queries import rulebook

HEADER = [
    "bill_id", "person_id", "total", "out_of_scope", "in_scope", "deductible", "basic", "critical_illness",
    "assistance", "own_payment", "own_share_of_total", "rulebook_version",
]  # fmt: skip


@pytest.fixture
def settle(tmp_path, capsys):
    return runner(tmp_path, capsys)


def test_the_result_has_the_contract_columns_in_the_bills_order(settle):
    settled = settle()
    version = rulebook("hezhang").versions[-1].label
    assert settled.code == 0
    assert settled.text == "\n".join([
        ",".join(HEADER),
        f"V04,P1,20000.00,0.00,20000.00,200.00,15840.00,696.00,232.00,3232.00,0.1616,{version}",
        f"V06,P2,39467.00,733.00,38734.00,200.00,38534.00,0.00,0.00,933.00,0.0236,{version}",
        "",
    ])  # fmt: skip
    assert "2 张账单" in settled.said and "2 bills" in settled.said


def test_the_rulebook_version_names_the_clauses_first_day_and_the_file(settle, tmp_path):
    import hashlib

    digest = hashlib.sha256((ROOT / "rulebooks/hezhang/hezhang.yaml").read_bytes()).hexdigest()[:12]
    bills = BILLS + "before,P1,inpatient,L2,yes,yes,yes,2016-09-30,2016-09-30,1,0\n"
    versions = [row["rulebook_version"] for row in settle(bills).rows]
    assert versions == [f"hezhang@2016-10-01+{digest}"] * 2 + [f"hezhang@2016-01-01+{digest}"]


def test_a_rulebook_may_be_given_by_its_path(settle):
    by_path = settle(rulebook=ROOT / "rulebooks/hezhang/hezhang.yaml").text
    assert by_path == settle().text


def test_the_explanation_follows_the_schema_and_gives_the_rows_again(settle):
    bills = BILLS + (
        "b2,P2,inpatient,L3,no,yes,yes,2017-02-01,2017-02-11,100000,0.01\n"
        "b1,P2,outpatient,L2,yes,yes,yes,,2017-03-01,300,100\n"
        "b0,P2,inpatient,L4,no,yes,yes,2017-05-01,2017-06-11,50000,1\n"
    )
    settled = settle(bills)
    lines = settled.explained
    assert [line["bill_id"] for line in lines] == ["V04", "V06", "b2", "b1", "b0"]
    for line in lines:
        assert not list(Draft202012Validator(SCHEMA).iter_errors(line))
    rows = {row["bill_id"]: row for row in settled.rows}
    by_id = {line["bill_id"]: line["steps"] for line in lines}
    order = [["V04"], ["b2", "b1", "V06", "b0"]]
    for ids in order:
        for bill_id, again in zip(ids, replay_year([by_id[each] for each in ids]), strict=True):
            row = rows[bill_id]
            assert parse_yuan(row["in_scope"]) == again["in_scope"]
            assert parse_yuan(row["deductible"]) == again["deductible"]
            assert parse_yuan(row["own_payment"]) == again["own"]
            for layer in ("basic", "critical_illness", "assistance"):
                assert parse_yuan(row[layer]) == again["payments"].get(layer, 0)


def test_a_bill_that_no_layer_pays_says_why(settle):
    bills = BILL_COLUMNS + (
        "\nout,P1,outpatient,L2,yes,yes,yes,,2017-03-01,300,100"
        "\nundesignated,P1,inpatient,L2,yes,no,yes,2017-03-01,2017-03-01,300,100"
        "\nprivate,P1,inpatient,L4,no,yes,no,2017-03-01,2017-03-01,300,100\n"
    )
    settled = settle(bills)
    assert [
        (row["in_scope"], row["deductible"], row["basic"], row["own_payment"]) for row in settled.rows
    ] == [("200.00", "0.00", "0.00", "300.00")] * 3
    said = [line["steps"][1] for line in settled.explained]
    assert [step["gate"] for step in said] == ["outpatient", "not_designated", "not_public"]
    assert all("都不付" in step["why_zh"] for step in said)


def test_a_switched_reading_changes_the_money_and_stands_in_the_explanation(settle):
    settled = settle(BILLS, PERSONS, CATEGORIES, "--reading", "P09=relative", "--reading", "P08=a")
    assert settled.rows[0]["basic"] == "15592.50"
    assert settled.explained[0]["switched_readings"] == {"P09": "relative"}


def test_the_share_is_a_fraction_of_four_places_and_blank_without_a_total(settle):
    bills = BILL_COLUMNS + (
        "\nz,P1,inpatient,L1,yes,yes,yes,2017-01-01,2017-01-01,0,0"
        "\ny,P1,outpatient,L1,yes,yes,yes,2017-01-01,2017-01-01,0.01,0.01"
        "\nx,P2,inpatient,L1,yes,no,yes,2017-01-01,2017-01-01,9999999999.99,9999999999.9\n"
    )
    assert [row["own_share_of_total"] for row in settle(bills).rows] == ["", "1.0000", "1.0000"]


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (1, 20_000, "0.0001"),
        (1, 20_001, "0.0000"),
        (635_200, 2_050_000, "0.3099"),
        (2, 3, "0.6667"),
        (19_999, 20_000, "1.0000"),
        (0, 5, "0.0000"),
        (0, 0, ""),
    ],
)
def test_the_share_is_rounded_half_up(part, whole, share):
    assert share_of(part, whole) == share


def test_ids_are_text_and_compared_by_code_point(settle):
    persons = "person_id,born_on\n01,1970-01-01\n1,1970-01-01\n１,1970-01-01\n"
    bills = BILL_COLUMNS + "".join(
        f'\n{bill},"{person}",inpatient,L2,yes,yes,yes,2017-01-01,2017-01-01,12200,0'
        for bill, person in (("10", "01"), ("9", "1"), ('"a,b"', "1"), ("é", "１"), ("e\u0301", "１"))
    )
    settled = settle(bills, persons, None)
    assert settled.code == 0
    # Of the three bills of persons 1 and １, "9" comes before "a,b" and "é" (e, mark) before "é".
    assert {row["bill_id"]: row["critical_illness"] for row in settled.rows} == {
        "10": "0.00",
        "9": "0.00",
        "a,b": "840.00",
        "é": "840.00",
        "e\u0301": "0.00",
    }


def test_rows_may_stand_in_any_order(settle):
    head, *rows = (BILLS + "b2,P2,inpatient,L3,no,yes,yes,2017-02-01,2017-02-11,100000,0.01\n").splitlines()
    forth = settle("\n".join([head, *rows]) + "\n").rows
    back = settle("\n".join([head, *reversed(rows)]) + "\n").rows
    assert back == list(reversed(forth))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_both_encodings_and_line_ends_are_read_and_utf8_is_written(settle, encoding, newline):
    def text(content):
        return content.replace("P1", "张三1").replace("\n", newline).encode(encoding)

    settled = settle(text(BILLS), text(PERSONS), text(CATEGORIES))
    assert settled.code == 0
    assert "V04,张三1,20000.00" in settled.text
    assert not settled.text.startswith("\ufeff") and "\r" not in settled.text
    assert (settled.folder / "explain.jsonl").read_text(encoding="utf-8").count("张三1") == 1


def test_columns_come_in_any_order_and_surplus_ones_are_named_once(settle):
    rows = [line.split(",") for line in BILLS.strip().splitlines()]
    extra = [["姓名", *reversed(rows[0]), "备注"]] + [["某", *reversed(row), ""] for row in rows[1:]]
    settled = settle("\n".join(",".join(row) for row in extra))
    assert settled.code == 0 and len(settled.rows) == 2
    assert settled.said.count("姓名、备注") == 1 and settled.said.count("备注") == 2
    assert "bills.csv" in settled.said


def test_bills_without_categories_and_files_without_rows_are_fine(settle):
    assert settle(BILLS, PERSONS, None).rows[0]["basic"] == "14850.00"
    empty = settle(BILL_COLUMNS + "\n", "person_id,born_on", None)
    assert (empty.code, empty.text) == (0, ",".join(HEADER) + "\n")


def test_blank_lines_are_passed_over_but_counted(settle):
    assert settle(BILLS.replace("\nV06", "\n\nV06") + "\n\n").code == 0
    settled = settle(BILLS.replace("\nV06", "\n\nV06").replace("39467", "x"))
    assert settled.errors == [("bills.csv", "4", "total", "x", "bad_money")]


def test_a_run_without_errors_leaves_an_empty_list_of_errors(settle):
    assert settle().errors == []


def test_new_files_are_readable_by_their_owner_alone_and_nothing_else_is_left(settle):
    settled = settle()
    names = ("settled.csv", "explain.jsonl", "errors.csv")
    modes = {stat.S_IMODE((settled.folder / name).stat().st_mode) for name in names}
    assert modes == {0o600}
    assert not [name for name in os.listdir(settled.folder) if name.startswith(".")]


def test_loading_the_command_loads_no_framework():
    program = (
        "import sys; from yingjin.jobs import cli; code = cli.main(sys.argv[1:]);"
        "print([name for name in ('django', 'polars', 'numpy', 'numba') if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "settle", "--rulebook", "hezhang", "--persons", "/nowhere/p.csv",
         "--bills", "/nowhere/b.csv", "--out", "/nowhere/o.csv"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
    assert done.returncode == 2 and "unreadable_file" in done.stderr


def test_help_says_what_goes_in_and_what_comes_out(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["settle", "--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0
    for word in ("persons.csv", "valid_from", "own_share_of_total", "GB18030", "--reading", "退出码"):
        assert word in said


def test_the_published_schema_is_in_step_with_the_code():
    published = (ROOT / "docs/generated/explain.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == SCHEMA, (
        "run: python -m yingjin.jobs.settle.schema > docs/generated/explain.schema.json"
    )
    Draft202012Validator.check_schema(SCHEMA)
