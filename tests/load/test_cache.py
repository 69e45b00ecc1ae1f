"""Pages kept from one run to the next."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from local_site import BUSY, HTML, PAGE, Site, broken, dropped, endless, fetcher, reply, run

from cleaner import install


def test_the_second_run_asks_nothing(site: Site, tmp_path: Path) -> None:
    site.put("/robots.txt", b"User-agent: *\nCrawl-delay: 9", "text/plain")
    address = site.put("/ferry?b=1&a=%C3%A9", HTML, "text/html; charset=ISO-8859-2")
    with fetcher(cache=tmp_path, robots=True) as reader:
        first = reader.fetch(address)
        again = reader.fetch(address)
    with fetcher(cache=tmp_path, robots=True) as reader:
        second = reader.fetch(address)
    assert first == again == second
    assert (first.content, first.url, first.charset) == (HTML, address, "iso-8859-2")
    assert len(site.seen) == 2


@pytest.mark.parametrize(
    "control", [{"Cache_Control": "no-cache"}, {"Cache_Control": "max-age=0, private"}, {"Expires": "0"}]
)
@pytest.mark.parametrize("mark", [{"ETag": '"1"'}, {"Last_Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}])
def test_the_second_run_asks_whether_the_page_has_changed(
    site: Site, tmp_path: Path, control: dict[str, str], mark: dict[str, str]
) -> None:
    headers = control | mark
    same = reply(b"", None, 304, **headers)
    address = site.turns("/ferry", reply(HTML, **headers), same, same, reply(b"<p>New", **headers))
    first, *kept, new = (fetch_cached(address, tmp_path) for _ in range(4))
    assert first.content == kept[0].content == kept[1].content == HTML
    assert new.content == b"<p>New"
    for _, sent in site.seen[1:]:
        assert sent.get("If-None-Match") == mark.get("ETag")
        assert sent.get("If-Modified-Since") == mark.get("Last_Modified")


def fetch_cached(address: str, cache: Path, **options: Any) -> Any:
    with fetcher(cache=cache, **options) as reader:
        return reader.fetch(address)


@pytest.mark.parametrize(
    ("headers", "requests"),
    [
        ({}, 1),
        ({"ETag": '"1"'}, 1),
        ({"Cache_Control": "max-age=60, must-revalidate"}, 1),
        ({"Cache_Control": "public, max-age=99999999999999999999999"}, 1),
        ({"Expires": formatdate(time.time() + 600, usegmt=True)}, 1),
        ({"Expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, 1),
        ({"Cache_Control": "max-age=60", "Expires": "0"}, 1),
        ({"Vary": "Accept-Encoding, User-Agent"}, 1),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 2),
        ({"Expires": "never"}, 2),
        ({"Expires": "-1"}, 2),
        ({"Cache_Control": "max-age=-1"}, 2),
        ({"Cache_Control": "max-age=soon"}, 2),
        ({"Cache_Control": "no-store"}, 2),
        ({"Cache_Control": "No-Cache"}, 2),
        ({"Cache_Control": "max-age=0, immutable"}, 2),
        ({"Vary": "*"}, 2),
    ],
)
def test_how_long_a_page_is_fresh(site: Site, tmp_path: Path, headers: dict[str, str], requests: int) -> None:
    address = site.put("/ferry", HTML, **headers)
    assert [fetch_cached(address, tmp_path).content for _ in range(2)] == [HTML, HTML]
    assert site.asked("/ferry") == requests


def test_a_page_that_says_no_store_is_not_stored(site: Site, tmp_path: Path) -> None:
    fetch_cached(site.put("/ferry", HTML, Cache_Control="no-store"), tmp_path)
    assert stored(tmp_path / "pages.sqlite") == []


def test_only_pages_are_stored(site: Site, tmp_path: Path) -> None:
    for status in (404, 410, 500):
        fetch_cached(site.put("/ferry", HTML, status=status, Cache_Control="max-age=60"), tmp_path, retries=0)
    fetch_cached(site.put("/ferry", HTML, "application/pdf"), tmp_path)
    fetch_cached(site.put("/start", b"", status=301, Location="/ferry", Cache_Control="max-age=60"), tmp_path)
    fetch_cached(site.put("/ferry", HTML).replace("://", "://reader:harbour@"), tmp_path)
    assert stored(tmp_path / "pages.sqlite") == []
    assert fetch_cached(site.put("/ferry", HTML), tmp_path).content == HTML


def stored(file: Path) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM responses")]


def test_pages_are_stored_as_json(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "new" / "harbour.db"
    fetch_cached(site.put("/ferry", HTML), file)
    (value,) = stored(file)
    assert isinstance(value, str)
    assert base64.b64decode(json.loads(value)["_content"]) == HTML
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM redirects").fetchone() == (0,)


def test_each_address_has_its_own_page(site: Site, tmp_path: Path) -> None:
    for path in ("/ferry", "/ferry?q=", "/ferry?a=1&b=2", "/ferry?b=2&a=1", "/ferry?api_key=1", "/ferry?api_key=2"):
        page = fetch_cached(site.put(path, b"<p>" + path.encode()), tmp_path)
        again = fetch_cached(site.address + path, tmp_path)
        assert page.content == again.content == b"<p>" + path.encode()
        assert page.url == again.url == site.address + path
        assert site.asked(path) == 1


def test_redirects_to_cached_pages(site: Site, tmp_path: Path) -> None:
    start = site.put("/start", b"", status=302, Location="/ferry")
    end = site.put("/ferry", HTML)
    for _ in range(2):
        page = fetch_cached(start, tmp_path)
        assert (page.content, page.url, page.name) == (HTML, end, start)
    assert (site.asked("/start"), site.asked("/ferry")) == (2, 1)


def test_an_empty_page(site: Site, tmp_path: Path) -> None:
    address = site.put("/ferry", b"")
    assert [str(fetch_cached(address, tmp_path).error) for _ in range(2)] == ["is empty"] * 2


def test_tries_with_a_cache(site: Site, tmp_path: Path) -> None:
    address = site.turns("/ferry", BUSY, broken, PAGE)
    assert fetch_cached(address, tmp_path).content == HTML
    assert fetch_cached(address, tmp_path).content == HTML
    assert site.asked("/ferry") == 3


def test_a_cached_page_that_the_site_no_longer_gives(site: Site, tmp_path: Path) -> None:
    kept = {"Cache_Control": "max-age=0", "ETag": '"1"'}
    address = site.turns("/ferry", reply(HTML, **kept), reply(b"", status=404), dropped, dropped, reply(b"", None, 304))
    assert fetch_cached(address, tmp_path).content == HTML
    assert str(fetch_cached(address, tmp_path).error) == "the server answered 404 Not Found"
    with pytest.raises(OSError, match="cannot be fetched"):
        fetch_cached(address, tmp_path, retries=1)
    assert fetch_cached(address, tmp_path).content == HTML


def test_the_size_limit_with_a_cache(site: Site, tmp_path: Path) -> None:
    site.answers["/endless"] = endless
    page = fetch_cached(site.address + "/endless", tmp_path)
    assert str(page.error) == "is larger than 1,000,000 bytes"
    address = site.put("/ferry", gzip.compress(HTML * 100_000), Content_Encoding="gzip")
    assert str(fetch_cached(address, tmp_path).error) == "is larger than 1,000,000 bytes"
    assert stored(tmp_path / "pages.sqlite") == []
    assert fetch_cached(address, tmp_path, max_bytes=10_000_000).content == HTML * 100_000
    assert str(fetch_cached(address, tmp_path).error) == "is larger than 1,000,000 bytes"
    assert fetch_cached(address, tmp_path, max_bytes=10_000_000).content == HTML * 100_000
    assert site.asked("/ferry") == 2


def test_the_time_limit_with_a_cache(site: Site, tmp_path: Path) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.05)

    site.answers["/drip"] = drip
    with pytest.raises(TimeoutError):
        fetch_cached(site.address + "/drip", tmp_path, timeout=0.3)
    assert stored(tmp_path / "pages.sqlite") == []


def test_cached_pages_of_private_addresses(site: Site, tmp_path: Path) -> None:
    address = site.put("/ferry", HTML)
    fetch_cached(address, tmp_path)
    with pytest.raises(PermissionError, match="not a public address"):
        fetch_cached(address, tmp_path, allow_private=False)


def test_a_cache_with_threads(site: Site, tmp_path: Path) -> None:
    addresses = [site.put(f"/ferry{number}", HTML) for number in range(20)]
    with fetcher(cache=tmp_path) as reader, ThreadPoolExecutor(8) as pool:
        assert [page.content for page in pool.map(reader.fetch, addresses * 2)] == [HTML] * 40
    assert len(stored(tmp_path / "pages.sqlite")) == 20


@pytest.mark.parametrize("content", [b"The harbour's diary. " * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_cache_that_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "diary.txt"
    file.write_bytes(content)
    with pytest.raises(OSError, match=r"^the cache .*diary\.txt cannot be used: "):
        fetcher(cache=file)
    assert file.read_bytes() == content
    with pytest.raises(OSError, match=r"^the cache .*pages\.sqlite cannot be used: "):
        fetcher(cache=file / "folder")


def test_a_cache_of_another_program(tmp_path: Path) -> None:
    file = tmp_path / "harbour.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE ferries (name)")
    before = file.read_bytes()
    with pytest.raises(OSError, match="cannot be used: it is another program's database"):
        fetcher(cache=file)
    assert file.read_bytes() == before


def test_a_cache_that_another_program_holds(site: Site, tmp_path: Path) -> None:
    address = site.put("/ferry", HTML)
    with fetcher(cache=tmp_path, timeout=0.3) as reader, closing(sqlite3.connect(tmp_path / "pages.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match=r"the cache .* cannot be used: database is locked"):
            reader.fetch(address)
        other.rollback()
        assert reader.fetch(address).content == HTML


def test_a_damaged_cache(site: Site, tmp_path: Path) -> None:
    addresses = [site.put(f"/ferry{number}", HTML * 200) for number in range(20)]
    with fetcher(cache=tmp_path) as reader:
        for address in addresses:
            reader.fetch(address)
    file = tmp_path / "pages.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:12_288] + b"\xff" * (len(whole) - 12_288))
    new = site.put("/new", HTML)

    def read_all() -> None:
        with fetcher(cache=tmp_path) as reader:
            for address in [*addresses, new]:
                reader.fetch(address)

    for _ in range(2):
        with pytest.raises(OSError, match=r"the cache .* cannot be used"):
            read_all()


def put_in_cache(site: Site, folder: Path, value: str | bytes) -> str:
    address = site.put("/ferry", HTML)
    fetch_cached(address, folder)
    with closing(sqlite3.connect(folder / "pages.sqlite")) as connection:
        connection.execute("UPDATE responses SET value = ?", (value,))
        connection.commit()
    return address


@pytest.mark.parametrize("value", ["{", "", b"\x80\x04N."])
def test_a_damaged_page_in_the_cache_is_fetched_again(site: Site, tmp_path: Path, value: str | bytes) -> None:
    address = put_in_cache(site, tmp_path, value)
    assert fetch_cached(address, tmp_path).content == HTML
    assert site.asked("/ferry") == 2


@pytest.mark.parametrize("value", ['{"_content": "a"}', '{"status_code": "x"}'])
def test_what_is_no_page_in_the_cache(site: Site, tmp_path: Path, value: str) -> None:
    address = put_in_cache(site, tmp_path, value)
    with pytest.raises(OSError, match=r"the cache .* cannot be used"):
        fetch_cached(address, tmp_path)


def test_the_cache_without_its_package(tmp_path: Path) -> None:
    said = run(
        "import sys; sys.modules['requests_cache'] = None\n"
        "from cleaner.load.url import Fetcher\n"
        "Fetcher(max_bytes=1).close()\n"
        f"try: Fetcher(max_bytes=1, cache={str(tmp_path)!r})\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    assert said == f"the cache needs requests-cache: {install.command('cache')}"
