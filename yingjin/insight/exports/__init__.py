"""
Take a list away as a file: asked for on a page, written behind it, downloaded once it is there.

* LISTS, Wanted                    which lists there are, and what is asked of one
* ask_export, ask_again, cancel, download  what a reader does, each recorded
* write, delete_old                what the worker does

A list goes through the same queries as its page, so its reader gets what the page shows and no more. Numbers are
masked unless the reader may see them and says why.
"""

from yingjin.insight.exports.asking import (
    EXPORT,
    ask_again,
    ask_export,
    cancel,
    download,
    export_of,
    exports_of,
)
from yingjin.insight.exports.kept import KEPT_DAYS, delete_old
from yingjin.insight.exports.lists import FORMATS, LISTS, Wanted, check_why
from yingjin.insight.exports.writing import write

__all__ = [
    "EXPORT", "FORMATS", "KEPT_DAYS", "LISTS", "Wanted", "ask_again", "ask_export", "cancel", "delete_old",
    "download", "check_why", "export_of", "exports_of", "write",
]  # fmt: skip
