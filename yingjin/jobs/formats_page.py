"""The page 数据格式: every column of every file, written from the one declaration of the formats."""

from collections.abc import Iterator

from yingjin.fusion.formats import (
    CSV,
    STATE,
    Column,
    Kind,
    ValueList,
    column_types,
    kinds,
    registers,
    value_lists,
)

INTRODUCTION = """\
# 数据格式 · File formats

本页由列的声明（`yingjin/fusion/data/formats.yaml`）写出，运行 `yingjin templates 文件夹` 会连同空白表一起再写一份。
改列只改声明，不改本页。 This page is written from the declaration of the columns; `yingjin templates DIR` writes it again beside
empty files. Change the declaration, not this page.

## 总的约定 · What holds for every file

- 一个文件夹里放四种登记的文件，文件名随意：工作表凭**表名**认，CSV 凭**表头**认；一种登记可以分成任意多个文件。
  Files of the four registers lie in one folder under any names: a sheet is known by its title, a CSV by its header; a register may
  come in any number of files.
- 工作簿是 `.xlsx`，**每个单元格都是文本**：号码、日期、金额都不要存成数字或日期格式。
  Workbooks are `.xlsx` and every cell is text: numbers, days and amounts too.
- 万一没有存成文本：真日期照它的 2025-03-01 读，一般数字照写出来的样子读；证件号码、编号、代码和行的键存成了数字就退回这一行，
  因为 Excel 只留 15 位数字，也不留开头的 0。 Where a cell is not text: a real day is read as 2025-03-01, a plain number as it is
  written; identity numbers, numbers of persons, households, bills and facilities, codes and keys stored as numbers refuse their row,
  for Excel keeps fifteen digits and no leading zero.
- CSV 用逗号分隔，UTF-8（可带 BOM）或 GB18030；列的先后不限，多出的列照收不用。
  CSVs are comma-separated, UTF-8 (BOM allowed) or GB18030; columns in any order; further columns are kept and not used.
- “起”“止”是半开区间：“止”那一天已经不算，空白是至今。
  Intervals are half open: the day under 止 is no longer inside; blank is open.
- 一行有一处读不出就退回这一行，写明哪一列、什么值、为什么、怎么改；别的行照收。标“不退回”的只列入差异。
  A row with a cell that cannot be read is sent back with the column, the value, the reason and what to do; the other rows are
  taken. Where it says so, it is only listed.
- 退回的行写进“退回件”：同样的表和表头，多出“原行号”“未收原因”两列，加密存着，名字是原文件的 SHA-256；
  用 `yingjin marked 文件夹` 取出来。照退回件在原文件里改好，再运行一次即可。 Refused rows come back in a workbook of their own, kept sealed
  and named by the file's SHA-256: the same sheets and headers with the row number and the reason. Take it out with `yingjin marked FOLDER`,
  mend the original by it and run again.
- 退回的行，若键读得出，它以前收过的那一版仍然有效。同一个键出现几行而内容不同，几行都退回；内容相同只算一行。
  A refused row leaves its earlier good version in force where its key can be read. Rows of one key that differ are all refused;
  rows that are the same count once.
- 表头不对、缺列、列名重复、工作簿不完整或加了密码、编码认不出、引号不成对、合计对不上：整个文件退回，写明原因。
  A wrong header, a missing or repeated column, a broken or locked workbook, an unknown encoding, an open quotation mark, sums that
  differ: the whole file is refused, with the reason.
- **状态**：这一批文件就是全部，上一批有而这一批没有的行算撤回（不删）。**累加**：只会增加，永不撤回。
  State: the files given are all there is; a row of the last folder that is in none of them is withdrawn, not deleted.
  Adds: rows only ever add.
- 文件夹里没有某种登记的文件，或它有一个文件整个退回，或有一个读不出的文件可能是它的：这种登记这一次一行也不撤回。
  Nothing of a register is withdrawn when the folder holds no file of it, when one of its files is refused whole, or when a file
  nobody can read may be one of them.
"""


