"""Every kind of bad file has its own plain sentence, and none of its rows lands."""

import csv
import random
from datetime import date

import pytest

from tests.support.registers import (
    complaints,
    in_force,
    landed,
    row,
    write_csv,
    write_facilities,
    write_workbook,
)
from yingjin.fusion.errors import SENTENCES
from yingjin.fusion.files import recognise
from yingjin.fusion.models import Row, SourceFile

pytestmark = pytest.mark.django_db


def settlements(*rows):
    return [row("settlement", bill_no=number, register_no="N1") for number in rows]


def refusal(folder):
    """Land a folder whose one bad file is refused, and return what is said of it."""
    tally = landed(folder)
    assert tally.files_refused == 1
    file = SourceFile.objects.get(status="refused")
    assert not Row.objects.filter(file=file).exists()
    return file.reason_zh, file.reason_en


def edited(path, change):
    """Rewrite a CSV after changing its lines."""
    with open(path, encoding="utf-8", newline="") as text:
        lines = list(csv.reader(text))
    change(lines)
    with open(path, "w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(lines)


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert "一个字节也没有" in refusal(tmp_path)[0]


def test_a_truncated_workbook_says_so(tmp_path):
    whole = write_workbook(tmp_path / "a.xlsx", {"lifted": [row("lifted", register_no="P1")]}).read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[: len(whole) * 2 // 3])
    assert "工作簿不完整" in refusal(tmp_path)[0]


@pytest.mark.parametrize(
    ("stream", "said"), [("Workbook", "旧的 .xls 格式"), ("EncryptedPackage", "加了密码")]
)
def test_an_old_workbook_and_a_locked_one_are_told_apart(tmp_path, stream, said):
    directory = stream.encode("utf-16-le")
    (tmp_path / "a.xlsx").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512) + directory + bytes(512))
    assert said in refusal(tmp_path)[0]


def test_a_wrong_encoding_says_where_reading_stops(tmp_path):
    write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    good = (tmp_path / "a.csv").read_bytes()
    (tmp_path / "a.csv").write_bytes(good + b"\xff\xfe\xff")
    assert f"第 {len(good) + 1} 个字节" in refusal(tmp_path)[0]


def test_utf16_says_so(tmp_path):
    write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")], encoding="utf-16")
    assert "UTF-16" in refusal(tmp_path)[0]


def test_nul_bytes_say_their_line(tmp_path):
    path = write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    path.write_bytes(path.read_bytes().replace(b"F1", b"F\x00"))
    assert "第 2 行有空字节" in refusal(tmp_path)[0]


@pytest.mark.parametrize("tail", ['F2,"没有关\n', 'F2,"关"了又写\n', 'F2,"' + "长" * 200_000])
def test_an_open_quotation_mark_says_its_line(tmp_path, tail):
    path = write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    path.write_text(path.read_text(encoding="utf-8") + tail, encoding="utf-8")
    assert "第 3 行起引号不成对" in refusal(tmp_path)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_three_ways_of_writing_chinese_are_read_alike(tmp_path, encoding):
    write_csv(
        tmp_path / "a.csv", "facility", [row("facility", code="F1", name="㐂镇卫生院")], encoding=encoding
    )
    landed(tmp_path)
    assert Row.objects.get().payload["name"] == "㐂镇卫生院"


@pytest.mark.parametrize(("kind", "wrong"), [("lifted", 1), ("category", 3)])
def test_a_header_in_the_wrong_row_says_both_rows(tmp_path, kind, wrong):
    write_workbook(tmp_path / "a.xlsx", {kind: [row(kind, register_no="P1")]}, header_row=wrong)
    said = refusal(tmp_path)[0]
    assert f"这里在第 {wrong} 行" in said


