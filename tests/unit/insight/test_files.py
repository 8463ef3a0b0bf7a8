"""Reading tables of figures and identities: every fault is named, with its place."""

import csv
import re

import pytest

from yingjin.insight.domain.figures import audit
from yingjin.insight.files import DATA, DOCUMENTS, FIGURES, IDENTITIES, documents, read_published

GOOD_FIGURES = "id,value\nA,1\nB,2.50\n"
GOOD_IDENTITIES = "id,expression\nI1,A = B\n"


@pytest.fixture
def reading(tmp_path):
    def read(figures=GOOD_FIGURES, identities=GOOD_IDENTITIES):
        paths = tmp_path / "f.csv", tmp_path / "i.csv"
        for path, text in zip(paths, (figures, identities), strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_published(*paths)

    return read


def faults(published):
    return [(one.row, one.column, one.value, one.code) for one in published.problems]


def test_columns_come_in_any_order_and_further_ones_are_ignored(reading):
    published = reading("note, value ,id\nx, 1 ,A\n", "id,expression,verdict,row\n I1 , A = 1,BROKEN,9\n")
    assert not published.problems
    assert [(one.id, one.value, one.row) for one in published.figures] == [("A", "1", 2)]
    assert [(one.id, one.expression, one.row) for one in published.identities] == [("I1", "A = 1", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_both_usual_encodings_are_read(reading, encoding, newline):
    text = newline.join(["id,value,indicator_zh", "A,1,签约人数", "", "B,2,体检率", ""])
    figures = reading(text.encode(encoding)).figures
    assert [(one.id, one.indicator_zh, one.row) for one in figures] == [
        ("A", "签约人数", 2),
        ("B", "体检率", 4),
    ]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ("", (0, "", "", "unreadable_file")),
        (b"id,value\nA,\xff\xff\n", (0, "", "", "unreadable_file")),
        ('id,value\nA,"1\n', (0, "", "", "unreadable_file")),
        ("id,number\nA,1\n", (1, "value", "", "missing_column")),
        ("id,value,value\nA,1,2\n", (1, "value", "", "missing_column")),
        ("id,value\nA,1,2\n", (2, "", "", "bad_row")),
        ("id,value\nA\n", (2, "", "", "bad_row")),
        ("id,value\n,1\n", (2, "id", "", "blank_value")),
        ("id,value\nA, \n", (2, "value", "", "blank_value")),
        ("id,value\n1A,1\n", (2, "id", "1A", "bad_id")),
        ("id,value\nA-1,1\n", (2, "id", "A-1", "bad_id")),
        ("id,value\nA,1\n\nA,1\n", (4, "id", "A", "duplicate_id")),
    ],
)
def test_every_kind_of_fault_is_named_with_its_place(reading, figures, expected):
    published = reading(figures, "id,expression\nI1,1 = 1\n")
    assert faults(published) == [expected]
    (one,) = published.problems
    assert one.file.endswith("f.csv")
    assert re.search(r"[一-鿿]", one.reason_zh) and one.reason_en.isascii()
    assert one.reason_zh.endswith("。") and one.reason_en.endswith(".")


def test_all_faults_of_both_tables_are_found_at_once(reading):
    published = reading("id,value\n,\nA,1\nA,\n", "id,expression\nI1,\nI1,A = 1\n")
    assert faults(published) == [
        (2, "id", "", "blank_value"),
        (2, "value", "", "blank_value"),
        (4, "value", "", "blank_value"),
        (4, "id", "A", "duplicate_id"),
        (2, "expression", "", "blank_value"),
        (3, "id", "I1", "duplicate_id"),
    ]


def test_a_file_that_is_not_there_is_named(tmp_path):
    published = read_published(tmp_path / "none.csv", tmp_path)
    assert [(one.file, one.code) for one in published.problems] == [
        (str(tmp_path / "none.csv"), "unreadable_file"),
        (str(tmp_path), "unreadable_file"),
    ]


def test_a_number_that_may_be_an_identity_number_is_masked(reading):
    (one,) = reading("id,value\n52242819840512204X,1\n").problems
    assert one.value == "522428 ········ 204X"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_published_figures_and_identities_are_shipped():
    published = read_published(FIGURES, IDENTITIES)
    assert not published.problems
    assert (len(published.figures), len(published.identities)) == (562, 235)


def test_the_tables_hold_no_verdict_and_no_note():
    assert not {"note", "verdict", "recomputed", "difference", "comment"} & {
        *rows(FIGURES)[0],
        *rows(IDENTITIES)[0],
    }


def test_every_figure_says_in_chinese_what_it_is_and_where_it_stands():
    for row in rows(FIGURES):
        filled = ("place_zh", "period_zh", "indicator_zh", "indicator_en", "unit_zh")
        assert all(row[column].strip() for column in filled), row["id"]
        assert (row["seed_file"], row["article"]) in documents(), row["id"]
        assert bool(row["parts_zh"]) == bool(row["stated_formula_or_parts"]), row["id"]


def test_every_identity_says_in_both_languages_what_should_hold():
    for row in rows(IDENTITIES):
        assert re.search(r"[一-鿿].*。$", row["description_zh"]), row["id"]
        assert re.fullmatch(r"[A-Z0-9][ -~]+\.", row["description_en"]), row["id"]
        assert (row["seed_file"], row["article"]) in documents(), row["id"]


def test_the_value_written_beside_an_identity_is_one_of_its_values():
    figures = {figure.id: figure for figure in read_published(FIGURES, IDENTITIES).figures}
    verdicts = audit(read_published(FIGURES, IDENTITIES).identities, figures).verdicts
    beside = {row["id"]: row["stated"].removesuffix(" (upper bound)") for row in rows(IDENTITIES)}
    wrong = [
        verdict.identity.id
        for verdict in verdicts
        if float(beside[verdict.identity.id])
        not in {float(side) for link in verdict.links for side in (link.left, link.right)}
    ]
    assert not wrong


def test_patients_are_cases_without_names():
    """A case is told by its letter; no word of a name stands before 案 or after "case"."""
    text = "\n".join(path.read_text("utf-8") for path in (FIGURES, IDENTITIES, DOCUMENTS))
    assert set(re.findall(r"(.)案(?!例)", text)) <= {"个", "档", "方"}
    assert set(re.findall(r"(?<!典型)案例(.)", text)) == {"甲", "乙"}
    assert set(re.findall(r"\bcase ([A-Z]\w*)", text, re.IGNORECASE)) & set("ABCD") == set("ABCD")
    assert not re.findall(r"\b[Cc]ase (?![ABCD]\b)[A-Z]\w*", text)


def test_every_table_has_its_source_and_licence_noted():
    note = (DATA / "README.md").read_text("utf-8")
    assert all(f"`{path.name}`" in note for path in DATA.glob("*.csv")) and "Licence" in note
