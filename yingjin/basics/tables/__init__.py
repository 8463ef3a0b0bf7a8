"""
Write long tables as files, piece by piece: nothing lies whole in memory, and nothing in clear on the disk.

* Table, Column      what a table is called, its columns, and its rows as they come
* as_xlsx, as_csv    the bytes of a file, in pieces

What people typed is text in both: a cell never runs as a formula, and no identity number is rounded.
"""

from yingjin.basics.tables.columns import DAY, FIGURE, KINDS, TEXT, WHOLE, YUAN, Column, Table
from yingjin.basics.tables.csv_lines import as_csv
from yingjin.basics.tables.xlsx import as_xlsx

__all__ = ["DAY", "FIGURE", "KINDS", "TEXT", "WHOLE", "YUAN", "Column", "Table", "as_csv", "as_xlsx"]
