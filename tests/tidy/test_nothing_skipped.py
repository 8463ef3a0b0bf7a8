"""The suite's own promise: a test that did not run to its end fails the run."""

import subprocess
import sys

import pytest

from tests.support.tree import ROOT

CASES = {
    "a skip inside a test": "def test_it():\n    pytest.skip('later')",
    "a skip by a mark": "@pytest.mark.skip\ndef test_it():\n    assert True",
    "a skipped module": "pytest.skip('later', allow_module_level=True)",
    "a missing import": "pytest.importorskip('no_such_module')",
    "an expected failure": "@pytest.mark.xfail\ndef test_it():\n    assert False",
    "an expected failure that passes": "@pytest.mark.xfail\ndef test_it():\n    assert True",
}


def run(folder, code):
    (folder / "test_sample.py").write_text(f"import pytest\n\n{code}\n")
    words = [
        "-p",
        "tests.support.nothing_skipped",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "test_sample.py",
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_run_fails(case, tmp_path):
    done = run(tmp_path, CASES[case])
    assert done.returncode != 0, done.stdout
    assert "nothing is skipped here" in done.stdout


def test_what_runs_and_holds_passes(tmp_path):
    done = run(tmp_path, "def test_it():\n    assert True")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
