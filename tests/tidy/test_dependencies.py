"""Every dependency says what it is for, and is locked with its hashes."""

import re

import pytest

from tests.support.tree import ROOT

LOCKS = ROOT / "requirements"


def wanted(name: str) -> dict[str, str]:
    """Return the lines of a .in file by normalised package name."""
    lines = [line for line in (LOCKS / f"{name}.in").read_text().splitlines() if line and line[0] not in "#-"]
    return {normalised(re.split(r"[\[<>=~! ]", line)[0]): line for line in lines}


def locked(name: str) -> dict[str, str]:
    """Return the version of each package in a lock."""
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", (LOCKS / f"{name}.txt").read_text(), re.MULTILINE)
    return {normalised(package): version for package, version in pins}


def normalised(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_dependency_says_what_it_is_for(name):
    bad = [line for line in wanted(name).values() if not re.search(r"# .+\(.+\)$|# .+", line)]
    assert wanted(name)
    assert not bad, bad


@pytest.mark.parametrize("name", ["base", "dev"])
def test_the_lock_is_in_step_with_what_is_wanted(name):
    missing = wanted(name).keys() - locked(name).keys()
    assert not missing, f"Run `make lock`: {missing}"


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_locked_package_has_its_hashes(name):
    entries = re.split(r"\n(?=[\w])", (LOCKS / f"{name}.txt").read_text().strip())
    bad = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert not bad, bad


def test_tests_run_on_the_versions_the_product_runs_on():
    base, dev = locked("base"), locked("dev")
    different = {
        package: (version, dev.get(package))
        for package, version in base.items()
        if dev.get(package) != version
    }
    assert not different, different
