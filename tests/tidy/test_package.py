"""The package carries all it runs on: rulebooks, places, pages, scripts of others."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.tree import ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def carried(wheel):
    return {Path(name) for name in zipfile.ZipFile(wheel).namelist()}


def test_the_package_carries_every_file_of_the_product(wheel):
    rulebooks = {Path("yingjin") / path for path in files() if path.parts[0] == "rulebooks"}
    assert rulebooks
    wanted = rulebooks | {path for path in files() if path.parts[0] == "yingjin"}
    missing = wanted - carried(wheel)
    assert not missing, sorted(map(str, missing))


def test_the_package_carries_no_test_and_no_measurement(wheel):
    assert not [path for path in carried(wheel) if path.parts[0] in {"tests", "bench", "scripts"}]


def test_an_installed_copy_finds_its_rulebooks_and_commands(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "from yingjin.policy.rulebooks import load; from yingjin.jobs.cli import main; load('hezhang'); main(['--help'])"
    words = [sys.executable, "-c", code]
    done = subprocess.run(
        words, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "run-county" in done.stdout
