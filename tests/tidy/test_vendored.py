"""Files of others lie here unchanged, each with its licence."""

import hashlib
import re

from tests.support.tree import ROOT, files

LINE = re.compile(
    r"^\| (?P<name>[^|]+) \| (?P<version>[^|]+) \| [^|]+ \| (?P<file>[^|]+) \| (?P<sum>[0-9a-f]{64}) \|$"
)


def lists():
    return [ROOT / path for path in files() if path.name == "VENDORED.md"]


def named():
    """Return the sum of each vendored file as its list says."""
    return {
        page.parent / match["file"]: match["sum"]
        for page in lists()
        for line in page.read_text(encoding="utf-8").splitlines()
        if (match := LINE.match(line))
    }


def test_every_vendored_file_is_as_it_was_taken():
    assert named(), "No vendored file is listed: this test looked in the wrong place."
    changed = [
        str(path)
        for path, wanted in named().items()
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted
    ]
    assert not changed, changed


def test_every_script_of_others_is_listed_with_a_licence():
    found = {ROOT / path for path in files() if "vendored" in path.parts and path.suffix in {".js", ".css"}}
    assert found == set(named())
    assert all(list(path.parent.glob("LICENSE*")) for path in found)
