"""The words in use and the words in code are the same."""

import re

from tests.support.tree import ROOT, texts


def test_every_word_of_the_glossary_stands_in_code():
    page = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("|")]
    words = {word for row in rows if len(row) >= 4 for word in re.findall(r"`([^`]+)`", row[-1])}
    assert words
    code = "\n".join(
        text for path, text in texts(".py", ".yaml", ".html", ".csv") if path.parts[0] != "tests"
    )
    missing = sorted(
        word for word in words if not re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", code)
    )
    assert not missing, missing
