"""What the documents name is there."""

import ast
import csv
import re
from pathlib import Path

from tests.support.tree import ROOT, parsed, texts

SYSTEMS = ROOT / "docs" / "coverage.csv"
COLUMNS = ["system", "name_zh", "name_en", "state", "where", "test"]
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")


def systems():
    with SYSTEMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names_of_tests(path: Path) -> set[str]:
    return {node.name for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)}


def test_every_system_is_described_in_full():
    rows = systems()
    assert rows and list(rows[0]) == COLUMNS
    bad = [
        row["system"]
        for row in rows
        if not re.fullmatch(r"S\d{2,3}", row["system"])
        or row["state"] not in {"works", "partly"}
        or not all((row[column] or "").strip() for column in COLUMNS)
    ]
    assert not bad, bad
    assert len({row["system"] for row in rows}) == len(rows)


def test_every_test_that_shows_a_system_exists():
    missing = []
    for row in systems():
        for shown in row["test"].split():
            path, _, name = shown.partition("::")
            if not (ROOT / path).is_file() or name not in names_of_tests(Path(path)):
                missing.append(f"{row['system']}: {shown}")
    assert not missing, "\n".join(missing)


def test_every_link_of_a_document_leads_somewhere():
    broken = [
        f"{path}: {target}"
        for path, text in texts(".md")
        for target in LINK.findall(text)
        if not (ROOT / path.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)
