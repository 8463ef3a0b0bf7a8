"""A skipped test proves nothing: this pytest plugin makes every skip and every expected failure a failure."""

from collections.abc import Generator

import pytest

REASON = "This test did not run to its end ({what}). Make it run, or take it out: nothing is skipped here."


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    what = getattr(report, "wasxfail", None)
    if what is not None:
        del report.wasxfail
        what = f"expected to fail: {what}"
    elif report.outcome == "skipped":
        what = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    else:
        return
    report.outcome = "failed"
    report.longrepr = REASON.format(what=what)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report)
    return report
