"""A browser for the tests, and a watch over what the pages in it try to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from watching import Watch

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file: Debian's Chromium where it is installed, else Playwright's own.

    Not longer: as long as it is there, an event loop runs in the thread, and others' tests can start none.
    """
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own: no storage, no cache."""
    made = browser.new_context()
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def watch(context: BrowserContext) -> Watch:
    """A page under watch."""
    watch = Watch(context.new_page())
    context.route("**/*", watch.answer)
    watch.page.on("console", watch.hear)
    watch.page.on("pageerror", lambda error: watch.said.append(str(error)))
    watch.page.on("dialog", lambda dialog: (watch.said.append(dialog.message), dialog.dismiss()))
    watch.page.on("popup", lambda popup: watch.said.append(f"opened {popup.url}"))
    return watch
