"""
Reading register files as text, and writing back what was refused. No decision, no database.

* recognising   whose register a file is, by its content
* opening       the tables of a recognised file, row by row
* packed        what a workbook may be before it is parsed
* workbooks, delimited   the two media
* marked        the marked-up copy of refused rows
"""

from yingjin.fusion.files.marked import MarkedRow, MarkedSheet, marked_workbook
from yingjin.fusion.files.opening import OpenFile, open_file
from yingjin.fusion.files.packed import ON_THIS_MACHINE, UPLOADED, Limits
from yingjin.fusion.files.recognising import Recognised, digest_of, folder_digest, recognise, register_files
from yingjin.fusion.files.tables import RawRow, Table

__all__ = [
    "ON_THIS_MACHINE",
    "UPLOADED",
    "Limits",
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
    "marked_workbook",
]
