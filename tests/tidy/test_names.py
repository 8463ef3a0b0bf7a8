"""Names say what a thing is."""

import ast
import re

import pytest

from tests.support.tree import files, parsed, sources

NAMED_BY_DJANGO = {"process_exception", "process_view", "process_template_response"}
SAY_NOTHING = {
    "manager",
    "helper",
    "helpers",
    "handler",
    "process",
    "info",
    "utils",
    "util",
}


def words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("BillManager", True), ("row_info", True), ("utils", True), ("HTTPHandler", True), ("informed", False)],
)
def test_the_words_of_a_name_are_told_apart(name, expected):
    assert bool(words(name) & SAY_NOTHING) == expected


def test_no_file_has_a_name_that_says_nothing():
    bad = [str(path) for path in files() if path.suffix == ".py" and words(path.stem) & SAY_NOTHING]
    assert not bad, bad


def test_no_class_or_function_has_a_name_that_says_nothing():
    bad = [
        f"{path}:{node.lineno} {node.name}"
        for path in sources("yingjin")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and words(node.name) & SAY_NOTHING
        if node.name not in NAMED_BY_DJANGO
    ]
    assert not bad, "\n".join(bad)


def test_names_of_tests_are_sentences():
    bad = [
        f"{path}:{node.lineno} {node.name}"
        for path in sources("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert not bad, "\n".join(bad)
