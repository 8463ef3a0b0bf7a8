"""Set-up says what is missing and stops, where it may not install it."""

import os
import shutil
import subprocess

import pytest

from tests.support.tree import ROOT

NEEDED = (
    "bash",
    "cat",
    "cut",
    "dirname",
    "env",
    "id",
    "mktemp",
    "rm",
    "sha256sum",
    "fc-list",
    "flock",
    "uname",
)
NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


@pytest.fixture
def checkout(tmp_path_factory):
    """A copy of what set-up reads, in a folder that any user may enter."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "pyproject.toml", copy)
    tools = copy / "tools"
    tools.mkdir()
    for name in NEEDED:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    for path in [*copy.parents[:2], copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755)  # the settings under test close what is made here to others
    return copy


def prepare(checkout, what, **more):
    return subprocess.run(
        [shutil.which("bash"), str(checkout / "scripts" / "prepare.sh"), what],
        env={"PATH": str(checkout / "tools"), "TMPDIR": "/tmp", **more},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        **NOBODY,
    )


def fake_python(checkout, version):
    """Write a Python that is of this version when asked, and cannot do anything else."""
    python = checkout / "tools" / "python3"
    code = 0 if version >= (3, 11) else 1
    python.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo Python {".".join(map(str, version))}\nexit {code}\n'
    )
    python.chmod(0o755)
    return python


def test_an_old_python_is_refused_by_its_version(checkout):
    old = fake_python(checkout, (3, 9))
    done = prepare(checkout, "base", PYTHON=str(old))
    assert done.returncode == 1
    assert "Python 3.11 or later is needed; found only: Python 3.9" in done.stderr
    assert not (checkout / ".venv").exists()


def test_what_tests_need_is_named_where_it_may_not_be_installed(checkout):
    done = prepare(checkout, "browser", YINGJIN_CHROMIUM="/nowhere/chromium")
    assert done.returncode == 1
    assert "Missing: chromium." in done.stderr
    assert "then run make again" in done.stderr


def test_what_is_there_is_not_asked_for_again(checkout):
    (checkout / "tools" / "chromium").symlink_to(shutil.which("true"))
    done = prepare(checkout, "browser", YINGJIN_CHROMIUM="/nowhere/chromium")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_an_unknown_word_is_answered_with_the_known_ones(checkout):
    done = prepare(checkout, "everything")
    assert done.returncode == 1
    assert "base|dev|browser" in done.stderr
