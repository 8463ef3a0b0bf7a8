"""`yingjin settle`, given files that are broken as a whole: each is named, and nothing is settled."""

import pytest

from tests.support.settle_runs import BILL_COLUMNS, BILLS, CATEGORIES, PERSONS, runner


@pytest.fixture
def settle(tmp_path, capsys):
    return runner(tmp_path, capsys)


@pytest.mark.parametrize("column", BILL_COLUMNS.split(","))
def test_each_missing_column_of_the_bills_is_named(settle, column):
    settled = settle(BILLS.replace(column, column.upper(), 1))
    assert settled.errors == [("bills.csv", "1", column, "", "missing_column")]


def test_missing_columns_of_the_other_files_are_named_without_an_avalanche(settle):
    settled = settle(BILLS, "person,born\nP1,1970-01-01\n", "person_id,category\nP1,C02\n")
    assert [(error[0], error[2], error[4]) for error in settled.errors] == [
        ("persons.csv", "person_id", "missing_column"),
        ("persons.csv", "born_on", "missing_column"),
        ("categories.csv", "valid_from", "missing_column"),
        ("categories.csv", "valid_to", "missing_column"),
    ]


BROKEN_FILES = {
    "empty": b"",
    "only blank lines": b"\n\n",
    "only a byte order mark": b"\xef\xbb\xbf",
    "binary": bytes(range(256)) * 8,
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00",
    "NUL bytes": BILLS.encode().replace(b"V06", b"V\x0006"),
    "UTF-16": BILLS.encode("utf-16"),
    "cut within a character": (BILLS + "张").encode()[:-1],
    "cut within a marked character": b"\xef\xbb\xbf" + (BILLS + "张").encode()[:-1],
    "marked UTF-8 that is not": b"\xef\xbb\xbf" + BILLS.replace("V04", "张").encode("gb18030"),
    "neither encoding": BILLS.encode() + b"\xff\xff",
    "a quote that never ends": (BILLS + 'b9,"P1,inpatient').encode(),
    "text after a quote": BILLS.replace("V04", '"V"04').encode(),
    "cut within a row": BILLS.encode()[:-30],
    "a cell too many": BILLS.replace("20000.00,0", "20,000.00,0").encode(),
    "an endless cell": (BILLS + "x" * 200_000).encode(),
    "a doubled column": BILLS.replace("out_of_scope", "total").encode(),
}


@pytest.mark.parametrize("content", BROKEN_FILES.values(), ids=BROKEN_FILES.keys())
def test_a_broken_file_is_named_and_nothing_is_settled(settle, content):
    settled = settle(content)
    assert settled.code == 2
    assert ("bills.csv", "unreadable_file") in {(error[0], error[4]) for error in settled.errors}
    assert not (settled.folder / "settled.csv").exists()


@pytest.mark.parametrize("content", [it for it in BROKEN_FILES.values() if b"V06" not in it])
def test_broken_persons_do_not_make_every_bill_wrong(settle, content):
    settled = settle(BILLS, content)
    assert {(error[0], error[4]) for error in settled.errors} == {("persons.csv", "unreadable_file")}


def test_a_persons_file_that_breaks_off_leaves_nobody_unknown(settle):
    settled = settle(BILLS, 'person_id,born_on\nP1,1970-01-01\n"P2')
    assert [(error[1], error[4]) for error in settled.errors] == [("3", "unreadable_file")]


def test_a_persons_row_with_too_few_cells_leaves_its_person_known(settle):
    settled = settle(BILLS, "person_id,born_on\nP1,1970-01-01\nP2\n")
    assert [(error[1], error[4]) for error in settled.errors] == [("3", "unreadable_file")]
    assert "1 格" in settled.reasons[0]["reason_zh"] and "2 格" in settled.reasons[0]["reason_zh"]


def test_a_header_that_stands_again_as_a_row_is_named_cell_by_cell(settle):
    again = settle(BILLS + BILL_COLUMNS + "\n")
    assert {error[1] for error in again.errors} == {"4"}
    assert {"unknown_person", "bad_setting", "bad_money", "bad_date", "bad_yes_no", "unknown_level"} == {
        error[4] for error in again.errors
    }


def test_a_doubled_column_that_is_not_used_does_no_harm(settle):
    doubled = BILLS.replace("out_of_scope", "out_of_scope,note,note").replace(",0\n", ",0,a,b\n")
    assert settle(doubled.replace("733.00\n", "733.00,a,b\n")).code == 0


def test_missing_files_and_folders_are_named(settle, tmp_path):
    settled = settle(BILLS, PERSONS, CATEGORIES, "--bills", str(tmp_path / "nothing.csv"))
    assert settled.errors[0][0::4] == ("nothing.csv", "unreadable_file")
    assert settle(BILLS, PERSONS, CATEGORIES, "--bills", str(tmp_path)).errors[0][4] == "unreadable_file"
