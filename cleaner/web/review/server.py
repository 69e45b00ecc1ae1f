"""The review page on its socket, on this machine alone."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable, Iterable
from threading import Thread

import uvicorn

from cleaner import Cleaner
from cleaner.user.corrections import Corrections
from cleaner.web.loopback import address_of, bound
from cleaner.web.review.app import create_app
from cleaner.web.review.book import Book
from cleaner.web.review.pile import Named, Pile
from cleaner.web.review.token import new_token

_HOST = "127.0.0.1"
Tell = Callable[[str, str], None]


def review(
    cleaner: Cleaner,
    corrections: Corrections,
    pages: Iterable[Named],
    *,
    tell: Tell,
    complain: Tell,
    port: int = 0,
    show: bool = False,
) -> tuple[int, int]:
    """Serve until told to stop (SIGTERM, SIGINT); return how many corrections there are, and of how many pages.

    tell takes what is to be said, such as the address; complain, what cannot be read; show: open a browser there.
    Raises OSError where it cannot listen.
    """
    book = Book(corrections)
    pile = Pile(cleaner, book.standing, complain)
    token = new_token()
    with bound(_HOST, port) as listening:
        address = f"{address_of(listening)}/{token}/"
        pile.start(pages)
        try:
            app = create_app(pile, book, str(corrections.path), cleaner.keep, token)
            _run(app, listening, lambda: _say(address, tell, show))
        finally:
            pile.stop()
    return book.counts()


def _say(address: str, tell: Tell, show: bool) -> None:
    tell("review", address)
    if show:
        # Some browsers hold the call until they are closed.
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _run(app: object, listening: socket.socket, ready: Callable[[], None]) -> None:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, ready)
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn's, but that it says when it is up, and that a stop is no failure."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002
        self.force_exit = self.should_exit
        self.should_exit = True
