"""What this part refuses: a file that cannot be read as what it says it is."""

from yingjin.basics.errors import BadInput

# What is wrong with the file, and what to do. Facts are named by whoever refuses.
SENTENCES: dict[str, tuple[str, str]] = {
    "empty_file": (
        "文件是空的，一个字节也没有。重新导出一份。",
        "The file is empty, not one byte. Export it again.",
    ),
    "unreadable_file": (
        "文件打不开：{why}。看它是不是还在、能不能读。",
        "The file cannot be opened: {why}. See whether it is there and may be read.",
    ),
    "locked_workbook": (
        "这份工作簿加了密码，打不开。在 Excel 里去掉密码，再存一次。",
        "This workbook has a password and cannot be opened. Take the password off in Excel and save it again.",
    ),
    "old_workbook": (
        "这是旧的 .xls 格式。用 Excel 或 WPS 打开，另存为 .xlsx。",
        "This is the old .xls format. Open it in Excel or WPS and save it as .xlsx.",
    ),
    "no_xlsx": (
        "这是一个压缩包，里面不是 .xlsx 工作簿。压缩包请先解开；.xlsb、.ods 请另存为 .xlsx。",
        "This is a packed file but no .xlsx workbook. Unpack it first; save .xlsb or .ods as .xlsx.",
    ),
    "has_macros": (
        "工作簿里有宏。这里不收会运行的文件：另存为不带宏的 .xlsx。",
        "The workbook holds macros. Nothing that runs is taken: save it as .xlsx without macros.",
    ),
    "has_links": (
        "工作簿里有指向别的文件或数据源的链接。在“数据—编辑链接”里断开，只留数值，再存一次。",
        "The workbook links to other files or data sources. Break the links (Data, Edit Links), keep the values, save "
        "again.",
    ),
    "too_many_columns": (
        "有一张表超过 {most} 列。登记册没有这么宽：删去后面多余的列。",
        "A sheet is wider than {most} columns, which no register is. Delete the columns that do not belong to it.",
    ),
    "too_many_cells": (
        "有一张表又宽又长（超过 32 列、{rows} 行）。删去后面多余的行列，或分成几个文件。",
        "A sheet is both wide and long (over 32 columns and {rows} rows). Delete what does not belong, or split it.",
    ),
    "too_large_packed": (
        "文件有 {megabytes} MB，最多 {most} MB。分成几个文件。",
        "The file has {megabytes} MB, {most} MB at most. Split it into several files.",
    ),
    "broken_workbook": (
        "工作簿不完整，像是没有传完。重新导出或重新拷贝一份。",
        "The workbook is not whole, as if its copy had stopped half way. Export or copy it again.",
    ),
    "too_large": (
        "工作簿解开超过 {most} GB。分成几个文件。",
        "The workbook unpacks to more than {most} GB. Split it into several files.",
    ),
    "bad_encoding": (
        "文字编码不是 UTF-8，也不是 GB18030（到第 {byte} 个字节读不下去）。另存为“CSV UTF-8”。",
        "The text is neither UTF-8 nor GB18030 (reading stops at byte {byte}). Save it as “CSV UTF-8”.",
    ),
    "utf16": (
        "文字编码是 UTF-16（“Unicode 文本”）。另存为“CSV UTF-8”。",
        "The text is UTF-16 (“Unicode text”). Save it as “CSV UTF-8”.",
    ),
    "nul_bytes": (
        "第 {line} 行有空字节（NUL），不是文字。文件在拷贝中坏了，重新导出一份。",
        "Line {line} holds a NUL byte, which is no text. The file was damaged in copying: export it again.",
    ),
    "broken_quotes": (
        "第 {line} 行起引号不成对，后面的行都连成了一格。补上引号，或重新导出。",
        "From line {line} a quotation mark is left open and swallows the lines after it. Close it or export again.",
    ),
    "unknown_register": (
        "认不出是哪一本登记册。工作簿靠表名认（如{sheets}），CSV 靠表头认（如{titles}）。",
        "It is not clear which register this is. A workbook is known by its sheets (such as {sheets}), a CSV by its "
        "header (such as {titles}).",
    ),
    "mixed_registers": (
        "一个工作簿里有几本登记册的表：{sheets}。分成几个文件。",
        "One workbook holds sheets of several registers: {sheets}. Split it into files.",
    ),
    "repeated_sheet": (
        "有两张表都叫“{sheet}”。只留一张。",
        "Two sheets are both called “{sheet}”. Keep one.",
    ),
    "wrong_header_row": (
        "{where}的表头应在第 {wanted} 行，这里在第 {found} 行。照模板放回原位。",
        "The header of {where} belongs in row {wanted}; here it stands in row {found}. Put it back as in the template.",
    ),
    "missing_header": (
        "{where}没有表头。表头应在第 {wanted} 行，照模板补上。",
        "{where} has no header. It belongs in row {wanted}: copy it from the template.",
    ),
    "missing_column": (
        "{where}缺少列：{columns}。照模板补上这几列。",
        "{where} lacks the columns {columns}. Add them as in the template.",
    ),
    "repeated_column": (
        "{where}的表头里“{columns}”出现了不止一次，不知道该读哪一列。只留一列。",
        "The header of {where} names {columns} more than once, so it is not clear which to read. Keep one.",
    ),
    "control_row_missing": (
        "结算文件最后没有“{mark}”行，不知道传全了没有。补上合计行再传。",
        "The settlement file has no closing row “{mark}”, so nobody knows whether it is whole. Add it and send again.",
    ),
    "control_row_not_last": (
        "“{mark}”行后面还有 {rows} 行。合计行应是最后一行，重新导出。",
        "{rows} rows stand after the closing row “{mark}”, which must be the last. Export the file again.",
    ),
    "control_count_differs": (
        "合计行写 {stated} 行，文件里有 {rows} 行。文件不全或改过，重新导出。",
        "The closing row counts {stated} rows, the file has {rows}. It is not whole or was changed: export it again.",
    ),
    "control_sum_differs": (
        "“{column}”合计行写 {stated}，各行相加是 {sum}。{unread_zh}文件不全或改过，重新导出。",
        "“{column}” adds up to {sum}, the closing row says {stated}. {unread_en} Export the file again.",
    ),
}


WHOLE_FILE = "文件"  # a table that is a file of its own


class FileRefused(BadInput):
    """A whole file is refused; `code` says why."""

    def __init__(self, code: str, **facts: object) -> None:
        zh, en = SENTENCES[code]
        said = {name: in_english(name, value) for name, value in facts.items()}
        super().__init__(zh.format_map(facts), " ".join(en.format_map(said).split()), **facts)
        self.code = code


def in_english(name: str, value: object) -> object:
    """Return what a sentence names as English writes it: a list with commas, a place in a file in English words."""
    if name == "where":
        return where_in_english(str(value))
    return value.replace("、", ", ") if isinstance(value, str) else value


def where_in_english(where: str) -> str:
    """Say in English where in a file something stands: 文件 is the file, “身份”表 is sheet “身份”."""
    return "the file" if where == WHOLE_FILE else f"sheet {where.removesuffix('表')}"