def formats_page() -> str:
    """Write the page as Markdown."""
    return "\n".join(_lines()) + "\n"


def column_notes(kind: Kind) -> Iterator[tuple[str, ...]]:
    """Yield a line a column: title, needed, meaning, kind of cell and check, example; the heading first."""
    yield ("列 column", "必填 needed", "含义 meaning", "怎么查 checked how", "例 example")
    for column in kind.columns:
        yield (
            column.name,
            "是 yes" if column.required else "否 no",
            f"{column.meaning_zh} {column.meaning_en}",
            check_of(column),
            column.example,
        )


def check_of(column: Column) -> str:
    """Say in both languages how a cell of the column is checked."""
    shape = column_types()[column.type]
    parts = [f"{shape.zh}（{shape.en}）：{shape.check_zh} {shape.check_en}"]
    if column.signed:
        parts.append("退费行可带负号 a refund has a minus sign")
    if column.values:
        listed = value_lists()[column.values]
        parts.append(f"见值表“{listed.zh}” see the value list {listed.name}")
    if column.check_zh:
        parts.append(f"{column.check_zh} {column.check_en}")
    return "；".join(parts)


def _lines() -> Iterator[str]:
    yield INTRODUCTION
    for register in registers().values():
        yield f"## {register.zh} · {register.en}"
        yield ""
        if register.person_number:
            yield (
                f"认人靠 `{register.person_number}`：同一个号码就是同一个人。 "
                f"Rows with the same `{register.person_number}` are one person."
            )
            yield ""
        for kind in kinds().values():
            if kind.register == register.name:
                yield from _kind_lines(kind)
    yield "## 值表 · Value lists"
    yield ""
    for listed in value_lists().values():
        yield from _value_lines(listed)


def _kind_lines(kind: Kind) -> Iterator[str]:
    where = (
        "CSV"
        if kind.medium == CSV
        else f"工作表 sheet “{kind.sheet}”，表头在第 {kind.header_row} 行 header in row {kind.header_row}"
    )
    keeps = "状态 state" if kind.keeps == STATE else "累加 adds"
    per = f"，每个 `{kind.state_per}` 各是一份 one per `{kind.state_per}`" if kind.state_per else ""
    key = " + ".join(f"`{title}`" for title in kind.key)
    yield f"### {kind.title_zh} · {kind.title_en}"
    yield ""
    yield f"{where}。{keeps}{per}。行的键 key: {key}。"
    yield ""
    if kind.control_row:
        yield (
            f"最后一行是合计行：`{kind.key[0]}` 写“{kind.control_row.id}”，`{kind.control_row.count_in}` 写上面的行数，"
            "每个金额列写合计（读不出的金额按 0 计）。行数或合计对不上，整个文件退回。 "
            f"The last row closes the file: `{kind.key[0]}` holds {kind.control_row.id}, `{kind.control_row.count_in}` the count of "
            "rows above, each money column its sum (an unreadable amount counts 0). A file that differs is sent back whole."
        )
        yield ""
    for place, note in enumerate(column_notes(kind)):
        yield _table_line(note)
        if place == 0:
            yield _table_line(["---"] * len(note))
    yield ""


def _value_lines(listed: ValueList) -> Iterator[str]:
    assumed = "（我们假定，须由编码人员核定 assumed, to be confirmed by a coder）" if listed.assumed else ""
    yield f"### {listed.zh} · `{listed.name}`{assumed}"
    yield ""
    yield f"来源 source: {listed.source}"
    yield ""
    extra = sorted({name for value in listed.values.values() for name in value} - {"zh", "en"})
    yield _table_line(("值 value", "中文", "English", *extra))
    yield _table_line(["---"] * (3 + len(extra)))
    for code, value in listed.values.items():
        more = (", ".join(cell) if isinstance(cell, list) else str(cell) for cell in map(value.get, extra))
        yield _table_line((f"`{code}`", value["zh"], value["en"], *more))
    yield ""


def _table_line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
