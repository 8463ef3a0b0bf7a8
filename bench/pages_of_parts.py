"""A page of docs that several runs write, each its own part; the others stay as they were."""

import re
from collections.abc import Sequence
from pathlib import Path


def renew(page: Path, *, head: str, kind: str, names: Sequence[str], name: str, text: str) -> None:
    """Put one part into a page, in the place of the one before, the parts in the order of their names."""
    before = page.read_text(encoding="utf-8") if page.exists() else head
    parts = dict(re.findall(rf"<!-- {kind}: (\w+) -->\n(.*?)(?=\n<!-- {kind}: |\Z)", before, re.DOTALL))
    parts[name] = text
    body = "".join(
        f"\n<!-- {kind}: {known} -->\n{parts[known].rstrip()}\n" for known in names if known in parts
    )
    page.write_text(head + body, encoding="utf-8")
