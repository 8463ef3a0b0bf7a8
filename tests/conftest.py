"""What every test may ask for. The database under test is in support/database.py."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browser import launched
from tests.support.database import ON_POSTGRES, put_under_test
from yingjin.basics import row_security

TESTS = Path(__file__).parent
# Cheapest first, so that a mistake shows early. Golden and integration share one database: pytest-django's
# order among them stays (tests that empty the tables come last).
ORDER = {"tidy": 0, "unit": 1, "spec": 2, "generative": 3, "golden": 4, "integration": 4, "e2e": 5}

# A deadline an example would measure the machine's other users.
settings.register_profile("yingjin", deadline=None, print_blob=True)
settings.load_profile("yingjin")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the kinds of tests in order."""
    items.sort(key=lambda item: ORDER.get(item.path.relative_to(TESTS).parts[0], len(ORDER)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Called by pytest-django before it makes its database (a plugin of ours could not replace its fixture)."""
    put_under_test(request)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Add to pytest-django's new database what `yingjin migrate` adds to the tables: row security."""
    with django_db_blocker.unblock():
        row_security.protect()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The throwaway cluster goes as a whole: dropping its database would meet the pool still giving up a connection."""
    return ON_POSTGRES


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser. One a module: while Playwright runs, Django refuses its database in this process."""
    with launched() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own: no cookie of another test."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page 1440 wide."""
    return context.new_page()
