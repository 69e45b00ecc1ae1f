"""A watch over what pages in a browser try to do, and the hostile pages to try it with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Route

HOSTILE = Path(__file__).parents[2] / "samples" / "hostile"
HOST = "http://127.0.0.1/"
"""Where :meth:`Watch.frames` shows pages; the watch itself answers there."""
OURS = ("file:", "about:", "data:", "blob:")

SHOW = """async (pages) => {
    const made = pages.map((markup) => {
        const frame = document.createElement("iframe");
        const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
        frame.width = 600;
        frame.height = 400;
        frame.srcdoc = markup;
        document.body.append(frame);
        return { frame, loaded };
    });
    const late = new Promise((done) => setTimeout(done, 3000));
    await Promise.race([late, Promise.all(made.map((one) => one.loaded))]);
    await new Promise((done) => setTimeout(done, 60));
    const ran = (view) => view.pwned || Array.from(view.frames).some(ran);
    const result = made.map(({ frame }) => {
        try {
            const view = frame.contentWindow;
            if (view.location.href !== "about:srcdoc") return `went to ${view.location.href}`;
            return ran(view) ? "ran a script" : "";
        } catch (error) {
            return `went away: ${error.message}`;
        }
    });
    made.forEach(({ frame }) => frame.remove());
    return result;
}"""


@dataclass
class Watch:
    """A page of the browser, and what went wrong on it."""

    page: Page
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Kind and address of everything that was requested."""
    said: list[str] = field(default_factory=list)
    """Errors on the console, breaches of the page's policy among them, and dialogs."""

    def frames(self, pages: list[str]) -> list[str]:
        """Show pages beside each other, and return for each whether it ran a script or went elsewhere, and which."""
        self.page.goto(HOST)
        return list(self.page.evaluate(SHOW, pages))

    def open(self, path: Path, fragment: str = "") -> Page:
        """Open a file."""
        self.page.goto(path.as_uri() + fragment)
        return self.page

    def answer(self, route: Route) -> None:
        """Let through what is ours; everything else is noted and gets an answer with nothing in it."""
        address, kind = route.request.url, route.request.resource_type
        if address.startswith(OURS):
            route.continue_()
        elif address == HOST:
            route.fulfill(body="<!DOCTYPE html><title>host</title><body>", content_type="text/html")
        else:
            self.asked.append((kind, address))
            # A picture that cannot be had is what most hostile pages hope for.
            route.fulfill(status=404 if kind == "image" else 200, body=b"", content_type="text/plain")

    def hear(self, message: ConsoleMessage) -> None:
        """Note an error on the console, but for those of requests: they are noted already."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.said.append(message.text)
