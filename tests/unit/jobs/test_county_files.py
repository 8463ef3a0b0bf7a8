"""The files of the registers: one declaration, control rows, templates and the page that explains them."""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from yingjin.basics.errors import Conflict
from yingjin.fusion import formats
from yingjin.jobs.county.faults import FAULTS
from yingjin.jobs.county.writing import with_control_row, write_csv
from yingjin.jobs.formats_page import formats_page
from yingjin.jobs.templates import PAGE, write_templates

ROOT = Path(__file__).resolve().parents[3]
LISTS = ("已脱贫人口名单", "边缘易致贫人口名单")


def test_the_two_name_lists_have_their_thirty_two_columns_in_order():
    for kind in ("lifted", "marginal"):
        titles = formats.kinds()[kind].titles
        assert len(titles) == 32
        assert titles[:4] == ("序号", "数据日期", "县(市、区、旗)", "乡(镇)")
        assert titles[6:10] == ("户编号", "人编号", "姓名", "证件号码")
        assert titles[-1] == "风险消除时间"
        assert formats.kinds()[kind].header_row == 3


def test_every_column_has_a_type_a_meaning_and_its_value_list():
    for kind in formats.kinds().values():
        assert kind.register in formats.registers()
        assert set(kind.key) <= set(kind.titles)
        assert len({column.field for column in kind.columns}) == len(kind.columns)
        for column in kind.columns:
            assert column.type in formats.column_types()
            assert column.meaning_zh and column.meaning_en
            assert (column.type == "code") == (column.values in formats.value_lists())
            assert bool(column.check_zh) == bool(column.check_en)


def test_examples_are_values_their_own_columns_take():
    for kind in formats.kinds().values():
        for column in kind.columns:
            if column.values:
                assert column.example in formats.value_lists()[column.values].values


def test_kinds_are_found_by_sheet_and_by_header():
    for kind in formats.kinds().values():
        if kind.sheet:
            assert formats.kind_of_sheet(f" {kind.sheet} ") is kind
        else:
            assert formats.kind_of_header(reversed(kind.titles)) is kind
            assert formats.kind_of_header(kind.required_titles) is kind
    assert formats.kind_of_sheet("列说明") is None
    assert formats.kind_of_header(["psn_no", "psn_name"]) is None


def test_assumed_value_lists_are_marked():
    assumed = {name for name, found in formats.value_lists().items() if found.assumed}
    assert assumed == {"hosp_lv", "med_type"}
    settings = {value["setting"] for value in formats.value_lists()["med_type"].values.values()}
    assert settings == {"inpatient", "outpatient"}


def test_a_control_row_counts_the_rows_and_sums_each_money_column():
    kind = formats.kinds()["settlement"]
    row = dict.fromkeys(kind.titles, "") | {"setl_id": "1", "medfee_sumamt": "100.10", "psn_pay": "0.05"}
    back = row | {"setl_id": "2", "medfee_sumamt": "-40.1", "psn_pay": "1,000.00"}
    *_, closing = with_control_row(kind, [list(row.values()), list(back.values())])
    found = dict(zip(kind.titles, closing, strict=True))
    assert found["setl_id"] == "合计"
    assert found["psn_no"] == "2"
    assert found["medfee_sumamt"] == "60.00"
    assert found["psn_pay"] == "0.05"
    assert found["hifp_pay"] == "0.00"
    assert found["psn_name"] == ""


def test_an_encoding_with_bom_ends_lines_as_windows_does(tmp_path):
    kind = formats.kinds()["facility"]
    row = ["H1", "妈姑镇卫生院", "520527", "L1", "yes", "yes"]
    write_csv(tmp_path / "a.csv", kind, [row], "utf-8-sig")
    write_csv(tmp_path / "b.csv", kind, [row], "gb18030")
    first, second = (tmp_path / "a.csv").read_bytes(), (tmp_path / "b.csv").read_bytes()
    assert first.startswith(b"\xef\xbb\xbfcode,name") and first.endswith(b"yes\r\n")
    assert second.decode("gb18030").endswith("妈姑镇卫生院,520527,L1,yes,yes\n")


def test_templates_have_every_sheet_and_column_and_no_row(tmp_path):
    names = write_templates(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    titles = {}
    for path in tmp_path.glob("*.xlsx"):
        book = CalamineWorkbook.from_path(path)
        for sheet in book.sheet_names:
            titles[sheet] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for kind in formats.kinds().values():
        if kind.sheet:
            assert len(titles[kind.sheet]) == kind.header_row
            assert tuple(titles[kind.sheet][-1]) == kind.titles
            assert all(any(title in line for line in titles["列说明"]) for title in kind.titles) or (
                kind.register == "health"
            )
        else:
            with (tmp_path / f"{kind.file_stem}.csv").open(encoding="utf-8-sig", newline="") as file:
                header, *rows = list(csv.reader(file))
            assert tuple(header) == kind.titles
            assert [row[0] for row in rows] == ([kind.control_row.id] if kind.control_row else [])


def test_writing_templates_twice_is_fine_but_a_filled_one_is_never_overwritten(tmp_path):
    write_templates(tmp_path)
    write_templates(tmp_path)
    filled = tmp_path / "机构.csv"
    filled.write_text("我的机构", encoding="utf-8")
    with pytest.raises(Conflict, match="机构.csv"):
        write_templates(tmp_path)
    assert filled.read_text(encoding="utf-8") == "我的机构"
    assert not list(tmp_path.glob(".*"))


def test_templates_need_a_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Conflict, match="不是文件夹"):
        write_templates(tmp_path / "file")


def test_the_page_in_docs_is_the_one_the_declaration_writes(tmp_path):
    written = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    assert written == formats_page(), "run: yingjin templates DIR, then copy 数据格式.md into docs/"
    for kind in formats.kinds().values():
        assert all(f"| {title} |" in written for title in kind.titles)


def test_faults_name_columns_of_their_kinds_and_leave_none_out():
    for fault in FAULTS:
        titles = formats.kinds()[fault.kind].titles
        assert fault.column in titles
        assert set(fault.cells) <= set(titles)
    assert {fault.kind for fault in FAULTS} == set(formats.kinds())
