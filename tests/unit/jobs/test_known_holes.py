"""`make audit` says a package is well only when it was asked about."""

import json

from tests.support.known_holes import HOLES, NOT_ASKED, WELL, judged

GOOD = {"name": "django", "version": "5.2.19", "vulns": []}
HOLE = {
    "name": "left", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "description": ""}],
}  # fmt: skip
SKIPPED = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


def said(*packages):
    lines, code = judged(json.dumps({"dependencies": packages, "fixes": []}), "")
    return "\n".join(lines), code


def test_all_asked_about_and_no_hole_is_well():
    words, code = said(GOOD)
    assert code == WELL and "1 of 1" in words


def test_a_hole_is_named_with_the_version_that_mends_it():
    words, code = said(GOOD, HOLE, SKIPPED)
    assert code == HOLES and "left 1.0: PYSEC-1, mended in 1.1" in words


def test_a_package_nobody_knows_is_not_well():
    words, code = said(GOOD, SKIPPED)
    assert code == NOT_ASKED and "1 of 2" in words and "ours" in words
    assert said()[1] == NOT_ASKED


def test_being_offline_fails_plainly():
    lines, code = judged("", "Traceback …\nConnectionError: Failed to resolve\n")
    assert code == NOT_ASKED and "Nothing was checked" in lines[0] and "Failed to resolve" in lines[0]
