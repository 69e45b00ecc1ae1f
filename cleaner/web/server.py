"""The service on its socket: started, stopped in order."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable
from types import FrameType

import uvicorn

from cleaner.web import logs
from cleaner.web.app import create_app
from cleaner.web.loopback import address_of, bound, is_loopback
from cleaner.web.protocol import guarded
from cleaner.web.settings import Settings

_IDLE = 5
"""Seconds that a connection is kept after an answer, for another request."""
_AFTER = 5
"""Seconds after the last request must be answered, for the answers to be taken."""


def serve(settings: Settings, host: str, port: int, warnings: Iterable[str] = ()) -> bool:
    """Serve until told to stop (SIGTERM, SIGINT); whether it was up at all.

    What was taken is answered first; a second signal ends it at once. warnings are for its log. Raises OSError where it
    cannot listen.
    """
    listening = bound(host, port)
    with listening:
        logs.set_up()
        for warning in warnings:
            logs.tell("warning", level=logging.WARNING, message=warning)
        app = create_app(settings, only_this_machine=is_loopback(listening))
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http=guarded(settings.seconds),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=max(1, min(_IDLE, int(settings.seconds))),
            timeout_graceful_shutdown=int(settings.seconds) + _AFTER,
        )
        server = _Server(config, listening, app.state.service.stop)
        try:
            server.run(sockets=[listening])
        except SystemExit:
            # uvicorn's way to say that the workers did not come up.
            return False
        logs.tell("stopped")
    return True


class _Server(uvicorn.Server):
    """uvicorn's, but that a stop is told to the service, and is no failure."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket, stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._stop = stop
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        logs.tell("listening", url=address_of(self._listening))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.force_exit = self.should_exit
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop)
            if self.force_exit:
                self._loop.call_soon_threadsafe(self._drop)

    def _drop(self) -> None:
        """End every connection: from Python 3.12 on, a server that closes waits for them."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
