"""
Reading register files as text, and writing back what was refused. No decision, no database.

* recognising   whose register a file is, by its content
* opening       the tables of a recognised file, row by row
* workbooks, delimited   the two media
* marked        the marked-up copy of refused rows
"""

from yingjin.fusion.files.marked import MarkedRow, MarkedSheet, write_marked
from yingjin.fusion.files.opening import OpenFile, open_file
from yingjin.fusion.files.recognising import Recognised, digest_of, folder_digest, recognise, register_files
from yingjin.fusion.files.tables import RawRow, Table

__all__ = [
    "MarkedRow",
    "MarkedSheet",
    "OpenFile",
    "RawRow",
    "Recognised",
    "Table",
    "digest_of",
    "folder_digest",
    "open_file",
    "recognise",
    "register_files",
    "write_marked",
]