def test_a_csv_with_a_title_above_its_header_says_both_rows(tmp_path):
    path = write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    path.write_text("机构名单\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "表头应在第 1 行，这里在第 2 行" in refusal(tmp_path)[0]


def test_a_missing_column_is_named(tmp_path):
    rows = settlements("S1")
    titles = [title for title in rows[0] if title not in ("enddate", "med_type")]
    write_csv(tmp_path / "a.csv", "settlement", rows, titles=titles)
    zh, en = refusal(tmp_path)
    assert "缺少列：enddate、med_type" in zh
    assert "lacks the columns enddate, med_type" in en
    assert SourceFile.objects.get().register == "insurance", "it is no enrolment file for that"


def test_a_sheet_without_a_column_it_needs_names_it(tmp_path):
    rows = [row("category", register_no="P1")]
    for cells in rows:
        del cells["依据"]
    write_workbook(tmp_path / "a.xlsx", {"lifted": [row("lifted", register_no="P1")]})
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("身份").write_row(0, 0, ["人编号", "身份", "起"])
    assert "“身份”表缺少列：依据" in refusal(tmp_path)[0]


def test_a_sheet_without_any_header_says_where_it_belongs(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("已脱贫人口名单")
    assert "没有表头。表头应在第 3 行" in refusal(tmp_path)[0]


def test_a_repeated_column_is_named(tmp_path):
    path = write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    edited(path, lambda lines: [line.append(line[1]) for line in lines])
    assert "“name”出现了不止一次" in refusal(tmp_path)[0]


def test_a_further_column_is_landed_and_said(tmp_path):
    write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1") | {"备注": "新建"}])
    assert landed(tmp_path).files_refused == 0
    assert Row.objects.get().payload["备注"] == "新建"
    assert "多出的列（备注）照原样留存" in SourceFile.objects.get().reason_zh


def test_a_file_of_no_register_says_how_they_are_known(tmp_path):
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    zh, _ = refusal(tmp_path)
    assert "认不出是哪一本登记册" in zh and "已脱贫人口名单" in zh and "setl_id" in zh


def test_a_workbook_of_two_registers_is_to_be_split(tmp_path):
    rows = {"lifted": [row("lifted", register_no="P1")], "record": [row("record", register_no="R1")]}
    write_workbook(tmp_path / "a.xlsx", rows)
    assert "已脱贫人口名单、健康档案" in refusal(tmp_path)[0]


def test_a_missing_closing_row_refuses_the_whole_file(tmp_path):
    write_facilities(tmp_path, "F1")
    write_csv(tmp_path / "s.csv", "settlement", settlements("S1", "S2"), control=False)
    assert "最后没有“合计”行" in refusal(tmp_path)[0]
    assert ("settlement", "S1") not in in_force()


def test_a_closing_row_that_is_not_last_refuses_the_whole_file(tmp_path):
    path = write_csv(tmp_path / "s.csv", "settlement", settlements("S1", "S2"))
    edited(path, lambda lines: lines.insert(1, lines.pop()))
    assert "后面还有 2 行" in refusal(tmp_path)[0]


def test_a_count_that_differs_refuses_the_whole_file(tmp_path):
    path = write_csv(tmp_path / "s.csv", "settlement", settlements("S1", "S2"))
    edited(path, lambda lines: lines.pop(1))
    assert "合计行写 2 行，文件里有 1 行" in refusal(tmp_path)[0]


def test_a_sum_that_differs_refuses_the_whole_file_and_names_the_column(tmp_path):
    path = write_csv(tmp_path / "s.csv", "settlement", settlements("S1", "S2"))

    def one_fen_more(lines):
        at = lines[0].index("hifp_pay")
        lines[1][at] = "600.01"

    edited(path, one_fen_more)
    assert "“hifp_pay”合计行写 1200.00，各行相加是 1200.01" in refusal(tmp_path)[0]


def test_a_sum_over_an_unreadable_amount_names_its_row(tmp_path):
    rows = settlements("S1", "S2")
    path = write_csv(tmp_path / "s.csv", "settlement", rows)
    edited(path, lambda lines: lines[2].__setitem__(lines[0].index("hifp_pay"), "六百"))
    assert "第 3 行有金额读不出" in refusal(tmp_path)[0]


def test_a_number_stored_as_a_number_refuses_its_row(tmp_path):
    good = row("lifted", register_no="P1", identity_no="")
    spoilt = row("lifted", register_no=52052701000012301, identity_no="")
    also = row("lifted", register_no="P3", identity_no=522428196005010010)
    write_workbook(tmp_path / "a.xlsx", {"lifted": [good, spoilt, also]})
    landed(tmp_path)
    assert set(in_force()) == {("lifted", "P1")}
    assert complaints() == [("lifted", "", ("number_cell",)), ("lifted", "P3", ("number_cell",))]
    assert "末几位可能已经丢了" in Row.objects.filter(accepted=False).first().reasons[0]["zh"]


def test_days_and_plain_numbers_in_cells_are_read_as_their_text(tmp_path):
    category = row("category", register_no="P1", valid_from=date(2019, 1, 1))
    listed = row("lifted", register_no="P1", household_size=4, income_per_head=9876.5)
    write_workbook(tmp_path / "a.xlsx", {"lifted": [listed], "category": [category]})
    landed(tmp_path)
    assert ("category", "P1|C02|2019-01-01") in in_force()
    payload = Row.objects.get(kind="lifted").payload
    assert (payload["人数"], payload["人均纯收入"]) == ("4", "9876.5")


def test_ragged_rows_are_refused_one_by_one(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", "facility", [row("facility", code=code) for code in ("F1", "F2", "F3")]
    )
    edited(path, lambda lines: (lines[1].pop(), lines[2].append("多了")))
    landed(tmp_path)
    assert set(in_force()) == {("facility", "F3")}
    codes = [codes[0] for _, _, codes in complaints()]
    assert codes == ["ragged_row", "ragged_row"]
    assert "有 5 格，表头有 6 格" in Row.objects.get(key="F1").reasons[0]["zh"]


def test_blank_lines_and_blank_cells_at_the_end_are_nothing(tmp_path):
    path = write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    edited(
        path,
        lambda lines: (
            [line.extend(["", ""]) for line in lines],
            lines.insert(1, []),
            lines.append([""] * 8),
        ),
    )
    landed(tmp_path)
    assert (Row.objects.get().row_number, Row.objects.get().accepted) == (3, True)


def test_hidden_files_and_the_lock_files_of_excel_are_no_registers(tmp_path):
    for name in (".DS_Store", "~$a.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    assert landed(tmp_path).counts["files"] == 0


def test_the_same_content_twice_is_one_file(tmp_path):
    write_facilities(tmp_path, "F1")
    (tmp_path / "copy.csv").write_bytes((tmp_path / "机构.csv").read_bytes())
    tally = landed(tmp_path)
    assert (tally.counts["files"], tally.counts["repeated"]) == (1, 0)


def test_a_damaged_workbook_is_refused_and_never_stops_landing(tmp_path):
    rows = [row("lifted", register_no=f"P{place}") for place in range(20)]
    path = write_workbook(tmp_path / "a.xlsx", {"lifted": rows})
    whole = path.read_bytes()
    chance = random.Random(7)
    outcomes = set()
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        outcomes.add(landed(tmp_path).files_refused)
    assert outcomes == {1}, "every part of a workbook is unpacked and its sum checked: no damage passes"


def test_every_cut_of_a_workbook_is_refused(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"lifted": [row("lifted", register_no="P1")]})
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        assert recognise(path).refusal is not None


def test_no_sentence_of_a_refusal_says_an_empty_word():
    for zh, en in SENTENCES.values():
        assert not any(word in zh for word in ("无效", "非法", "失败", "系统异常", "抱歉"))
        assert zh.endswith("。") and en.endswith(".")
