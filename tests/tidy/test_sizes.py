"""A function fits a screen, a file fits a head."""

import ast

from tests.support.tree import ROOT, parsed, sources

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{path}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


def test_no_file_is_longer_than_it_may_be():
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in sources()}
    long = [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > FILE_LINES_MAX]
    assert not long, "\n".join(long)
