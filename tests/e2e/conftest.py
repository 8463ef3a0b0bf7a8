"""A county made, run and served once for all journeys, in processes of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.desk import OFFICER, Desk, opened
from tests.e2e.pages import Pages, find_pages


@pytest.fixture(scope="session")
def desk(new_place) -> Desk:
    """The served county, on the database under test."""
    return opened(new_place())


@pytest.fixture(scope="session")
def pages(desk) -> Pages:
    """Every page of the console by name, as the county officer reaches it."""
    return find_pages(desk.visitor(OFFICER))


@pytest.fixture(scope="session")
def states(desk) -> dict[str, dict]:
    """The cookies of each user, signed in once."""
    return {username: desk.visitor(username).state() for username in desk.passwords}


@pytest.fixture
def window(browser: Browser, desk: Desk, states) -> Iterator[Callable[..., Page]]:
    """Open a browser window as a user, of a width, light or dark."""
    contexts = []

    def open_window(
        username: str = OFFICER, *, width: int = 1440, scheme: str = "light", height: int = 900
    ) -> Page:
        context = browser.new_context(
            base_url=desk.address,
            storage_state=states.get(username),
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
