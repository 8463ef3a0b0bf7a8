"""Whose register a file is, by its content alone."""

import pytest

from tests.support.registers import row, write_csv, write_workbook
from yingjin.fusion.files import Limits, folder_digest, open_file, recognise
from yingjin.fusion.formats import CSV, kinds


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_is_recognised_whatever_the_file_is_called(tmp_path, kind):
    rule = kinds()[kind]
    path = tmp_path / "name.that.says.nothing"
    if rule.medium == CSV:
        write_csv(path, kind, [row(kind)], titles=rule.titles)
    else:
        write_workbook(path, {kind: [row(kind)]})
    found = recognise(path)
    assert (found.register, found.kinds, found.refusal) == (rule.register, (kind,), None)


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kinds()[kind].medium == CSV])
def test_a_csv_with_only_the_columns_it_needs_is_recognised(tmp_path, kind):
    path = write_csv(tmp_path / "a", kind, [row(kind)], titles=kinds()[kind].required_titles)
    assert recognise(path).kinds == (kind,)


def test_a_settlement_file_that_lost_a_column_is_no_enrolment_file(tmp_path):
    titles = [title for title in kinds()["settlement"].titles if title != "enddate"]
    path = write_csv(tmp_path / "a", "settlement", [row("settlement")], titles=titles)
    assert recognise(path).kinds == ("settlement",)


def test_a_file_that_is_gone_says_so(tmp_path):
    found = recognise(tmp_path / "gone.csv")
    assert found.refusal.code == "unreadable_file"
    assert (found.register, found.medium) == ("", "")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = write_workbook(tmp_path / "a.xlsx", {"record": [row("record")]})
    monkeypatch.setattr("yingjin.fusion.files.recognising.Workbook", None)  # would be called to read it
    assert recognise(path, Limits(100, unpacked_gigabytes=0)).refusal.code == "too_large"


def test_two_sheets_of_one_title_are_refused(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        for title in ("身份", "身份 "):
            workbook.add_worksheet(title).write_row(0, 0, kinds()["category"].titles)
    assert recognise(tmp_path / "a.xlsx").refusal.code == "repeated_sheet"


def test_sheets_of_no_kind_are_not_read(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("说明").write(0, 0, "随便")
        workbook.add_worksheet("身份").write_row(0, 0, kinds()["category"].titles)
    with open_file(recognise(tmp_path / "a.xlsx")) as opened:
        assert opened.unread_sheets == ("说明",)
        assert [table.kind.name for table in opened.tables] == ["category"]


def test_cells_of_every_sort_become_the_text_a_person_would_type(tmp_path):
    from datetime import datetime

    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        page = workbook.add_worksheet("身份")
        page.write_row(0, 0, [*kinds()["category"].titles, "其他"])
        page.write_row(1, 0, [" 1 ", True, 2, 2.5, "甲\u3000"])
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_datetime(2, 0, datetime(2025, 1, 2, 3, 4), moment)
        page.write_datetime(2, 1, datetime(2025, 1, 2), moment)
        page.write_datetime(2, 2, datetime(1899, 12, 31, 3, 4), workbook.add_format({"num_format": "hh:mm"}))
    with open_file(recognise(tmp_path / "a.xlsx")) as opened:
        first, second = opened.tables[0].rows()
    assert (first.cells, first.numeric) == (["1", "TRUE", "2", "2.5", "甲", ""], (2, 3))
    assert second.cells[:2] == ["2025-01-02 03:04:00", "2025-01-02"]
    assert second.numeric == ()


def test_a_blank_title_between_others_is_called_by_its_place(tmp_path):
    path = tmp_path / "a.csv"
    titles = [*kinds()["facility"].titles]
    path.write_text(
        ",".join([titles[0], "", *titles[1:]]) + "\nF1,无名,甲,520527,L1,yes,yes\n", encoding="utf-8"
    )
    with open_file(recognise(path)) as opened:
        table = opened.tables[0]
    assert table.titles[1] == "第2列"


def test_a_folder_is_the_same_whatever_its_files_are_called(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    digest = folder_digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "c")
    (tmp_path / "d").write_bytes(b"2")
    assert folder_digest(tmp_path) == digest
    (tmp_path / "d").write_bytes(b"3")
    assert folder_digest(tmp_path) != digest
