"""Make the pictures of this folder from the samples, with Chromium.

    python docs/images/make.py [NAME ...]

A picture more is a row more in ``SHOTS``.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import cleaner
from cleaner.render.report import report

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "samples"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking")


@dataclass(frozen=True)
class Shot:
    """A picture: the HTML to show, how large, light or dark, and what is done to it first.

    Without markup it is of the review page.
    """

    markup: Callable[[], str] | None
    width: int = 1280
    height: int = 800
    theme: str = "light"
    scale: float = 1
    act: Callable[[Page], None] | None = None


def one(name: str) -> Callable[[], str]:
    """The report of a sample."""
    return lambda: report([_document(name)])


def every() -> str:
    """The report of all samples."""
    return report([_document(folder.parent.name) for folder in sorted(SAMPLES.glob("*/page.html"))])


def _document(name: str) -> tuple[str, cleaner.Document]:
    return f"{name}/page.html", cleaner.clean((SAMPLES / name / "page.html").read_bytes())


def _letter(page: Page) -> None:
    """The ask in the middle of the story, unfolded, with the reason of its letter."""
    group = page.locator(".cruft.l-newsletter").first
    group.locator("summary").click()
    block = group.locator(".b").nth(1)
    block.locator(".t").click()
    group.evaluate("group => scrollTo(0, group.getBoundingClientRect().top + scrollY - 270)")


@contextmanager
def shown(shot: Shot, path: Path) -> Iterator[str]:
    """Where a browser finds what a picture is of."""
    if shot.markup is not None:
        path.write_text(shot.markup(), "utf-8")
        yield path.as_uri()
        return
    pages = [str(SAMPLES / name / "page.html") for name in REVIEWED]
    command = [sys.executable, "-m", "cleaner", "review", *pages, "--no-browser", "-o", str(path.with_suffix(".jsonl"))]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    found = re.search(r"http://\S+", running.stderr.readline())
    assert found is not None
    yield found[0]
    running.terminate()
    running.communicate()


def _correct(page: Page) -> None:
    """A block with another label, and the group before it selected."""
    page.wait_for_selector("#reading:has-text('done')")
    page.locator("#page-list a", has_text="Library board").click()
    page.locator("#title", has_text="Library board").wait_for()
    letters = page.locator("#blocks [data-label=newsletter]")
    page.locator("#blocks [data-label=related]").first.click()
    page.keyboard.press("a")
    page.wait_for_selector("#blocks .corrected")
    letters.first.click()
    for _ in range(letters.count() - 1):
        page.keyboard.press("Shift+ArrowDown")


REVIEWED = "wordpress-local-news ghost-members de-tageszeitung fr-quotidien es-diario substack-post pl-portal".split()
SHOTS = {
    "report": Shot(one("wordpress-local-news")),
    "report-reason": Shot(one("wordpress-local-news"), height=640, theme="dark", act=_letter),
    "report-list": Shot(every, height=640),
    "review": Shot(None, width=1360, act=_correct),
    "report-phone": Shot(one("wordpress-local-news"), width=390, height=760, act=_letter),
}


def main(names: list[str]) -> None:
    """Make the named pictures, or all."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for name in names or SHOTS:
            shot = SHOTS[name]
            viewport = {"width": shot.width, "height": shot.height}
            page = browser.new_page(viewport=viewport, color_scheme=shot.theme, device_scale_factor=shot.scale)
            with shown(shot, Path(folder) / f"{name}.html") as address:
                page.goto(address)
                if shot.act:
                    shot.act(page)
                page.mouse.move(1, 1)
                page.screenshot(path=HERE / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
