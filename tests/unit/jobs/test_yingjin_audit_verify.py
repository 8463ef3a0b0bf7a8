"""The verifier names the first row that was tampered with, however that was done and whatever file it reads."""

import ast
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.chains import (
    BEGAN,
    SEEN_BY_AN_ANCHOR,
    SEEN_BY_ITSELF,
    anchors_in,
    as_csv,
    as_lines,
    as_sqlite,
    chain,
    events,
    recompute,
)
from yingjin.jobs import yingjin_audit_verify as verifier

PROGRAM = Path(verifier.__file__)
WRITERS = {"a.sqlite3": as_sqlite, "a.jsonl": as_lines, "a.csv": as_csv}
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
FACTS = st.dictionaries(
    TEXT, st.recursive(st.one_of(TEXT, st.integers(), st.booleans(), st.none()), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
    max_size=4,
)  # fmt: skip
MOMENTS = st.datetimes(min_value=BEGAN.replace(year=1990, tzinfo=None), timezones=st.timezones())
EVENTS = st.fixed_dictionaries(
    {"at": MOMENTS, "by": TEXT, "role": TEXT, "what": TEXT, "target": TEXT, "facts": FACTS}
)


def judged(rows, writer, name, anchors=()):
    """Return the verdict on rows written as a file, with anchors of some other rows."""
    with tempfile.TemporaryDirectory() as folder:
        kept = verifier.anchors_of(anchors_in(Path(folder) / "anchors", anchors)) if anchors else []
        return verifier.verify(writer(Path(folder) / name, rows), kept)


@pytest.mark.parametrize("name", WRITERS)
def test_what_the_product_writes_is_whole_in_every_file(name):
    @settings(max_examples=40)
    @given(st.lists(EVENTS, max_size=8))
    def holds(made):
        rows = chain(made)
        verdict = judged(rows, WRITERS[name], name, rows)
        assert verdict.found is None and verdict.count == verdict.number == len(rows)

    holds()


@pytest.mark.parametrize("tampering", SEEN_BY_ITSELF, ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", WRITERS)
def test_the_first_row_tampered_with_is_named_with_what_was_done(name, tampering):
    @settings(max_examples=40)
    @given(st.integers(2, 12), st.randoms(use_true_random=False))
    def holds(count, chance):
        rows = chain(events(count))
        kind, number = tampering(rows, chance.randrange(count), chance)
        found = judged(rows, WRITERS[name], name).found
        assert found is not None
        # Of two rows that do not link when nothing follows, nobody can say which was altered.
        last_two = tampering.__name__ == "change" and number == count and found.number == count - 1
        assert (found.kind, found.number) == (kind, number) or last_two

    holds()


@pytest.mark.parametrize("tampering", SEEN_BY_AN_ANCHOR, ids=lambda each: each.__name__)
def test_what_the_chain_itself_cannot_tell_its_anchors_do(tampering):
    @settings(max_examples=40)
    @given(st.integers(2, 12), st.randoms(use_true_random=False))
    def holds(count, chance):
        rows = chain(events(count))
        anchors = list(rows)
        expected = tampering(rows, chance.randrange(1, count), chance)
        assert judged(rows, as_lines, "a.jsonl").found is None
        found = judged(rows, as_lines, "a.jsonl", anchors).found
        assert (found.kind, found.number) == expected

    holds()


def test_rows_of_a_dump_in_another_order_are_named():
    rows = chain(events(6))
    rows[1], rows[4] = rows[4], rows[1]
    assert judged(rows, as_lines, "a.jsonl").found[:2] == ("moved", 2)


def test_a_row_that_stands_twice_is_named():
    rows = chain(events(6))
    rows.insert(3, rows[2])
    assert judged(rows, as_lines, "a.jsonl").found[:2] == ("added", 3)


def test_a_key_that_stands_twice_in_the_facts_is_no_way_in():
    rows = chain(events(3))
    with tempfile.TemporaryDirectory() as folder:
        path = as_csv(Path(folder) / "a.csv", rows)
        text = path.read_text(encoding="utf-8").replace('{""on""', '{""on"": ""1999-01-01"", ""on""', 1)
        path.write_text(text, encoding="utf-8")
        assert verifier.verify(path, []).found[:2] == ("altered", 1)


def test_an_anchor_says_between_which_rows_the_chain_was_worked_out_anew():
    rows = chain(events(9))
    anchors = [rows[2], rows[6]]
    recompute(rows, 4, random.Random(1))
    found = judged(rows, as_lines, "a.jsonl", anchors).found
    assert (found.kind, found.number) == ("recomputed", 4) and "第 7 行" in found.zh and "row 7" in found.en


def test_it_runs_alone_and_says_by_its_exit_code_what_it_found(tmp_path):
    rows = chain(events(5))
    whole, anchors = as_sqlite(tmp_path / "a.sqlite3", rows), anchors_in(tmp_path / "anchors", rows)
    short = as_lines(tmp_path / "short.jsonl", rows[:3])

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-I", PROGRAM, *words], cwd=tmp_path, capture_output=True, encoding="utf-8"
        )
        return done.returncode, done.stdout + done.stderr

    assert run(whole, "--anchors", anchors)[0] == 0
    code, said = run(short)
    assert code == 0 and "没有给锚" in said
    code, said = run(short, "--anchors", anchors)
    assert code == 1 and "第 4 行 row 4: 缺 missing" in said
    assert run(tmp_path / "nowhere")[0] == 2
    assert run(whole, "--anchors", tmp_path)[0] == 2
    (tmp_path / "other.sqlite3").write_bytes(b"SQLite format 3\0, but not really")
    assert run(tmp_path / "other.sqlite3")[0] == 2


def test_it_shares_no_code_with_the_product():
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        )
    }
    assert imported and imported <= sys.stdlib_module_names
