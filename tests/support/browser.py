"""Debian's Chromium, driven by Playwright; no browser of Playwright's own is ever downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # it would look up hosts that a closed network has not
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # the same widths on every machine
]


def chromium() -> str:
    """Return the path of Chromium: YINGJIN_CHROMIUM, or Debian's."""
    found = os.environ.get("YINGJIN_CHROMIUM") or shutil.which(
        "chromium", path=f"/usr/bin:{os.environ['PATH']}"
    )
    if not found:
        raise FileNotFoundError("Chromium is not on this machine. `make test` says what to install.")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a browser for as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()
