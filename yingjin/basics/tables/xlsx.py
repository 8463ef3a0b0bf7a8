"""A table as a workbook, written into the archive as its rows come.

xlsxwriter keeps the rows of a long sheet in a file of its own, in clear, until the book is closed. Here they go
straight into the archive, so that nothing a reader may not see ever lies on the disk unsealed.

Source: ECMA-376 part 1, sections 18.3 (worksheet), 18.4 (text), 18.8 (styles).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from yingjin.basics.money import plain_yuan
from yingjin.basics.tables.columns import DAY, FIGURE, TEXT, WHOLE, YUAN, Column, Table, number_in

ROWS_A_SHEET = 1_000_000  # a sheet holds 1,048,576
ROWS_AT_ONCE = 200
CELL_LENGTH = 32_767
REMEMBERED = 2_000  # texts of a column of few
DAY_ZERO = date(1899, 12, 30).toordinal()  # so that 1900-03-01 is day 61, as every spreadsheet counts
BEFORE_ROWS = 2  # the line that says whose it is, and the heads
# What XML cannot hold, what it reads as its own, and what a workbook reads as the code of a character.
TELLING = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CODE = re.compile("_(x[0-9A-Fa-f]{4}_)")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PART = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLE_OF = {TEXT: 1, WHOLE: 2, YUAN: 3, DAY: 4}
STYLE_OF_HEAD, STYLE_OF_MARK = 5, 6
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><sz val="9"/><color rgb="FF5F6964"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF0EEE7"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color rgb="FF858A83"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in (49, 3, 4, 164)
    )
    + '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1"/>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>'
)


class Outflow:
    """Where the archive is written to: what has come since the last time is given away."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self.waiting.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the reader takes what there is."""

    def taken(self) -> bytes:
        """Return what has come, and begin anew."""
        pieces, self.waiting = b"".join(self.waiting), []
        return pieces


def as_xlsx(table: Table) -> Iterator[bytes]:
    """Yield the workbook. A table longer than a sheet goes on in the next one, under the same heads."""
    out = Outflow()
    rows, sheets = iter(table.rows), 0
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        first: list[Sequence[Any]] = list(islice(rows, 1))
        while first or not sheets:
            sheets += 1
            yield from _sheet(archive, out, table, sheets, first, rows)
            first = list(islice(rows, 1))
        for name, text in _parts(table.title, sheets).items():
            archive.writestr(_entry(name), text.encode())
    yield out.taken()


def _sheet(
    archive: ZipFile,
    out: Outflow,
    table: Table,
    number: int,
    first: list[Sequence[Any]],
    rows: Iterator[Sequence[Any]],
) -> Iterator[bytes]:
    formed = [_forming(column) for column in table.columns]
    with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as sheet:
        sheet.write(_sheet_head(table).encode())
        left, at, batch = ROWS_A_SHEET - len(first), BEFORE_ROWS, first
        while batch:
            lines = []
            for at, row in enumerate(batch, at + 1):  # noqa: B020 (goes on counting from batch to batch)
                lines.append(_row(at, row, formed))
            sheet.write("".join(lines).encode())
            yield out.taken()
            batch = list(islice(rows, min(ROWS_AT_ONCE, left)))
            left -= len(batch)
        sheet.write(b"</sheetData></worksheet>")
    yield out.taken()


def _row(at: int, row: Sequence[Any], formed: Sequence[Callable[[Any], str]]) -> str:
    cells = "".join(
        ['<c s="0"/>' if cell is None else form(cell) for form, cell in zip(formed, row, strict=True)]
    )
    return f'<row r="{at}">{cells}</row>'


def _text(cell: Any, style: int = STYLE_OF[TEXT]) -> str:
    text = str(cell)
    if TELLING.search(text):
        text = escape(NOT_IN_XML.sub("\ufffd", CODE.sub(r"_x005F_\1", text))).replace("\r", "_x000D_")
    if len(text) > CELL_LENGTH:
        text = text[: CELL_LENGTH - 1] + "…"
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f'<c s="{style}" t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _whole(cell: Any) -> str:
    return f'<c s="2"><v>{int(cell)}</v></c>'


def _yuan(cell: Any) -> str:
    return f'<c s="3"><v>{plain_yuan(cell)}</v></c>'


def _day(cell: Any) -> str:
    return f'<c s="4"><v>{cell.toordinal() - DAY_ZERO}</v></c>'


def _figure(cell: Any) -> str:
    figure = number_in(str(cell))
    return f'<c s="{3 if "." in figure else 2}"><v>{figure}</v></c>' if figure else _text(cell)


FORMED: dict[str, Callable[[Any], str]] = {
    TEXT: _text, WHOLE: _whole, YUAN: _yuan, DAY: _day, FIGURE: _figure,
}  # fmt: skip


def _forming(column: Column) -> Callable[[Any], str]:
    """Return what writes the cells of a column, with a memory where the same few come again."""
    return lru_cache(maxsize=REMEMBERED)(FORMED[column.kind]) if column.few else FORMED[column.kind]


def _sheet_head(table: Table) -> str:
    """Return the sheet up to its rows: the widths, the frozen heads, the line that says whose it is."""
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{column.width}" customWidth="1"/>'
        for at, column in enumerate(table.columns, 1)
    )
    heads = "".join(_text(column.head, STYLE_OF_HEAD) for column in table.columns)
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="{BEFORE_ROWS}" '
        f'topLeftCell="A{BEFORE_ROWS + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData>'
        f'<row r="1">{_text(table.mark, STYLE_OF_MARK)}</row><row r="2">{heads}</row>'
    )


def _parts(title: str, sheets: int) -> dict[str, str]:
    """Return what stands around the sheets."""
    numbers = range(1, sheets + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{each}.xml" ContentType="{PART}.worksheet+xml"/>'
        for each in numbers
    )
    names = "".join(
        f'<sheet name="{_sheet_name(title, each, sheets)}" sheetId="{each}" r:id="rId{each}"/>'
        for each in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{each}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{each}.xml"/>'
        for each in numbers
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{PART}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{PART}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship '
        f'Id="rId{sheets + 1}" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }


def _sheet_name(title: str, number: int, sheets: int) -> str:
    """Return a name a workbook takes: at most 31 characters, none of its own signs."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:28].strip() or "1"
    return escape(f"{name} {number}" if sheets > 1 else name, {'"': "&quot;"})


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry
