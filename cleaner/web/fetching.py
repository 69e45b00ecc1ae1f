"""Pages from their address, beside the event loop: slow sites must not hold up the workers."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from cleaner.load.page import Page
from cleaner.load.url import Fetcher
from cleaner.web.frames import Frame
from cleaner.web.refusal import Refusal, busy
from cleaner.web.settings import Settings
from cleaner.web.wanted import usable

_THREADS = 16
NOT_PUBLIC = "The page was not fetched: its address is not a public one, or leads to one that is not."


class Fetching:
    """Fetches pages, some at a time; what may be fetched is the gate's to say (:mod:`cleaner.load.gate`)."""

    def __init__(self, settings: Settings) -> None:
        self._most = _THREADS + settings.queue
        self._begun = 0
        self._threads = ThreadPoolExecutor(_THREADS, "fetch")
        self._fetcher = Fetcher(
            allow_private=settings.allow_private, timeout=settings.seconds, max_bytes=settings.max_bytes, retries=1
        )

    async def page(self, address: str) -> Page:
        """The page at an address. Raises Refusal."""
        if self._begun >= self._most:
            raise busy("Too many pages are being fetched: try again later.")
        self._begun += 1
        try:
            loop = asyncio.get_running_loop()
            return usable(await loop.run_in_executor(self._threads, self._fetcher.fetch, address))
        except PermissionError as error:
            # Not its words: they tell where names lead in the network of the service.
            raise Refusal(422, NOT_PUBLIC) from error
        except TimeoutError as error:
            raise Refusal(504, f"Nothing came from its address: {error}.") from error
        except OSError as error:
            raise Refusal(422, f"Nothing came from its address: {error}.") from error
        finally:
            self._begun -= 1

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._fetcher.close()


def as_request(page: Page, head: dict[str, object]) -> Frame:
    """A page that was fetched as a request to a worker."""
    told = {name: value for name, value in asdict(page).items() if name not in ("content", "error")}
    content = page.content if isinstance(page.content, bytes) else page.content.encode()
    return Frame(head | {"page": told}, content)
