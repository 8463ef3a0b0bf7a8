"""Long tables as files: what comes out is what went in, as text, numbers and days, and no cell ever runs."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from yingjin.basics.tables import DAY, FIGURE, TEXT, WHOLE, YUAN, Column, Table, as_csv, as_xlsx, xlsx

COLUMNS = [
    Column("姓名"), Column("证件号", TEXT, 22), Column("天数", WHOLE), Column("金额（元）", YUAN), Column("期限", DAY),
]  # fmt: skip
RUNS = ["=1+1", "+8613800000000", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")']
ROWS = [
    ("王㐂𠮷䶮", "520527196304121234", 226, 2843652, date(2025, 12, 31)),
    ("<a> & \"b\" 'c' ]]>", "522428 ········ 204X", -3, -5, date(1900, 3, 1)),
    (" 前后空格 ", None, None, None, None),
    ("换\n行 _x0041_", "0", 0, 0, date(2024, 2, 29)),
    *((text, text, 1, 1, date(2025, 1, 1)) for text in RUNS),
]  # fmt: skip
MARK = "=甲 2025-12-31 10:00 导出"


def table(rows=ROWS):
    return Table("缺口 / [名单]", MARK, COLUMNS, rows)


def book(rows=ROWS):
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(as_xlsx(table(rows)))))


def sheet_xml(pieces, name="xl/worksheets/sheet1.xml"):
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces))).read(name).decode()


def test_a_workbook_reads_back_as_it_was_written():
    mark, heads, *rows = book().get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert mark[0] == MARK
    assert heads == [column.head for column in COLUMNS]
    assert rows[0] == ["王㐂𠮷䶮", "520527196304121234", 226.0, 28436.52, date(2025, 12, 31)]
    assert rows[1] == ["<a> & \"b\" 'c' ]]>", "522428 ········ 204X", -3.0, -0.05, date(1900, 3, 1)]
    assert rows[2] == [" 前后空格 ", "", "", "", ""]
    assert rows[3][0] == "换\n行 _x0041_"
    assert book().sheet_names == ["缺口    名单"]


def test_no_cell_of_a_workbook_is_a_formula_and_text_stays_text_when_edited():
    xml = sheet_xml(as_xlsx(table()))
    root = ElementTree.fromstring(xml)
    assert not [each for each in root.iter() if each.tag.endswith("}f")]
    texts = [each for each in root.iter() if each.tag.endswith("}c") and each.get("t") == "inlineStr"]
    assert len(texts) > len(RUNS)
    at_sign = {"1", "5", "6"}  # the styles whose number format is text
    assert {each.get("s") for each in texts} <= at_sign
    styles = sheet_xml(as_xlsx(table()), "xl/styles.xml")
    assert styles.count('numFmtId="49"') == 3
    assert [row[0] for row in book().get_sheet_by_index(0).to_python()[6:]] == RUNS


def test_the_heads_stay_in_sight_and_the_columns_are_as_wide_as_asked():
    xml = sheet_xml(as_xlsx(table()))
    assert 'ySplit="2" topLeftCell="A3"' in xml and 'state="frozen"' in xml
    assert '<col min="2" max="2" width="22" customWidth="1"/>' in xml


def test_a_csv_file_reads_back_and_marks_what_a_spreadsheet_would_run_or_round():
    text = b"".join(as_csv(table())).decode("utf-8")
    assert text.startswith("\ufeff'=甲 ")
    mark, heads, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert heads == [column.head for column in COLUMNS]
    assert rows[0] == ["王㐂𠮷䶮", "'520527196304121234", "226", "28436.52", "2025-12-31"]
    assert rows[1][3] == "-0.05"
    assert [row[0] for row in rows[4:]] == [f"'{text}" for text in RUNS]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS_A_SHEET", 1_000)
    made = book([("甲", "1", number, number, date(2025, 1, 1)) for number in range(2_500)])
    sheets = [made.get_sheet_by_index(at).to_python() for at in range(3)]
    assert [len(each) - 2 for each in sheets] == [1_000, 1_000, 500]
    assert all(each[1][0] == "姓名" for each in sheets)
    assert [row[2] for each in sheets for row in each[2:]] == list(range(2_500))
    assert len(made.sheet_names) == 3


def test_an_empty_table_has_its_heads():
    assert len(book([]).get_sheet_by_index(0).to_python()) == 2


@pytest.mark.parametrize("write", [as_xlsx, as_csv])
def test_a_long_table_takes_no_more_memory_than_a_short_one(write):
    def peak(rows):
        tracemalloc.start()
        many = (("王小明", "520527196304121234", n, n, date(2025, 1, 1)) for n in range(rows))
        for _piece in write(table(many)):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    short = peak(2_000)
    assert peak(12_000) < short * 1.3 + 100_000


def test_a_figure_that_is_written_out_becomes_a_number_again_and_words_stay_words():
    written = ["1,234.50", "−12", "空", "0", "1,2,3", "=1"]
    figures = Table("t", "m", [Column("n", FIGURE)], [(text,) for text in written])
    made = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(as_xlsx(figures))))
    assert [row[0] for row in made.get_sheet_by_index(0).to_python()[2:]] == [
        1234.5,
        -12,
        "空",
        0,
        "1,2,3",
        "=1",
    ]
    lines = b"".join(as_csv(figures)).decode().splitlines()[2:]
    assert lines == ["1234.50", "-12", "空", "0", '"1,2,3"', "'=1"]
