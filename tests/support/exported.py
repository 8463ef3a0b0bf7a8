"""Take a list away through the console as its reader does: ask for it, wait for the worker, download it."""

import csv
import html
import io
import re
import time
from urllib.parse import urlencode

SECONDS_MOST = 60


def asked_for(visitor, name, **query):
    """Ask for a list as CSV; return the status and text of the answer."""
    status, form = visitor.ask(f"/exports/new/?{urlencode({'list': name, **query})}")
    if status != 200:
        return status, form
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    fields = {each: html.unescape(value) for each, value in hidden if each != "csrfmiddlewaretoken"}
    return visitor.ask("/exports/new/", {"csrfmiddlewaretoken": secret, "format": "csv", **fields})


def taken_away(visitor, name, **query) -> str:
    """Return the text of a list that was taken away."""
    before = set(files(visitor))
    status, text = asked_for(visitor, name, **query)
    assert status == 200, text
    until = time.monotonic() + SECONDS_MOST
    while not (new := set(files(visitor)) - before):
        assert time.monotonic() < until, "the worker wrote no file"
        time.sleep(0.3)
    return visitor.page(new.pop()).removeprefix("\ufeff")


def files(visitor) -> list[str]:
    return re.findall(r'href="(/exports/[0-9a-f-]+/file/)"', visitor.page("/exports/"))


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows under the line that says whose the list is, by their heads."""
    return list(csv.DictReader(io.StringIO(text.partition("\r\n")[2], newline="")))
