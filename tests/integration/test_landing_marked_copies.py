"""Refused rows come back in a copy of their workbook, with the row's number and the reason."""

import stat
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tests.support.registers import in_force, landed, row, write_csv, write_facilities, write_workbook
from tests.support.rows import AT
from yingjin.basics.access import Robot
from yingjin.basics.models import AuditEvent
from yingjin.fusion.actions.marking import path_of, read_marked, take_out
from yingjin.fusion.files import recognise
from yingjin.fusion.models import SourceFile

pytestmark = pytest.mark.django_db


def copy_of(path):
    return path_of(f"{recognise(path).sha256}.xlsx")


def sheets_of(path):
    workbook = CalamineWorkbook.from_filelike(BytesIO(read_marked(path.stem)))
    return {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }


@pytest.fixture
def bad(tmp_path):
    lists = [row("lifted", register_no="P1"), row("lifted", register_no="P2", name="")]
    held = [row("category", register_no="P1", category="C12")]
    return write_workbook(tmp_path / "a.xlsx", {"lifted": lists, "category": held})


def test_the_copy_holds_the_refused_rows_under_the_same_sheets_and_headers(tmp_path, bad):
    landed(tmp_path)
    sheets = sheets_of(copy_of(bad))
    assert list(sheets) == ["已脱贫人口名单", "身份"]
    title, blank, header, *rows = sheets["已脱贫人口名单"]
    assert title[0] == "已脱贫人口名单"
    assert header[-2:] == ["原行号", "未收原因"]
    assert len(rows) == 1
    cells = dict(zip(header, rows[0], strict=True))
    assert (cells["人编号"], cells["姓名"], cells["原行号"]) == ("P2", "", "5")
    assert cells["未收原因"] == "“姓名”是空的。补上它。"
    assert "由规则推算" in sheets["身份"][1][-1]


def test_the_copy_is_for_its_owner_only(tmp_path, bad):
    landed(tmp_path)
    copy = copy_of(bad)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert copy.name == f"{SourceFile.objects.get().marked_name}.sealed"
    assert "姓名".encode() not in copy.read_bytes() and not copy.read_bytes().startswith(b"PK")
    assert [each.name for each in copy.parent.iterdir() if each.name.startswith(".")] == []


def test_copies_are_taken_out_in_clear_and_that_is_recorded(tmp_path, bad):
    landed(tmp_path)
    (taken,) = take_out(tmp_path / "out", by=Robot(), at=AT)
    assert taken.read_bytes() == read_marked(copy_of(bad).stem)
    assert stat.S_IMODE(taken.stat().st_mode) == 0o600
    assert AuditEvent.objects.latest("pk").what == "marked_copies_taken_out"


def test_a_copy_that_was_lost_is_made_again(tmp_path, bad):
    landed(tmp_path)
    before = read_marked(copy_of(bad).stem)
    copy_of(bad).unlink()
    tally = landed(tmp_path)
    assert read_marked(copy_of(bad).stem) == before
    assert tally.counts["new"] == 0
    assert SourceFile.objects.count() == 1


def test_a_mended_copy_beside_the_original_lands_what_was_refused(tmp_path, bad):
    landed(tmp_path)
    header = [title for title in sheets_of(copy_of(bad))["已脱贫人口名单"][2] if title]
    mended = row("lifted", register_no="P2", name="补上了") | {"原行号": "5", "未收原因": "空"}
    assert set(header) <= set(mended)
    write_workbook(tmp_path / "b.xlsx", {"lifted": [mended]})
    landed(tmp_path)
    assert {("lifted", "P1"), ("lifted", "P2")} <= set(in_force())
    source = next(each for each in SourceFile.objects.all() if each.name == "b.xlsx")
    assert source.reason_zh == "", "our own marks are no further columns"


def test_a_file_whose_rows_are_all_good_has_no_copy(tmp_path):
    path = write_facilities(tmp_path, "F1")
    landed(tmp_path)
    assert not copy_of(path).exists()


def test_a_copy_goes_when_its_rows_are_good_at_last(tmp_path):
    bill = row("settlement", bill_no="S1", register_no="N1", facility="F2")
    path = write_csv(tmp_path / "s.csv", "settlement", [bill])
    write_facilities(tmp_path, "F1")
    landed(tmp_path)
    assert "机构名单里没有“F2”" in sheets_of(copy_of(path))["结算明细"][1][-1]
    write_facilities(tmp_path, "F1", "F2")
    landed(tmp_path)
    assert not copy_of(path).exists()


def test_no_cell_of_the_copy_is_taken_for_a_formula(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", "facility", [row("facility", code="F1", name='=HYPERLINK("x")', level="L9")]
    )
    landed(tmp_path)
    header, cells = sheets_of(copy_of(path))["机构名单"]
    assert dict(zip(header, cells, strict=True))["name"] == '=HYPERLINK("x")'
