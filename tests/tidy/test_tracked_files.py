"""Nothing in the project points at the machine it was written on."""

import re

import pytest

from tests.support.tree import texts

PLACES = {
    "a path of one machine": re.compile(r"(^|[^A-Za-z0-9_.])/(work|farm|root|home/\w+|Users/\w+)/"),
    "a package index": re.compile(r"index[-_]url|registry\.npm|\"resolved\":|/simple/?[\"'\s]"),
    "an issue's number": re.compile(r"(?i)\bissues?[ /]#?\d"),
    "unfinished work": re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError"),
}
SAYS_SO_ITSELF = "tests/tidy/test_tracked_files.py"


@pytest.mark.parametrize("what", PLACES)
def test_no_file_holds_what_only_the_writer_has(what):
    bad = [
        f"{path}:{number} {line.strip()[:100]}"
        for path, text in texts()
        if str(path) != SAYS_SO_ITSELF and path.suffix != ".geojson" and "vendor" not in path.parts
        for number, line in enumerate(text.splitlines(), start=1)
        if PLACES[what].search(line)
    ]
    assert not bad, f"{what}:\n" + "\n".join(bad)


def test_every_text_file_ends_its_lines_with_a_newline_alone():
    bad = [str(path) for path, text in texts(".py", ".md", ".html", ".js", ".css", ".yaml") if "\r" in text]
    assert not bad, bad
